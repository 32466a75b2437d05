// What an answer says of several things that the documents list.

#include <string>

#include <gmock/gmock.h>

#include "engine/gate/examiner.hpp"
#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

using enum Feature;

constexpr std::string_view kListed =
    "[Product: One Piece]\n"
    "By Eiichiro Oda. shonen, adventure. 110 volumes, ongoing, since 1997.\n"
    "- One Piece, Vol. 1: 528 yen, 14 in stock, released 1997-12-24\n"
    "- One Piece, Vol. 15: 560 yen, not in stock, released 2000-08-04\n"
    "- One Piece Box Set 1, Vols. 1-23: 24800 yen, 11 in stock, released 2013-11-05\n\n"
    "[Product: Naruto]\n"
    "By Masashi Kishimoto. shonen, action. 72 volumes, finished, since 1999.\n"
    "- Naruto, Vol. 1: 484 yen, 32 in stock, released 1999-10-04\n\n"
    "[Product: 20th Century Boys]\n"
    "By Masashi Kishimoto. seinen, mystery. finished, since 1999.\n"
    "- 20th Century Boys, Vol. 1: 700 yen, 3 in stock, released 2000-01-29\n"
    "- 20th Century Boys, Vol. 2: 700 yen, 3 in stock, released 2000-05-30\n";

float found(Feature feature, std::string_view answer, std::string_view question,
            std::string_view language = "en") {
    Examiner examiner(grounds(question, language, kListed), true);
    examiner.read_sentence(answer);
    return examiner.evidence()[feature];
}

TEST(Listing, TheSameMakersAreNotCalledDifferent) {
    constexpr std::string_view kQuestion = "Naruto and 20th Century Boys, same author?";
    EXPECT_EQ(found(kContradiction, "No, they have different authors.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "No, Naruto and 20th Century Boys differ.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "Yes, Masashi Kishimoto made both.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "I do not have that information.", kQuestion), 0);
    constexpr std::string_view kOther = "Are One Piece and Naruto by different people?";
    EXPECT_EQ(found(kContradiction, "They are by the same author.", kOther), 1);
    EXPECT_EQ(found(kContradiction, "Yes, they are.", kOther), 0);
    EXPECT_EQ(found(kContradiction, "ワンピースとナルトは同じ作者です。",
                    "ワンピースとナルトの作者は？", "ja"),
              1);
}

TEST(Listing, OnlyTheLeastPriceIsTheCheapest) {
    constexpr std::string_view kQuestion = "Which is the cheapest volume you have?";
    EXPECT_EQ(found(kContradiction, "20th Century Boys, Vol. 1 at 700 yen.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "Naruto, Vol. 1 at 484 yen.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "One Piece, Vol. 1 costs 528 yen.",
                    "What is the cheapest One Piece book?"),
              0);
    EXPECT_EQ(found(kContradiction, "一番高いのは700円の1巻です。", "高いのは？", "ja"), 1);
    EXPECT_EQ(found(kContradiction, "20th Century Boys, Vol. 1 is 700 yen.", "What costs 700?"), 0);
}

TEST(Listing, TheLatestVolumeIsTheLastOneListed) {
    constexpr std::string_view kQuestion = "What is the latest volume of 20th Century Boys?";
    EXPECT_EQ(found(kContradiction, "The latest volume of 20th Century Boys is Vol. 1.", kQuestion),
              1);
    EXPECT_EQ(found(kContradiction, "The latest volume of 20th Century Boys is Vol. 2.", kQuestion),
              0);
}

TEST(Listing, AVolumeIsNoNumberOfVolumes) {
    constexpr std::string_view kQuestion = "How many volumes does One Piece have?";
    EXPECT_EQ(found(kMismatch, "One Piece has 15 volumes.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "One Piece has 110 volumes.", kQuestion), 0);
    EXPECT_EQ(found(kMismatch, "The One Piece box has 23 volumes.", kQuestion), 0);
    // Its document does not say how many there are.
    EXPECT_EQ(found(kMismatch, "20th Century Boys has 2 volumes.", kQuestion), 0);
}

}  // namespace
}  // namespace hayate::gate
