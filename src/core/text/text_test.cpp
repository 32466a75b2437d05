#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/json_text.hpp"
#include "core/text/cut.hpp"
#include "core/text/language.hpp"
#include "core/text/normalise.hpp"
#include "core/text/tokens.hpp"
#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string random_bytes(std::mt19937& random, size_t size) {
    // Pieces that are easy to break: multi-byte characters, marks, joiners, and raw bytes.
    static const std::vector<std::string> pieces = {
        "a",       "Z",    " ",    "\n",     "é",
        "e\u0301", "鬼",   "ガ",   "ｶﾞ",     "ー",
        "。",      ". ",   "1",    "\u200d", "👩‍👩‍👧",
        "\xff",    "\xe3", "\x80", "ﷺ",      "İ",
        "ß",       "'s"};
    std::string out;
    while (out.size() < size) out += pieces[random() % pieces.size()];
    return out;
}

TEST(Normalise, JoinsWhatLooksTheSame) {
    EXPECT_EQ(normalise("  ＯＮＥ　ＰＩＥＣＥ\t\n１巻 "), "one piece 1巻");
    EXPECT_EQ(normalise("ｱﾆﾒ ｶﾞ"), "アニメ ガ");
    EXPECT_EQ(normalise("Straße É ﬁ"), "strasse é fi");
    EXPECT_EQ(normalise("a\u200bb\u00adc"), "abc");
    EXPECT_EQ(normalise(""), "");
    EXPECT_EQ(normalise(" \u3000 "), "");
    EXPECT_EQ(normalise("A\xff"), "a\uFFFD");
}

TEST(Normalise, ReadsAsciiAsIcuDoes) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (int i = 0; i < round % 80; ++i) text += static_cast<char>(random() % 128);
        // A letter beyond ASCII takes the other way.
        const std::string with_accent = normalise(text + " é");
        const std::string without = normalise(text);
        EXPECT_EQ(without.empty() ? "é" : without + " é", with_accent);
    }
}

TEST(Normalise, TwiceIsOnceAndTheResultIsValidForAnyBytes) {
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
        const std::string once = normalise(random_bytes(random, 40));
        EXPECT_TRUE(base::is_valid_utf8(once));
        EXPECT_EQ(normalise(once), once);
    }
}

TEST(Language, IsToldByTheSentenceNotByTheTitleInIt) {
    EXPECT_EQ(language_of("Is 鬼滅の刃 in stock in English?"), Language::kEnglish);
    EXPECT_EQ(language_of("SPY×FAMILYの最新刊はいつですか"), Language::kJapanese);
    EXPECT_EQ(language_of("進撃の巨人"), Language::kJapanese);
    EXPECT_EQ(language_of("where is my order"), Language::kEnglish);
    EXPECT_EQ(language_of("ワンピースはいつ出ますか release date please"), Language::kMixed);
    EXPECT_EQ(language_of("привет мир"), Language::kOther);
    EXPECT_EQ(language_of("12345 !?"), Language::kOther);
    EXPECT_EQ(language_of(""), Language::kOther);
    EXPECT_EQ(reply_language("ワンピースはいつ出ますか release date please"), "ja");
    EXPECT_EQ(reply_language("???"), "en");
}

TEST(Tokens, WordsAreFoldedAndJapaneseIsPaired) {
    EXPECT_THAT(search_tokens("Special Editions of Pokémon, don't!"),
                ElementsAre("special", "edition", "of", "pokemon", "dont"));
    EXPECT_THAT(search_tokens("鬼滅の刃 第3巻"),
                ElementsAre("鬼滅", "滅の", "の刃", "第", "3", "巻"));
    EXPECT_THAT(search_tokens("ワンピース"), ElementsAre("わん", "んぴ", "ぴー", "ーす"));
    EXPECT_THAT(search_tokens("ﾜﾝﾋﾟｰｽ"), search_tokens("わんぴーす"));
    EXPECT_THAT(search_tokens("SPY×FAMILY vol.12"), ElementsAre("spy", "family", "vol", "12"));
    EXPECT_THAT(search_tokens("7SEEDS"), ElementsAre("7", "seed"));
    EXPECT_THAT(search_tokens("Shōnen"), ElementsAre("shonen"));
    EXPECT_THAT(search_tokens("😀 !? —"), IsEmpty());
}

TEST(Tokens, OfATokenAreThatToken) {
    std::mt19937 random(2);
    for (int i = 0; i < 2000; ++i) {
        for (const std::string& token : search_tokens(random_bytes(random, 40))) {
            EXPECT_THAT(search_tokens(token), ElementsAre(token));
        }
    }
}

TEST(Utf8, PrefixNeverCutsACharacter) {
    EXPECT_EQ(utf8_prefix("鬼滅", 5), "鬼");
    EXPECT_EQ(utf8_prefix("鬼滅", 2), "");
    EXPECT_EQ(utf8_prefix("鬼滅", 6), "鬼滅");
    EXPECT_EQ(to_valid_utf8("a\xe3\x80z"), "a\uFFFDz");
}

TEST(Cut, KeepsGraphemesWhole) {
    const std::string family = "👩‍👩‍👧";
    EXPECT_EQ(cut_graphemes("ab" + family + "c", 2 + family.size()), "ab" + family);
    EXPECT_EQ(cut_graphemes("ab" + family + "c", 1 + family.size()), "ab");
    EXPECT_EQ(cut_graphemes("e\u0301x", 2), "");
    EXPECT_EQ(cut_graphemes("abc", 10), "abc");
    EXPECT_EQ(cut_graphemes("\r\n", 1), "");
}

TEST(Cut, EndsAtASentenceWhereOneFits) {
    EXPECT_EQ(cut_sentences("One is here. Two is longer. Three", 20), "One is here.");
    EXPECT_EQ(cut_sentences("送料は無料です。翌日に届きます。以上", 40), "送料は無料です。");
    EXPECT_EQ(cut_sentences("no end in this one", 9), "no end in");
    EXPECT_EQ(cut_sentences("short", 9), "short");
}

TEST(Cut, IsAPrefixWithinTheLimitForAnyBytes) {
    std::mt19937 random(3);
    for (int i = 0; i < 2000; ++i) {
        const std::string text = random_bytes(random, 60);
        const size_t limit = random() % 70;
        for (const auto cut : {cut_graphemes(text, limit), cut_sentences(text, limit)}) {
            EXPECT_LE(cut.size(), limit);
            EXPECT_TRUE(text.starts_with(cut));
        }
        const std::string valid = to_valid_utf8(text);
        EXPECT_TRUE(base::is_valid_utf8(cut_graphemes(valid, limit)));
    }
}

}  // namespace
}  // namespace hayate::text
