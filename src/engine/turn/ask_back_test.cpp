#include "engine/turn/ask_back.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/turn/turn_test_support.hpp"

namespace hayate::turn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using understand::Reading;

config::AssistantConfig shop(double margin = 0.3) {
    config::AssistantConfig shop = shipped_assistant();
    shop.understand.ask_back.margin = margin;
    return shop;
}

Reading open_reading(std::vector<std::string> possible, std::vector<float> chances) {
    return {.intent = possible.front(),
            .probability = chances.front(),
            .possible = possible,
            .chances = chances};
}

const Reading kClose = open_reading({"order_status", "complaint"}, {0.5F, 0.4F});

TEST(AskingBack, IsForCloseCallsWhoseWrongGuessCosts) {
    EXPECT_THAT(intents_to_ask_about(kClose, shop(), "en"),
                ElementsAre("order_status", "complaint"));
    EXPECT_THAT(
        intents_to_ask_about(open_reading({"faq", "order_status", "complaint"}, {0.4F, 0.3F, 0.2F}),
                             shop(), "ja"),
        ElementsAre("faq", "order_status", "complaint"));
    EXPECT_THAT(
        intents_to_ask_about(open_reading({"faq", "complaint", "comparison"}, {0.5F, 0.4F, 0.1F}),
                             shop(), "en"),
        ElementsAre("faq", "complaint"))
        << "the third is too far behind";
}

TEST(AskingBack, NobodyIsAskedWhatCanBeAnswered) {
    EXPECT_THAT(intents_to_ask_about(kClose, shop(0), "en"), IsEmpty()) << "switched off";
    EXPECT_THAT(intents_to_ask_about(kClose, shop(0.05), "en"), IsEmpty()) << "one is likelier";
    EXPECT_THAT(intents_to_ask_about(
                    open_reading({"product_search", "recommendation"}, {0.5F, 0.5F}), shop(), "en"),
                IsEmpty())
        << "a model answers both from the same documents";
    EXPECT_THAT(
        intents_to_ask_about(open_reading({"greeting", "complaint"}, {0.5F, 0.5F}), shop(), "en"),
        IsEmpty())
        << "nobody is asked whether they only say hello";
    EXPECT_THAT(intents_to_ask_about(kClose, shop(), "fr"), IsEmpty()) << "there are no words";
    Reading strange = kClose;
    strange.is_in_scope = false;
    EXPECT_THAT(intents_to_ask_about(strange, shop(), "en"), IsEmpty());
    Reading numbered = kClose;
    numbered.mentions.push_back({.kind = understand::EntityKind::kOrder, .value = "mng-10001"});
    EXPECT_THAT(intents_to_ask_about(numbered, shop(), "en"), IsEmpty()) << "the order decides";
    EXPECT_THAT(intents_to_ask_about(open_reading({"complaint"}, {0.9F}), shop(), "en"), IsEmpty());
    EXPECT_THAT(intents_to_ask_about({}, shop(), "en"), IsEmpty());
}

TEST(AskingBack, NamesTheReadingsInTheCustomersLanguage) {
    EXPECT_EQ(ask_back_text({"order_status", "complaint"}, shop(), "en"),
              "Just to be sure, is this about 1. the state of an order, or 2. a problem that we "
              "should put right?");
    EXPECT_EQ(
        ask_back_text({"complaint", "order_status"}, shop(), "ja"),
        "念のため確認させてください。1. トラブルのご相談、2. ご注文の状況のどれに近いでしょうか？");
    EXPECT_THAT(ask_back_text({"faq", "order_status", "recommendation"}, shop(), "en"),
                testing::EndsWith(", or 3. a recommendation?"));
}

}  // namespace
}  // namespace hayate::turn
