// Refusals of what the list tells.

#include <gtest/gtest.h>

#include "engine/gate/examiner.hpp"
#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

float needless(std::string_view answer, std::string_view question) {
    const bool is_japanese = question.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 0;
    const auto shop = is_japanese ? kShopJapanese : kShop;
    Examiner examiner(grounds(question, is_japanese ? "ja" : "en", shop), true);
    examiner.read_sentence(answer);
    return examiner.evidence()[Feature::kNeedlessRefusal];
}

TEST(ExaminerRefusal, WhatIsListedIsKnown) {
    EXPECT_EQ(needless("I'm sorry, but I do not know its price.", "What does Naruto 1 cost?"), 1);
    EXPECT_EQ(needless("I cannot tell how many volumes Naruto has.", "How long is Naruto?"), 1);
    EXPECT_EQ(needless("Whether Naruto has ended is not something I can say.", "Is Naruto over?"),
              1);
    EXPECT_EQ(needless("ワンピースの作者については情報がございません。", "ワンピースの作者は？"),
              1);
}

TEST(ExaminerRefusal, WhatIsNotListedIsNot) {
    EXPECT_LT(needless("I do not know the price of volume 9.", "What does Naruto vol. 9 cost?"), 1);
    EXPECT_LT(needless("I cannot tell how many volumes it has.", "How long is One Piece?"), 1);
    EXPECT_LT(needless("I do not know when it is in stock again.", "When is One Piece 2 back?"), 1);
    EXPECT_LT(needless("I have no information about its film.", "Is there a film of Naruto?"), 1);
    EXPECT_LT(needless("528円です。在庫については分かりかねます。ただ、次回の入荷は未定です。",
                       "ワンピース1巻の値段は？"),
              1);
}

}  // namespace
}  // namespace hayate::gate
