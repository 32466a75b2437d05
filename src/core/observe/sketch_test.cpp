#include "core/observe/sketch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hayate::observe {
namespace {

// Computed apart from this code, with gamma = 1.01 / 0.99.
TEST(Sketch, CountsInTheBucketsOfThePaper) {
    EXPECT_EQ(Sketch::bucket_of(100), 231);
    EXPECT_EQ(Sketch::bucket_of(1234.5), 356);
    EXPECT_EQ(Sketch::bucket_of(30000), 516);
    EXPECT_NEAR(Sketch::value_of(231), 100.4946, 1e-4);
    EXPECT_NEAR(Sketch::value_of(356), 1224.3765, 1e-4);
    EXPECT_NEAR(Sketch::value_of(516), 30040.2577, 1e-3);
}

TEST(Sketch, EveryQuantileIsRightWithinOnePercent) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> latency(5, 1.2);
    Sketch sketch;
    std::vector<double> values;
    for (int i = 0; i < 20'001; ++i) {
        values.push_back(latency(random));
        sketch.add(values.back());
    }
    std::ranges::sort(values);
    for (const double q : {0.001, 0.05, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const auto at = static_cast<size_t>(
            std::max(0.0, std::ceil(q * static_cast<double>(values.size())) - 1));
        EXPECT_NEAR(sketch.quantile(q) / values[at], 1, Sketch::kRelativeError + 1e-9) << q;
    }
}

TEST(Sketch, OldValuesFadeAndNewOnesDecide) {
    Sketch sketch;
    for (int i = 0; i < 1000; ++i) sketch.add(100);
    for (int i = 0; i < 100; ++i) {
        sketch.fade(0.9);
        sketch.add(300);
    }
    EXPECT_NEAR(sketch.quantile(0.5), 300, 3);
    EXPECT_NEAR(sketch.weight(), 10, 0.1);  // 1 / (1 - 0.9)
    for (int i = 0; i < 100'000; ++i) {     // the unit is rescaled on the way
        sketch.fade(0.9);
        sketch.add(50);
    }
    EXPECT_NEAR(sketch.weight(), 10, 1e-6);
    EXPECT_NEAR(sketch.quantile(0.99), 50, 0.5);
}

TEST(Sketch, MergedSketchesAreOneSketch) {
    Sketch low;
    Sketch high;
    Sketch both;
    for (int i = 1; i <= 500; ++i) {
        low.add(i);
        both.add(i);
        high.add(i * 1000);
        both.add(i * 1000);
    }
    high.fade(0.5);
    high.merge(low, 0.5);
    EXPECT_NEAR(high.weight(), both.weight() / 2, 1e-9);
    for (const double q : {0.0, 0.1, 0.5, 0.51, 0.9, 1.0})
        EXPECT_DOUBLE_EQ(high.quantile(q), both.quantile(q));
    Sketch empty;
    empty.merge(Sketch());
    EXPECT_TRUE(empty.is_empty());
    empty.merge(low);
    EXPECT_DOUBLE_EQ(empty.quantile(0.5), low.quantile(0.5));
}

TEST(Sketch, MultipliesAllValuesAtOnce) {
    Sketch sketch;
    for (int i = 1; i <= 100; ++i) sketch.add(i);
    const double before = sketch.quantile(0.9);
    sketch.multiply(3);
    EXPECT_NEAR(sketch.quantile(0.9) / before, 3, 3 * Sketch::kRelativeError);
    sketch.multiply(1e300);
    EXPECT_LE(sketch.quantile(1), Sketch::kValueMax * 1.02);
    sketch.multiply(1e-300);
    EXPECT_GT(sketch.quantile(0), 0);
}

TEST(Sketch, TakesAnyValue) {
    Sketch sketch;
    EXPECT_EQ(sketch.quantile(0.5), 0);
    for (const double value : {0.0, -5.0, std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(), 1e-300, 1e300}) {
        sketch.add(value);
    }
    EXPECT_DOUBLE_EQ(sketch.weight(), 6);
    EXPECT_GT(sketch.quantile(0), 0);
    EXPECT_LE(sketch.quantile(1), Sketch::kValueMax * 1.02);
    sketch.add(5, 0);
    sketch.add(5, -1);
    EXPECT_DOUBLE_EQ(sketch.weight(), 6);
    sketch.fade(0);
    sketch.add(10);
    EXPECT_NEAR(sketch.quantile(0.5), 10, 0.1);
}

}  // namespace
}  // namespace hayate::observe
