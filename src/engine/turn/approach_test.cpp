#include "engine/turn/approach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::turn {
namespace {

using config::IntentKind;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using understand::EntityKind;
using understand::Reading;

config::AssistantConfig shop() {
    config::AssistantConfig shop;
    shop.models = {"strong", "fast"};
    shop.intents.intents["greeting"] = {.base_complexity = 0.05,
                                        .kind = "greeting",
                                        .answer = "template",
                                        .sources = {},
                                        .deadline_ms = 500};
    shop.intents.intents["orders"] = {.base_complexity = 0.2,
                                      .kind = "order_status",
                                      .answer = "template",
                                      .sources = {"orders"}};
    shop.intents.intents["faq"] = {.base_complexity = 0.15,
                                   .sources = {"retrieval"},
                                   .soft_wait_ms = 100,
                                   .models = {.low = {"fast"}, .medium = {}, .high = {"strong"}}};
    shop.intents.intents["trouble"] = {.base_complexity = 0.75,
                                       .kind = "complaint",
                                       .sources = {"orders", "retrieval"},
                                       .deadline_ms = 2000};
    return shop;
}

Reading reading(std::string intent, float probability, std::vector<std::string> possible = {}) {
    if (possible.empty()) possible = {intent};
    return {
        .intent = std::move(intent), .probability = probability, .possible = std::move(possible)};
}

TEST(Approach, ASureIntentHasItsOwnWays) {
    const Approach faq = approach_to(reading("faq", 0.99F), shop());
    EXPECT_EQ(faq.intent, "faq");
    EXPECT_THAT(faq.sources, ElementsAre("retrieval"));
    EXPECT_FALSE(faq.gathers_all());
    EXPECT_THAT(faq.models, ElementsAre("fast"));
    EXPECT_EQ(faq.soft_wait, milliseconds(100));
    EXPECT_EQ(faq.deadline, milliseconds(3000)) << "the assistant's";
    EXPECT_FALSE(faq.is_from_template);

    const Approach greeting = approach_to(reading("greeting", 0.95F), shop());
    EXPECT_EQ(greeting.kind, IntentKind::kGreeting);
    EXPECT_TRUE(greeting.is_from_template);
    EXPECT_THAT(greeting.sources, ElementsAre());
    EXPECT_EQ(greeting.deadline, milliseconds(500));
}

TEST(Approach, TheTierChoosesTheRowAndAnEmptyOneIsTheAssistants) {
    Reading hard = reading("faq", 0.99F);
    hard.complexity = 0.7F;
    EXPECT_THAT(approach_to(hard, shop()).models, ElementsAre("strong"));
    hard.complexity = 0.4F;
    EXPECT_THAT(approach_to(hard, shop()).models, ElementsAre("strong", "fast"));
    EXPECT_THAT(approach_to(reading("trouble", 0.9F), shop()).models, ElementsAre("fast", "strong"))
        << "a simple message without a row: the fastest first";
}

TEST(Approach, SeveralPossibleIntentsAreAllGatheredFor) {
    const Approach both = approach_to(reading("faq", 0.6F, {"faq", "trouble"}), shop());
    EXPECT_EQ(both.kind, IntentKind::kQuestion);
    EXPECT_THAT(both.sources, UnorderedElementsAre("retrieval", "orders"));
    EXPECT_EQ(both.deadline, milliseconds(2000)) << "the most demanding one's";
}

TEST(Approach, AnUnsureIntentIsAPlainQuestionThatGathersEverything) {
    const Approach unsure = approach_to(reading("trouble", 0.4F, {"trouble", "orders"}), shop());
    EXPECT_EQ(unsure.kind, IntentKind::kQuestion);
    EXPECT_EQ(unsure.intent, "");
    EXPECT_FALSE(unsure.is_from_template);
    EXPECT_TRUE(unsure.gathers_all());
}

TEST(Approach, SmallTalkThatNamesSomethingIsAQuestion) {
    Reading named = reading("greeting", 0.95F);
    named.mentions.push_back({.kind = EntityKind::kTitle, .value = "monster"});
    EXPECT_EQ(approach_to(named, shop()).kind, IntentKind::kQuestion);
    named.mentions.front().is_certain = false;
    EXPECT_EQ(approach_to(named, shop()).kind, IntentKind::kGreeting);
}

TEST(Approach, AnOrderNumberAlwaysFetchesTheOrder) {
    Reading asked = reading("faq", 0.9F);
    asked.mentions.push_back({.kind = EntityKind::kOrder, .value = "mng-1"});
    EXPECT_EQ(asked.order(), "MNG-1");
    EXPECT_THAT(approach_to(asked, shop()).sources, UnorderedElementsAre("retrieval", "orders"));
    asked.intent = "orders";
    asked.possible = {"orders"};
    asked.probability = 0.3F;
    EXPECT_EQ(approach_to(asked, shop()).kind, IntentKind::kOrderStatus);
}

TEST(Approach, OutOfScopeIsOnlySuspectedAndNeverWhereSomethingIsNamed) {
    Reading strange = reading("greeting", 0.9F);
    strange.is_in_scope = false;
    EXPECT_TRUE(approach_to(strange, shop()).may_be_out_of_scope);
    EXPECT_EQ(approach_to(strange, shop()).kind, IntentKind::kQuestion);
    strange.mentions.push_back({.kind = EntityKind::kPerson, .value = "Eiichiro Oda"});
    EXPECT_FALSE(approach_to(strange, shop()).may_be_out_of_scope);
}

TEST(Approach, WhatSomebodyHasDecidedIsSure) {
    Reading open = reading("trouble", 0.45F, {"trouble", "orders"});
    open.chances = {0.45F, 0.4F};
    EXPECT_TRUE(open.is_open());
    open.decide("orders", understand::ReadBy::kModel);
    EXPECT_FALSE(open.is_open());
    EXPECT_FLOAT_EQ(open.probability, 0.4F);
    const Approach orders = approach_to(open, shop());
    EXPECT_EQ(orders.intent, "orders");
    EXPECT_TRUE(orders.is_from_template);
    EXPECT_THAT(orders.sources, ElementsAre("orders")) << "what else was possible is dropped";

    Reading none = reading("trouble", 0.45F, {"trouble", "orders"});
    none.reject(understand::ReadBy::kModel);
    EXPECT_TRUE(approach_to(none, shop()).may_be_out_of_scope);
    EXPECT_EQ(approach_to(none, shop()).intent, "");

    Reading greeting = reading("faq", 0.5F, {"faq", "greeting"});
    greeting.mentions.push_back({.kind = EntityKind::kTitle, .value = "monster"});
    greeting.decide("greeting", understand::ReadBy::kModel);
    EXPECT_EQ(approach_to(greeting, shop()).kind, IntentKind::kQuestion) << "a title is looked up";
}

TEST(Approach, AnAssistantWithoutIntentsAsksEverySource) {
    config::AssistantConfig plain;
    plain.models = {"fast"};
    const Approach approach = approach_to({}, plain);
    EXPECT_TRUE(approach.gathers_all());
    EXPECT_THAT(approach.models, ElementsAre("fast"));
    EXPECT_FALSE(approach.may_be_out_of_scope);
}

}  // namespace
}  // namespace hayate::turn
