#include "engine/gate/sentences.hpp"

#include <gmock/gmock.h>

namespace hayate::gate {
namespace {

using testing::ElementsAre;

/// The text as it would be cut while it grows; the last part is what is not whole.
std::vector<std::string> cut(std::string_view text, size_t bytes_max = 1000) {
    std::vector<std::string> parts;
    while (const auto end = sentence_end(text, bytes_max)) {
        parts.emplace_back(text.substr(0, *end));
        text.remove_prefix(*end);
        if (text.empty()) break;
    }
    parts.emplace_back(text);
    return parts;
}

TEST(Sentences, EndWhenTheNextOneBegins) {
    EXPECT_THAT(cut("Yes. We do! Really?"), ElementsAre("Yes. ", "We do! ", "Really?"));
    EXPECT_THAT(cut("はい。できます！本当に？"), ElementsAre("はい。", "できます！", "本当に？"));
    EXPECT_THAT(cut("「はい。」と言う"), ElementsAre("「はい。」", "と言う"));
    EXPECT_THAT(cut("One\n\nTwo"), ElementsAre("One\n\n", "Two"));
}

TEST(Sentences, DoNotEndAtNumbersAndShortForms) {
    EXPECT_THAT(cut("It costs 1.5 yen"), ElementsAre("It costs 1.5 yen"));
    EXPECT_THAT(cut("Vol. 3 by D. Luffy vs. No. 8 x"),
                ElementsAre("Vol. 3 by D. Luffy vs. No. 8 x"));
    EXPECT_THAT(cut("1. Naruto and more"), ElementsAre("1. Naruto and more"));
    EXPECT_THAT(cut("released in 2003. Good"), ElementsAre("released in 2003. ", "Good"));
    EXPECT_THAT(cut("Haikyu!! is longer. Yes"), ElementsAre("Haikyu!! is longer. ", "Yes"));
}

TEST(Sentences, AreBoundedAndCutNoCharacter) {
    const std::string kana = "あいうえおかきくけこ";
    EXPECT_THAT(cut(kana, 10), ElementsAre("あいう", "えおか", "きくけ", "こ"));
    EXPECT_EQ(sentence_end(std::string(50, ' '), 10), 10U);
    EXPECT_EQ(sentence_end("", 10), std::nullopt);
}

}  // namespace
}  // namespace hayate::gate
