#include "engine/understand/complexity.hpp"

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

const std::vector<float> kBases{0.05F, 0.4F, 0.85F};

Complexity of(std::string_view message, const std::vector<float>& probabilities,
              const std::vector<Entity>& entities = {}, size_t turns = 0) {
    text::Units units;
    units.read(message);
    return complexity_of(probabilities, kBases, units, entities, turns);
}

float contribution(const Complexity& complexity, std::string_view name) {
    for (const auto& one : complexity.contributions) {
        if (one.name == name) return one.amount;
    }
    ADD_FAILURE() << name;
    return 0;
}

TEST(Complexity, BeginsWithTheIntentsThatMayBeMeant) {
    EXPECT_FLOAT_EQ(of("hi", {1, 0, 0}).score, 0.05F);
    EXPECT_FLOAT_EQ(of("hm", {0.5F, 0.5F, 0}).score, 0.225F);
    EXPECT_EQ(of("hi", {1, 0, 0}).tier(), Tier::kLow);
    EXPECT_EQ(of("books", {0, 1, 0}).tier(), Tier::kMedium);
    EXPECT_EQ(of("which", {0, 0, 1}).tier(), Tier::kHigh);
}

TEST(Complexity, IsRaisedByWhatMakesAMessageHarder) {
    const std::vector<float> search{0, 1, 0};
    EXPECT_GT(contribution(of("why is it so long", search), "comparison"), 0);
    EXPECT_GT(contribution(of("AとBの違いは？", search), "comparison"), 0);
    EXPECT_GT(contribution(of("horror but not gore", search), "conditions"), 0);
    EXPECT_GT(contribution(of("戦争もの以外で", search), "conditions"), 0);
    EXPECT_GT(contribution(of("One. Two. Three. Four.", search), "sentences"), 0);
    EXPECT_GT(contribution(of(std::string(300, 'x'), search), "length"), 0);
    EXPECT_GT(contribution(of("more", search, {}, 9), "turns"), 0);
    const std::vector<Entity> two{{.kind = EntityKind::kTitle, .begin = 0, .end = 1},
                                  {.kind = EntityKind::kTitle, .begin = 2, .end = 3}};
    EXPECT_GT(contribution(of("a b c", search, two), "names"), 0);
    const std::vector<Entity> shared{{.kind = EntityKind::kTitle, .begin = 0, .end = 1},
                                     {.kind = EntityKind::kTitle, .begin = 0, .end = 1}};
    EXPECT_EQ(contribution(of("a b c", search, shared), "names"), 0);
}

TEST(Complexity, IsTheSumOfItsContributionsAndStaysInRange) {
    const std::string hard = "Why? But not that. If so, explain. " + std::string(600, 'x');
    for (const std::vector<float>& probabilities :
         {std::vector<float>{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.3F, 0.3F, 0.4F}}) {
        const Complexity complexity = of(hard, probabilities, {}, 100);
        float sum = 0;
        for (const auto& one : complexity.contributions) {
            EXPECT_GE(one.amount, 0);
            sum += one.amount;
        }
        EXPECT_NEAR(complexity.score, std::min(1.0F, sum), 1e-5);
        EXPECT_GE(complexity.score, of("x", probabilities).score);  // harder is never less
        EXPECT_LE(complexity.score, 1);
    }
    EXPECT_EQ(of(hard, {1, 0, 0}, {}, 100).tier(), Tier::kLow);
}

TEST(Tier, ChangesAtTheThresholds) {
    EXPECT_EQ(tier_of(0.299F), Tier::kLow);
    EXPECT_EQ(tier_of(0.3F), Tier::kMedium);
    EXPECT_EQ(tier_of(0.6F), Tier::kMedium);
    EXPECT_EQ(tier_of(0.601F), Tier::kHigh);
    EXPECT_EQ(name_of(Tier::kHigh), "H");
}

}  // namespace
}  // namespace hayate::understand
