#include "engine/turn/template_answer.hpp"

#include <gmock/gmock.h>

#include "engine/turn/turn_test_support.hpp"

namespace hayate::turn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Case {
    gather::Gathered gathered{};
    std::string_view question;
    std::string_view language = "en";
    bool is_about_order = false;
    bool is_customer = false;
    bool is_busy = false;
    bool is_order_missing = false;
    config::IntentKind kind = config::IntentKind::kQuestion;
    bool is_out_of_scope = false;
    bool is_case_open = false;
};

std::string answer(const Case& of) {
    return template_answer({.assistant = shipped_assistant(),
                            .gathered = of.gathered,
                            .question = of.question,
                            .language = of.language,
                            .kind = of.kind,
                            .is_out_of_scope = of.is_out_of_scope,
                            .is_about_order = of.is_about_order,
                            .is_customer = of.is_customer,
                            .is_order_missing = of.is_order_missing,
                            .is_case_open = of.is_case_open,
                            .is_busy = of.is_busy,
                            .today = "2026-11-25"});
}

TEST(TemplateAnswer, AnFaqEntryThatIsMeantAnswersWordForWord) {
    EXPECT_EQ(answer({.gathered = {.documents = {faq_hit(0.8)}}, .question = "gift wrap?"}),
              "Yes, for 200 yen.");
    EXPECT_EQ(answer({.gathered = {.documents = {faq_hit(0.8)}}, .language = "ja"}),
              "はい、200円です。");
    EXPECT_THAT(answer({.gathered = {.documents = {faq_hit(0.3)}},
                        .question = "what is the meaning of life, please"}),
                HasSubstr("could not find"));
}

TEST(TemplateAnswer, ProductsComeWithPriceStockAndDateInTheCustomersLanguage) {
    const gather::Gathered found{.documents = {series_hit("x", 0.6)}};
    EXPECT_THAT(answer({.gathered = found, .question = "x?"}),
                AllOf(HasSubstr("**x title** by Ann Author (fantasy), 12 volumes, finished"),
                      HasSubstr("**x, Vol. 1** by Ann Author: ¥1,480, in stock, released November "
                                "9, 2021")));
    EXPECT_THAT(answer({.gathered = found, .language = "ja"}),
                AllOf(HasSubstr("ファンタジー"), HasSubstr("1,480円"), HasSubstr("在庫あり"),
                      HasSubstr("2021年11月9日")));
}

TEST(TemplateAnswer, SeveralSeriesAreListedWithoutTheirProducts) {
    const std::string text =
        answer({.gathered = {.documents = {series_hit("x", 0.6), series_hit("y", 0.5),
                                           series_hit("far", 0.1)}}});
    EXPECT_THAT(text, AllOf(HasSubstr("x title"), HasSubstr("y title"), Not(HasSubstr("far")),
                            Not(HasSubstr("Vol. 1"))));
}

TEST(TemplateAnswer, ASeriesThatIsNamedIsMeantHoweverUnlikeTheQuestionIs) {
    store::Hit named = series_hit("x", 0.1);
    named.is_named = true;
    EXPECT_THAT(answer({.gathered = {.documents = {named}}}), HasSubstr("x title"));
}

TEST(TemplateAnswer, AnOrderIsToldToItsCustomerAlone) {
    const gather::Gathered found{.orders = {order("MNG-10001")}, .asked_order = "MNG-10001"};
    EXPECT_THAT(answer({.gathered = found, .is_about_order = true, .is_customer = true}),
                AllOf(HasSubstr("**MNG-10001** is **on its way**"),
                      HasSubstr("arrive on November 27, 2026"), HasSubstr("Yamato"),
                      HasSubstr("X, Vol. 1")));
    const std::string anonymous =
        answer({.gathered = {.asked_order = "MNG-10001"}, .is_about_order = true});
    EXPECT_THAT(anonymous, AllOf(HasSubstr("sign in"), HasSubstr("MNG-10001")));
    EXPECT_THAT(answer({.gathered = {.asked_order = "MNG-10001"},
                        .is_about_order = true,
                        .is_customer = true}),
                HasSubstr("could not find order MNG-10001"));
}

TEST(TemplateAnswer, WithoutANumberTheLatestOrdersAreListed) {
    const std::string text =
        answer({.gathered = {.orders = {order("MNG-10001"), order("MNG-10002")}},
                .language = "ja",
                .is_about_order = true,
                .is_customer = true});
    EXPECT_THAT(text, AllOf(HasSubstr("MNG-10001"), HasSubstr("MNG-10002"), HasSubstr("発送済み"),
                            HasSubstr("2026年11月27日")));
    EXPECT_THAT(answer({.is_about_order = true, .is_customer = true}), HasSubstr("no orders"));
    EXPECT_THAT(answer({.is_about_order = true, .is_customer = true, .is_order_missing = true}),
                AllOf(HasSubstr("could not check your order"), Not(HasSubstr("no orders"))));
}

TEST(TemplateAnswer, SmallTalkIsAnsweredInKind) {
    gather::Gathered known;
    known.profile = store::Customer{.name = {"Yuki", "ゆき"}};
    const auto talk = [&](std::string_view text, std::string_view language) {
        return answer({.gathered = known,
                       .question = text,
                       .language = language,
                       .kind = config::IntentKind::kGreeting});
    };
    EXPECT_THAT(talk("Hello!", "en"), StartsWith("Hello, Yuki!"));
    EXPECT_THAT(talk("こんにちは", "ja"), StartsWith("ゆきさん、こんにちは"));
    EXPECT_THAT(talk("Oh THANK YOU so much", "en"), StartsWith("You are welcome"));
    EXPECT_THAT(talk("ありがとうございました！", "ja"), StartsWith("どういたしまして"));
    EXPECT_THAT(talk("are you a robot?", "en"), HasSubstr("automatic assistant"));
}

TEST(TemplateAnswer, WhatIsNoneOfTheShopsBusinessIsSaid) {
    EXPECT_THAT(answer({.question = "write a poem", .is_out_of_scope = true}),
                HasSubstr("only help with manga"));
    EXPECT_THAT(answer({.question = "write a poem"}), HasSubstr("could not find anything"));
}

TEST(TemplateAnswer, WhoeverHasComplainedIsNotAskedForATitle) {
    EXPECT_EQ(answer({.question = "it is soaked",
                      .kind = config::IntentKind::kComplaint,
                      .is_case_open = true}),
              "");
    EXPECT_EQ(answer({.gathered = {.documents = {faq_hit(0.8)}},
                      .kind = config::IntentKind::kComplaint,
                      .is_case_open = true}),
              "Yes, for 200 yen.");
}

TEST(TemplateAnswer, ARareWordMakesUpForHalfOfTheLikeness) {
    store::Hit hit = series_hit("x", 0.15);
    EXPECT_THAT(answer({.gathered = {.documents = {hit}}, .question = "shogi"}),
                HasSubstr("could not find"));
    hit.has_rare_word = true;
    EXPECT_THAT(answer({.gathered = {.documents = {hit}}, .question = "shogi"}),
                HasSubstr("x title"));
}

TEST(TemplateAnswer, WhenModelsAreBusyItSaysSoFirst) {
    EXPECT_THAT(answer({.gathered = {.documents = {faq_hit(0.8)}}, .is_busy = true}),
                AllOf(StartsWith("Many customers"), HasSubstr("Yes, for 200 yen.")));
}

}  // namespace
}  // namespace hayate::turn
