#include "engine/route/answer_lengths.hpp"

#include <gtest/gtest.h>

namespace hayate::route {
namespace {

TEST(AnswerLengths, BeginsWithWhatIsExpectedAndComesToWhatIsWritten) {
    AnswerLengths lengths;
    EXPECT_EQ(lengths.expected("faq", "fast", 100), 100);
    lengths.record("faq", "fast", 100, 30);
    const int after_one = lengths.expected("faq", "fast", 100);
    EXPECT_LT(after_one, 100);
    EXPECT_GT(after_one, 30);
    for (int i = 0; i < 300; ++i) lengths.record("faq", "fast", 100, 30);
    EXPECT_NEAR(lengths.expected("faq", "fast", 100), 30, 1);
    EXPECT_NEAR(lengths.expected("faq", "fast", 200), 60, 2);  // a ratio: limits still count
}

TEST(AnswerLengths, EachIntentAndModelHasItsOwn) {
    AnswerLengths lengths;
    for (int i = 0; i < 200; ++i) {
        lengths.record("faq", "fast", 100, 20);
        lengths.record("faq", "strong", 100, 100);
        lengths.record("recommendation", "fast", 100, 50);
    }
    EXPECT_NEAR(lengths.expected("faq", "fast", 100), 20, 1);
    EXPECT_NEAR(lengths.expected("faq", "strong", 100), 100, 2);
    EXPECT_NEAR(lengths.expected("recommendation", "fast", 100), 50, 1);
}

TEST(AnswerLengths, OneThatHasNotAnsweredYetIsTakenForUsual) {
    AnswerLengths lengths;
    for (int i = 0; i < 50; ++i) lengths.record("faq", "fast", 100, 20);
    EXPECT_NEAR(lengths.expected("faq", "strong", 100), 22, 1);
    EXPECT_NEAR(lengths.expected("complaint", "fast", 100), 22, 1);
}

TEST(AnswerLengths, FollowsAChange) {
    AnswerLengths lengths;
    for (int i = 0; i < 1'000; ++i) lengths.record("faq", "fast", 100, 20);
    for (int i = 0; i < 1'000; ++i) lengths.record("faq", "fast", 100, 80);
    EXPECT_NEAR(lengths.expected("faq", "fast", 100), 80, 4);
}

TEST(AnswerLengths, MistakesTeachNothing) {
    AnswerLengths lengths;
    lengths.record("faq", "fast", 0, 10);
    lengths.record("faq", "fast", 100, 0);
    lengths.record("faq", "fast", -5, -5);
    EXPECT_EQ(lengths.expected("faq", "fast", 100), 100);
    EXPECT_EQ(lengths.expected("faq", "fast", 0), 1);
}

}  // namespace
}  // namespace hayate::route
