#include "io/model/llama/chunk_sizer.hpp"

#include <gtest/gtest.h>

namespace hayate::model::llama {
namespace {

/// Ten milliseconds and one more per token, as a model would take.
Duration cost(int tokens) { return milliseconds(10 + tokens); }

TEST(ChunkSizer, FindsTheChunkThatTakesTheWantedTime) {
    ChunkSizer sizer({.target = milliseconds(50), .tokens_min = 8, .tokens_max = 256});
    EXPECT_EQ(sizer.tokens(), 8);
    for (int i = 0; i < 30; ++i) sizer.record(sizer.tokens(), cost(sizer.tokens()));
    EXPECT_NEAR(sizer.tokens(), 40, 1);
}

TEST(ChunkSizer, StaysBetweenItsBounds) {
    ChunkSizer sizer({.target = milliseconds(50), .tokens_min = 8, .tokens_max = 20});
    for (int i = 0; i < 30; ++i) sizer.record(sizer.tokens(), cost(sizer.tokens()));
    EXPECT_EQ(sizer.tokens(), 20);
    for (int i = 0; i < 30; ++i) sizer.record(sizer.tokens(), milliseconds(900));
    EXPECT_EQ(sizer.tokens(), 8);
}

TEST(ChunkSizer, IgnoresTheShortEndOfAPrompt) {
    ChunkSizer sizer({.target = milliseconds(50), .tokens_min = 8, .tokens_max = 256});
    for (int i = 0; i < 30; ++i) sizer.record(sizer.tokens(), cost(sizer.tokens()));
    const int before = sizer.tokens();
    sizer.record(2, milliseconds(11));
    EXPECT_EQ(sizer.tokens(), before);
}

TEST(SpeedMeter, ForgetsOldSpeedsSlowly) {
    SpeedMeter meter;
    EXPECT_EQ(meter.per_second(), 0.0);
    meter.add(10, milliseconds(100));
    EXPECT_DOUBLE_EQ(meter.per_second(), 100.0);
    for (int i = 0; i < 60; ++i) meter.add(10, milliseconds(50));
    EXPECT_NEAR(meter.per_second(), 200.0, 1.0);
}

}  // namespace
}  // namespace hayate::model::llama
