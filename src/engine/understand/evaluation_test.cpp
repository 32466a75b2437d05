#include "engine/understand/evaluation.hpp"

#include <cmath>
#include <random>
#include <span>

#include <gtest/gtest.h>

#include "engine/understand/calibration.hpp"

namespace hayate::understand {
namespace {

TEST(AreaUnderRoc, IsTheChanceOfBeingAbove) {
    EXPECT_EQ(area_under_roc({3, 4}, {1, 2}), 1.0);
    EXPECT_EQ(area_under_roc({1, 2}, {3, 4}), 0.0);
    EXPECT_EQ(area_under_roc({1, 3}, {1, 2}), 0.625);  // a tie counts half
    EXPECT_EQ(area_under_roc({}, {1}), std::nullopt);
}

TEST(Evaluation, CountsByHand) {
    const std::vector<Judged> judged{{"en", 0, 0, 0.9F, 2, 1, true, true},
                                     {"en", 0, 1, 0.5F, 1, 2, true, true},
                                     {"ja", 1, 1, 0.7F, 3, 1, true, true},
                                     {"ja", 1, 1, 0.9F, 0, 0, false, false},
                                     {"en", std::nullopt, 0, 0.4F, -1, 2, false, false},
                                     {"en", std::nullopt, 1, 0.6F, 5, 1, false, true}};
    const Evaluation result = evaluate(judged, 3);
    EXPECT_EQ(result.in_scope, 4U);
    EXPECT_EQ(result.out_of_scope, 2U);
    EXPECT_DOUBLE_EQ(result.accuracy, 0.75);
    // Label 0: 1 right of 2 true and 1 predicted; label 1: 2 right of 2 and 3; label 2 is absent.
    EXPECT_DOUBLE_EQ(result.macro_f1, (2.0 / 3 + 4.0 / 5) / 2);
    EXPECT_DOUBLE_EQ(result.by_language.at("en"), 0.5);
    EXPECT_DOUBLE_EQ(result.by_language.at("ja"), 1.0);
    // Bins of 0.9 (two, both right), 0.5 (one, wrong) and 0.7 (one, right).
    EXPECT_NEAR(result.calibration_error, (0.2 + 0.5 + 0.3) / 4, 1e-6);
    EXPECT_DOUBLE_EQ(result.coverage, 0.75);
    EXPECT_DOUBLE_EQ(result.set_size, 1.0);
    EXPECT_DOUBLE_EQ(result.singletons, 0.5);
    EXPECT_DOUBLE_EQ(result.accuracy_of_singletons, 1.0);
    EXPECT_DOUBLE_EQ(result.in_scope_kept, 0.75);
    EXPECT_DOUBLE_EQ(result.out_of_scope_found, 0.5);
    EXPECT_EQ(result.auroc, 0.5);
    ASSERT_EQ(result.confusions.size(), 1U);
    EXPECT_EQ(result.confusions[0].truth, 0U);
    EXPECT_EQ(result.confusions[0].predicted, 1U);
}

/// Scores whose probabilities are right at `temperature`: truths are drawn from them.
HeldOut drawn(const Temperature& temperature) {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0, 2);
    HeldOut held_out{.labels = 3, .stride = 4};
    for (int i = 0; i < 6000; ++i) {
        std::vector<double> weights;
        for (int label = 0; label < 3; ++label) {
            held_out.scores.push_back(normal(random));
        }
        const auto scores = std::span(held_out.scores).last(3);
        const float own = temperature.of(scores);
        for (const float score : scores) weights.push_back(std::exp(score / own));
        held_out.scores.push_back(0);
        std::discrete_distribution<uint32_t> draw(weights.begin(), weights.end());
        held_out.truths.push_back(draw(random));
    }
    return held_out;
}

TEST(Temperature, IsTheOneThatTheTruthsWereDrawnAt) {
    EXPECT_NEAR(fit_temperature(drawn({0.5F})), 0.5, 0.03);
    EXPECT_NEAR(fit_temperature(drawn({2})), 2, 0.12);
    EXPECT_EQ(fit_temperature({}), 1);
}

TEST(Temperature, MayGrowWithWhatIsKnownOfAMessage) {
    const Temperature grown = fit_growing_temperature(drawn({.level = 0.8F, .growth = 0.5F}));
    EXPECT_NEAR(grown.level, 0.8, 0.08);
    EXPECT_NEAR(grown.growth, 0.5, 0.1);
    const Temperature constant = fit_growing_temperature(drawn({.level = 1}));
    EXPECT_NEAR(constant.level, 1, 0.1);
    EXPECT_NEAR(constant.growth, 0, 0.1);
    EXPECT_EQ(fit_growing_temperature({}).of(std::vector<float>{3, 1}), 1);
}

TEST(Temperature, AMessageOfWhichNothingIsKnownHasOneToo) {
    const Temperature growing{.level = 2, .growth = 0.5F};
    EXPECT_GT(growing.of(std::vector<float>{-1, -2}), 0);
    EXPECT_LT(growing.of(std::vector<float>{-1, -2}), growing.of(std::vector<float>{1, 0}));
    EXPECT_EQ(growing.of(std::vector<float>{4, 0}), 4);
}

TEST(SetThreshold, LetsTheShareOfTruthsIn) {
    const HeldOut held_out = drawn({1});
    const float threshold = fit_set_threshold(held_out, {1}, 0.95);
    size_t inside = 0;
    for (size_t i = 0; i < held_out.size(); ++i) {
        const auto scores = held_out.of(i);
        inside += std::exp(scores[held_out.truths[i]] - energy_of(scores, 1)) >= threshold ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(inside) / 6000, 0.95, 0.002);
    EXPECT_EQ(fit_set_threshold({}, {1}, 0.95), 0);  // nothing is known: everything may be meant
}

}  // namespace
}  // namespace hayate::understand
