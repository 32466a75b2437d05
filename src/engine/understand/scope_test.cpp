#include "engine/understand/scope.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

TEST(ScopeThreshold, SeparatesAsFarAsTheFloorAllows) {
    const std::vector<float> in_scope{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    EXPECT_EQ(fit_scope_threshold(in_scope, {0.1F, 0.2F}, 0.9), 1);  // nothing has to be lost
    EXPECT_EQ(fit_scope_threshold(in_scope, {0.5F, 1.5F}, 0.9), 2);  // one for one of two
    EXPECT_EQ(fit_scope_threshold(in_scope, {7.5F, 8.5F}, 0.9), 1);  // none within reach
    EXPECT_EQ(fit_scope_threshold(in_scope, {}, 0.9), 2);
    EXPECT_EQ(fit_scope_threshold({}, {1}, 0.9), std::numeric_limits<float>::lowest());
}

/// Energies and leans that are normal around `centre`, of spread 1.
std::vector<ScopeEvidence> around(float energy, float lean, size_t count, uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> noise;
    std::vector<ScopeEvidence> all(count);
    for (ScopeEvidence& one : all) one = {energy + noise(random), lean + noise(random)};
    return all;
}

TEST(ScopeRule, WeighsEachKindOfEvidenceByWhatItTells) {
    // For two normal clouds of spread 1 the log odds grow by the distance of their centres.
    const ScopeRule rule =
        fit_scope(around(2, 1, 4000, 1), around(0, 0, 1000, 2), 0.9, /*temperature=*/7);
    EXPECT_NEAR(rule.per_energy, 2, 0.2);
    EXPECT_NEAR(rule.per_lean, 1, 0.15);
    EXPECT_GT(rule.margin({2, 1}), 0);
    EXPECT_LT(rule.margin({0, 0}), 0);
}

TEST(ScopeRule, GivesNoWeightToWhatTellsNothingOrTheOpposite) {
    const ScopeRule rule = fit_scope(around(2, 0, 500, 1), around(0, 3, 500, 2), 0.9, 1);
    EXPECT_GT(rule.per_energy, 0);
    EXPECT_EQ(rule.per_lean, 0);
    std::vector<ScopeEvidence> flat = around(2, 0, 500, 1);
    for (ScopeEvidence& one : flat) one.lean = 0;
    EXPECT_EQ(fit_scope(flat, {{.energy = 0}, {.energy = 1}}, 0.9, 1).per_lean, 0);
}

TEST(ScopeRule, IsEnergyByTemperatureWhenNothingIsOutOfScope) {
    const ScopeRule rule = fit_scope({{1, 5}, {2, 5}, {3, 5}, {4, 5}}, {}, 0.75, 0.5F);
    EXPECT_FLOAT_EQ(rule.per_energy, 2);
    EXPECT_EQ(rule.per_lean, 0);
    EXPECT_FLOAT_EQ(rule.margin({2, 5}), 0);  // three of four are kept
    EXPECT_LT(rule.margin({1, 5}), 0);
}

}  // namespace
}  // namespace hayate::understand
