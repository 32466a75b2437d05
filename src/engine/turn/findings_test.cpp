#include "engine/turn/findings.hpp"

#include <gtest/gtest.h>

#include "engine/turn/turn_test_support.hpp"

namespace hayate::turn {
namespace {

TEST(Findings, AGreetingIsNothingButGreetings) {
    for (const char* text : {"Hello!", "hi", "Hi there, good morning", "HEY  hey", "こんにちは",
                             "おはようございます！"}) {
        EXPECT_TRUE(is_greeting(shipped_assistant(), text)) << text;
    }
    for (const char* text : {"", "!", "Hello Kitty", "hi, do you have Monster?", "highschool",
                             "こんにちは、ワンピースはありますか", "good manga"}) {
        EXPECT_FALSE(is_greeting(shipped_assistant(), text)) << text;
    }
}

TEST(Findings, AQuestionForAnOrdersStateIsKnownWithItsNumberInTheMiddle) {
    const auto asks = [](std::string_view text) {
        return mentions_order(shipped_assistant(), text, "MNG-78901");
    };
    for (const char* text : {"Where is order MNG-78901?", "where is my order mng-78901",
                             "Status of order MNG-78901 please", "注文MNG-78901は今どこですか",
                             "Track my order #MNG-78901", "注文MNG-78901の状況を教えて"}) {
        EXPECT_TRUE(asks(text)) << text;
    }
    for (const char* text : {"My order MNG-78901 arrived damaged", "MNG-78901を返品したい",
                             "Cancel order MNG-78901", "I got the wrong book in MNG-78901"}) {
        EXPECT_FALSE(asks(text)) << text;
    }
}

}  // namespace
}  // namespace hayate::turn
