#include "engine/gate/comparison.hpp"

#include <gmock/gmock.h>

#include "engine/gate/examiner.hpp"
#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

constexpr std::string_view kBoth =
    "[Product: One Piece]\n"
    "By Eiichiro Oda. shonen, adventure. 110 volumes, ongoing, since 1997.\n"
    "- One Piece, Vol. 1 (English Edition): 1500 yen, 18 in stock, released 2003-10-21\n"
    "- One Piece, Vol. 2: 528 yen, 14 in stock, released 1997-12-24\n\n"
    "[Product: Naruto]\n"
    "By Masashi Kishimoto. shonen, action. 72 volumes, finished, since 1999.\n"
    "- Naruto, Vol. 1: 484 yen, 32 in stock, released 1999-10-04\n"
    "- Naruto, Vol. 2: 484 yen, not in stock, released 2000-02-02\n";

float contradiction(std::string_view answer, std::string_view question) {
    Examiner examiner(grounds(question, "en", kBoth), true);
    examiner.read_sentence(answer);
    return examiner.evidence()[Feature::kContradiction];
}

TEST(Comparison, OfLengthIsHeldAgainstTheDocuments) {
    constexpr std::string_view kQuestion = "Which is longer, Naruto or One Piece?";
    EXPECT_EQ(contradiction("Naruto is longer than One Piece.", kQuestion), 1);
    EXPECT_EQ(contradiction("One Piece is shorter.", kQuestion), 1);
    EXPECT_EQ(contradiction("One Piece is longer than Naruto.", kQuestion), 0);
    EXPECT_EQ(contradiction("The longer one is One Piece.", kQuestion), 0);
    EXPECT_EQ(contradiction("One Piece is the longer one: it has 110 volumes, whereas Naruto was "
                            "wrapped up in 72.",
                            kQuestion),
              0);
    EXPECT_EQ(contradiction("Naruto is not longer than One Piece.", kQuestion), 0);
    EXPECT_EQ(contradiction("One Piece is not longer than Naruto.", kQuestion), 1);
}

TEST(Comparison, OfBeginningsIsHeldAgainstTheYears) {
    constexpr std::string_view kQuestion = "Which came first, Naruto or One Piece?";
    EXPECT_EQ(contradiction("Naruto came first.", kQuestion), 1);
    EXPECT_EQ(contradiction("Naruto started before 2000.", kQuestion), 0);
    EXPECT_EQ(contradiction("Naruto began before the anime.", kQuestion), 0);
    EXPECT_EQ(contradiction("One Piece started before Naruto.", kQuestion), 0);
    EXPECT_EQ(contradiction("No, One Piece did not start before Naruto.", kQuestion), 1);
    EXPECT_EQ(contradiction("One Piece started later than Naruto.", kQuestion), 1);
    EXPECT_EQ(contradiction("ナルトはワンピースより先に始まりました。", kQuestion), 1);
    EXPECT_EQ(contradiction("ナルトはワンピースを先に始まった。", kQuestion), 1);
    EXPECT_EQ(contradiction("先に始まったのはワンピースです。", kQuestion), 0);
}

TEST(Comparison, OfPricesIsImpossibleOnlyIfNoPriceAllowsIt) {
    constexpr std::string_view kQuestion = "Which is cheaper, Naruto or One Piece?";
    EXPECT_EQ(contradiction("One Piece is cheaper than Naruto.", kQuestion), 1);
    EXPECT_EQ(contradiction("Naruto is cheaper.", kQuestion), 0);
    EXPECT_FALSE(is_impossible({.measure = Measure::kPrice}, {528, 1500}, {600, 700}));
    EXPECT_TRUE(is_impossible({.measure = Measure::kPrice}, {528, 1500}, {484, 484}));
    EXPECT_FALSE(is_impossible({.measure = Measure::kBegin}, {1999, 1999}, {1999, 1999}));
}

TEST(Comparison, WithoutAnotherTitleThereIsNone) {
    EXPECT_EQ(contradiction("Naruto is longer.", "Tell me about Naruto"), 0);
}

}  // namespace
}  // namespace hayate::gate
