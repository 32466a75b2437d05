// What an answer says of whole series, held against what their documents say.

#include <memory>
#include <string>

#include <gmock/gmock.h>

#include "engine/gate/examiner.hpp"
#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

using enum Feature;

constexpr std::string_view kTwo =
    "[Product: One Piece]\n"
    "By Eiichiro Oda. shonen, adventure. 110 volumes, ongoing, since 1997.\n"
    "- One Piece, Vol. 1 (English Edition): 1500 yen, 18 in stock, released 2003-09-02\n"
    "- One Piece, Vol. 1: 528 yen, 14 in stock, released 1997-12-24\n\n"
    "[Product: Naruto]\n"
    "By Masashi Kishimoto. shonen, action. 72 volumes, finished, since 1999.\n"
    "- Naruto, Vol. 1 (English Edition): 1450 yen, 32 in stock, released 2003-08-06\n"
    "- Naruto, Vol. 1: 484 yen, 32 in stock, released 2000-03-03\n";

float found(Feature feature, std::string_view answer, std::string_view question) {
    const bool is_japanese = question.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 0;
    Examiner examiner(grounds(question, is_japanese ? "ja" : "en", kTwo), true);
    examiner.read_sentence(answer);
    return examiner.evidence()[feature];
}

TEST(ExaminerSeries, WhatHasEndedIsNotCalledRunning) {
    constexpr std::string_view kQuestion = "Is Naruto finished?";
    EXPECT_EQ(found(kContradiction, "Naruto is still running.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "No, it hasn't finished yet.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "No.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "Yes, Naruto has ended.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "Yes.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "はい、ワンピースは完結しました。", "ワンピースは完結した？"),
              1);
    EXPECT_EQ(
        found(kContradiction, "いいえ、ワンピースはまだ連載中です。", "ワンピースは完結した？"), 0);
    EXPECT_EQ(found(kContradiction, "I do not know whether it has ended.", kQuestion), 0);
}

TEST(ExaminerSeries, WhatIsSaidOfBothMustHoldForBoth) {
    constexpr std::string_view kQuestion = "Naruto and One Piece - both over?";
    EXPECT_EQ(found(kContradiction, "Yes, both Naruto and One Piece are over.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "Yes, both are over.", kQuestion), 1);
    EXPECT_EQ(found(kContradiction, "Naruto has ended, while One Piece is ongoing.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "Naruto is ongoing, but One Piece has ended.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "ワンピースとナルトはどちらも72巻です。", "巻数は？"), 1);
    EXPECT_EQ(found(kMismatch, "Naruto and One Piece have 72 volumes.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "Naruto and One Piece have 72 and 110 volumes.", kQuestion), 0);
    EXPECT_EQ(found(kContradiction, "Naruto and One Piece cost the same.", "Prices?"), 0);
    EXPECT_EQ(found(kContradiction, "Naruto and One Piece have the same length.", "Length?"), 1);
}

TEST(ExaminerSeries, AValueBelongsToTheTitleItLeadsTo) {
    constexpr std::string_view kQuestion = "How many volumes have Naruto and One Piece?";
    EXPECT_EQ(
        found(kMismatch, "There are 72 volumes in Naruto and 110 volumes in One Piece.", kQuestion),
        0);
    EXPECT_EQ(found(kMismatch, "ナルトとワンピースはそれぞれ72巻と110巻です。", "巻数は？"), 0);
    EXPECT_EQ(found(kMismatch, "ナルトとワンピースはそれぞれ110巻と72巻です。", "巻数は？"), 1);
}

TEST(ExaminerSeries, ABareChoiceIsHeldAgainstTheQuestion) {
    EXPECT_EQ(found(kContradiction, "Naruto.", "Which is longer, Naruto or One Piece?"), 1);
    EXPECT_EQ(found(kContradiction, "One Piece.", "Which is longer, Naruto or One Piece?"), 0);
    EXPECT_EQ(found(kContradiction, "One Piece.", "Naruto or One Piece, which has ended?"), 1);
    EXPECT_EQ(found(kContradiction, "先に始まったのはナルトです。",
                    "ナルトとワンピース、先に始まったのは？"),
              1);
    EXPECT_EQ(found(kContradiction, "ナルトとワンピース、先に始まったのはワンピースです。",
                    "ナルトとワンピース、先に始まったのは？"),
              0);
    // It counts, and has not chosen yet.
    EXPECT_EQ(
        found(kContradiction, "Naruto has 72 volumes.", "Which is longer, Naruto or One Piece?"),
        0);
}

TEST(ExaminerSeries, TheBeginningIsNotTheEnd) {
    constexpr std::string_view kQuestion = "When did Naruto run?";
    EXPECT_EQ(found(kMismatch, "Naruto has been finished since 1999.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "Naruto began in 2000.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "Naruto began in 1999.", kQuestion), 0);
    EXPECT_EQ(found(kMismatch, "ナルトは2000年に始まりました。", "ナルトはいつから？"), 1);
    EXPECT_EQ(found(kMismatch, "ナルトは1999年に始まりました。", "ナルトはいつから？"), 0);
    EXPECT_EQ(found(kMismatch, "Naruto, finished, since 1999.", kQuestion), 0);
}

TEST(ExaminerSeries, APriceIsThatOfTheEditionAskedFor) {
    EXPECT_EQ(found(kMismatch, "Naruto, Vol. 1 costs 484 yen.",
                    "What does the English edition of Naruto 1 cost?"),
              1);
    EXPECT_EQ(found(kMismatch, "Naruto, Vol. 1 costs 1450 yen.",
                    "What does the English edition of Naruto 1 cost?"),
              0);
    EXPECT_EQ(found(kMismatch, "Naruto, Vol. 1 costs 1450 yen.",
                    "What does the Japanese edition of Naruto 1 cost?"),
              1);
    EXPECT_EQ(found(kMismatch, "ナルト1巻（英語版）は484円です。", "ナルトの1巻はいくら？"), 1);
    EXPECT_EQ(found(kMismatch, "ナルト1巻は484円です。", "ナルトの1巻はいくら？"), 0);
}

TEST(ExaminerSeries, WhatNoDocumentTellsIsMadeUp) {
    const auto attributes = Attributes::make({"publisher 出版社", "volume"});
    ASSERT_TRUE(attributes);
    const auto untold = [&](std::string_view answer, std::string_view question) {
        Examiner examiner(std::make_shared<const Grounds>(GroundTexts{.documents = kTwo,
                                                                      .question = question,
                                                                      .language = "en",
                                                                      .attributes = &*attributes},
                                                          shop_names()),
                          true);
        examiner.read_sentence(answer);
        return examiner.evidence()[kUntold];
    };
    constexpr std::string_view kQuestion = "Who is the publisher of Naruto?";
    EXPECT_EQ(untold("The publisher of Naruto is Shueisha.", kQuestion), 1);
    EXPECT_EQ(untold("I do not have that information.", kQuestion), 0);
    EXPECT_EQ(untold("The documents do not mention a publisher.", kQuestion), 0);
    EXPECT_EQ(untold("Naruto has 72 volumes.", "How many volumes has Naruto?"), 0);
}

TEST(ExaminerSeries, ARefusalIsNeedlessWhereBothAreTold) {
    EXPECT_GT(found(kNeedlessRefusal, "I do not know.", "Which is longer, Naruto or One Piece?"),
              0);
    EXPECT_GT(found(kNeedlessRefusal, "I do not know.", "Is Naruto finished?"), 0);
    EXPECT_LT(found(kNeedlessRefusal, "I do not know.", "Which is sadder, Naruto or One Piece?"),
              0.01);
    const auto when_suggesting = [](std::string_view question) {
        Examiner examiner(
            std::make_shared<const Grounds>(GroundTexts{.documents = kTwo,
                                                        .question = question,
                                                        .language = "en",
                                                        .expected = Expected::kSuggestion},
                                            shop_names()),
            true);
        examiner.read_sentence("I do not have that information.");
        return examiner.evidence()[kNeedlessRefusal];
    };
    EXPECT_EQ(when_suggesting("an adventure, please"), 1);
    EXPECT_NEAR(when_suggesting("a ballet story, please"), 0.5, 0.01);  // nobody tells
}

TEST(ExaminerSeries, ToNameOneOfTwoIsNoEcho) {
    constexpr std::string_view kQuestion = "ナルトとワンピース、先に始まったのはどちら？";
    EXPECT_EQ(found(kEcho, "ナルトとワンピース、先に始まったのはワンピースです。", kQuestion), 0);
    EXPECT_GT(found(kEcho, "ナルトとワンピース、先に始まったのはどちらですか？", kQuestion), 0.6);
    EXPECT_GT(found(kEcho, "ナルトとワンピース、先に始まったの。", kQuestion), 0.6);
}

TEST(ExaminerSeries, AnEditionHoldsUntilAnotherVolumeIsNamed) {
    constexpr std::string_view kQuestion = "What do the editions of Naruto cost?";
    EXPECT_EQ(
        found(kMismatch,
              "Naruto, Vol. 1 is 1450 yen as an English edition, and Vol. 1 alone is 484 yen.",
              kQuestion),
        0);
    EXPECT_EQ(found(kMismatch, "Naruto, Vol. 1 (English edition), at 484 yen.", kQuestion), 1);
    EXPECT_EQ(found(kMismatch, "Naruto, Vol. 1 (English edition), at 1450 yen.", kQuestion), 0);
}

}  // namespace
}  // namespace hayate::gate
