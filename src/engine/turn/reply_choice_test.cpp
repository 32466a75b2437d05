#include "engine/turn/reply_choice.hpp"

#include <gtest/gtest.h>

#include "engine/turn/turn_test_support.hpp"

namespace hayate::turn {
namespace {

constexpr int kNone = -1;

int chosen(std::string_view reply,
           const std::vector<std::string>& asked = {"order_status", "complaint"}) {
    const auto place = chosen_by(reply, asked, shipped_assistant());
    return place ? static_cast<int>(*place) : kNone;
}

TEST(ReplyChoice, IsMadeByNumber) {
    for (const char* first :
         {"1", "1.", "１", "①", "the first", "First one please", "number 1", "the former", "one",
          "一つ目", "1つ目です", "最初の方", "1番でお願いします", "前者"})
        EXPECT_EQ(chosen(first), 0) << first;
    for (const char* second : {"2", "#2", "second", "the 2nd one", "the latter", "the last one",
                               "two", "二つ目", "2番目です", "後者です", "２番"})
        EXPECT_EQ(chosen(second), 1) << second;
    EXPECT_EQ(chosen("3"), kNone) << "two were offered";
    EXPECT_EQ(chosen("third"), kNone);
    EXPECT_EQ(chosen("0"), kNone);
    EXPECT_EQ(chosen("the last", {"faq", "order_status", "complaint"}), 2);
    EXPECT_EQ(chosen("3", {"faq", "order_status", "complaint"}), 2);
}

TEST(ReplyChoice, IsMadeByTheWordsOfAPhrase) {
    for (const char* order :
         {"order", "my order", "it's about an order", "The state of an order", "注文の方",
          "注文の状況です", "ご注文の状況", "注文についてです", "注文"})
        EXPECT_EQ(chosen(order), 0) << order;
    for (const char* trouble :
         {"a problem", "a problem that we should put right", "problem, please", "トラブルの方",
          "トラブルのご相談", "トラブルです", "相談"})
        EXPECT_EQ(chosen(trouble), 1) << trouble;
    EXPECT_EQ(chosen("order 1"), 0) << "twice the same";
}

TEST(ReplyChoice, WhatSaysMoreOrNothingIsNoChoice) {
    for (const char* reply : {"",
                              "?",
                              "yes",
                              "the",
                              "both",
                              "order 2",
                              "Do you have the first volume of Frieren?",
                              "my order MNG-10001",
                              "problem with the order",
                              "never mind",
                              "はい",
                              "です",
                              "両方",
                              "注文したトラブル",
                              "第1巻はありますか",
                              "人",
                              "no",
                              "no problem",
                              "No problem, thanks",
                              "right",
                              "That's right",
                              "we are good",
                              "how?",
                              "neither",
                              "問題ありません"})
        EXPECT_EQ(chosen(reply), kNone) << reply;
    EXPECT_EQ(chosen("1", {}), kNone);
    EXPECT_EQ(chosen("order", {"gone", "gone"}), kNone) << "intents that are no more";
}

TEST(ReplyChoice, MayBeDeclined) {
    for (const char* reply : {"Never mind", "no problem, thanks", "Nothing, thanks!", "neither",
                              "It's OK", "大丈夫です", "いえ、結構です", "やっぱりいいです"})
        EXPECT_TRUE(declines(reply)) << reply;
    for (const char* reply : {"no. 2", "No, the parcel never came", "the problem", "問題の方です",
                              "2", "いいえ、届いていません"})
        EXPECT_FALSE(declines(reply)) << reply;
}

}  // namespace
}  // namespace hayate::turn
