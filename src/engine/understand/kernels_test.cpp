#include "engine/understand/kernels.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

TEST(ExpScaled, IsWhatTheLibrarySays) {
    for (const size_t count : {1U, 15U, 16U, 17U, 77U}) {
        std::vector<float> values(count);
        for (size_t i = 0; i < count; ++i) values[i] = 3 - 0.37F * static_cast<float>(i);
        std::vector<float> powers(count + 1, -1.0F);
        const float sum = exp_scaled(values, 2.5F, 1.7F, powers.data());
        for (size_t i = 0; i < count; ++i) {
            const float expected = std::exp((values[i] - 2.5F) * 1.7F);
            EXPECT_NEAR(powers[i] / expected, 1, 1e-5F) << values[i];
        }
        EXPECT_NEAR(sum, std::accumulate(powers.begin(), powers.end() - 1, 0.0F), 1e-5F * sum);
        EXPECT_EQ(powers.back(), -1);
    }
}

TEST(ExpScaled, IsFiniteForAnyScores) {
    const std::vector<float> values{0, -50, -1e30F, 1e30F};
    std::vector<float> powers(values.size());
    EXPECT_TRUE(std::isfinite(exp_scaled(values, 0, 5, powers.data())));
    EXPECT_EQ(powers[0], 1);
    EXPECT_LT(powers[1], 1e-37F);
    EXPECT_LT(powers[2], 1e-37F);
    EXPECT_GT(powers[3], 1e37F);
}

}  // namespace
}  // namespace hayate::understand
