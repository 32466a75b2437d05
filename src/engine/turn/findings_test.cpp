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

}  // namespace
}  // namespace hayate::turn
