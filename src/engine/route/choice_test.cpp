#include "engine/route/choice.hpp"

#include <gtest/gtest.h>

#include "engine/route/choice_json.hpp"
#include "engine/route/matrix_policy.hpp"
#include "engine/route/quality_table.hpp"

namespace hayate::route {
namespace {

Candidate fast() {
    return {.name = "fast",
            .quality = 0.75,
            .first = {100, 200},
            .total = {400, 700},
            .hoped_ms = 400,
            .cost_micros = 300};
}
Candidate strong() {
    return {.name = "strong",
            .quality = 0.92,
            .first = {400, 800},
            .total = {1500, 2300},
            .hoped_ms = 1500,
            .cost_micros = 4000};
}
constexpr double kNoExploration = 0.99;

std::string chosen(const Limits& limits, double draw = kNoExploration) {
    const auto choice = choose({strong(), fast()}, limits, draw);
    return choice ? choice->chosen().name : "nothing";
}

TEST(Choice, TheBestThatFitsTheTimeLeft) {
    EXPECT_EQ(chosen({}), "strong");
    EXPECT_EQ(chosen({.total_ms = 2300}), "strong");
    EXPECT_EQ(chosen({.total_ms = 2250}), "fast");
    EXPECT_EQ(chosen({.first_ms = 400}), "fast");
    EXPECT_EQ(chosen({.first_ms = 800, .total_ms = 3000}), "strong");
}

TEST(Choice, TheBestThatFitsTheMoneyLeft) {
    EXPECT_EQ(chosen({.money_micros = 4000}), "strong");
    EXPECT_EQ(chosen({.money_micros = 3999}), "fast");
    const auto choice = choose({strong(), fast()}, {.money_micros = 1}, kNoExploration);
    EXPECT_EQ(choice->chosen().name, "fast");
    EXPECT_FALSE(choice->fits);
    EXPECT_EQ(choice->considered[1].verdict, Verdict::kCheapest);
}

TEST(Choice, WhenNothingFitsTheLeastBadIsTakenAndMarked) {
    const auto choice = choose({strong(), fast()}, {.total_ms = 300}, 0);
    EXPECT_EQ(choice->chosen().name, "fast") << "the only one with a chance";
    EXPECT_FALSE(choice->fits);
    EXPECT_FALSE(choice->is_exploration);
    EXPECT_EQ(choice->considered[0].verdict, Verdict::kTotalTooLate);
    EXPECT_NE(choice->reason.find("nothing fits"), std::string::npos) << choice->reason;
    // Not the fast one, which could not be paid.
    Candidate dear = fast();
    dear.cost_micros = 1'000'000;
    const auto paid = choose({strong(), dear}, {.total_ms = 300, .money_micros = 5000}, 0);
    EXPECT_EQ(paid->chosen().name, "strong");
    // With no time at all every answer is worthless: the fastest.
    EXPECT_EQ(chosen({.total_ms = 0}), "fast");
}

TEST(Choice, WhenNothingFitsAGoodAnswerOutweighsASmallerChance) {
    Candidate poor = fast();
    poor.quality = 0.1;
    poor.total = {1500, 2000};  // a chance of about 0.65 within 1,600 ms, strong's is 0.6
    EXPECT_EQ(choose({strong(), poor}, {.total_ms = 1600}, kNoExploration)->chosen().name,
              "strong");
    // Half a second is too little for both, for strong by far: what then counts is what a late
    // answer is worth.
    EXPECT_EQ(choose({strong(), poor}, {.total_ms = 700}, kNoExploration)->chosen().name, "strong");
    poor.total = {500, 900};
    EXPECT_EQ(choose({strong(), poor}, {.total_ms = 700}, kNoExploration)->chosen().name, "fast");
    EXPECT_EQ(choose({strong(), poor}, {.late_worth = 0.3, .total_ms = 700}, kNoExploration)
                  ->chosen()
                  .name,
              "strong");
}

TEST(Choice, AModelThatIsNotGoodEnoughDoesNotFit) {
    Candidate poor = fast();
    poor.quality = 0.5;
    const Limits picky{.quality_min = 0.6, .total_ms = 1600};
    const auto choice = choose({strong(), poor}, picky, kNoExploration);
    EXPECT_EQ(choice->chosen().name, "strong") << "a smaller chance, but worth more";
    EXPECT_FALSE(choice->fits);
    EXPECT_FALSE(choice->is_in_time);
    EXPECT_EQ(choice->considered[1].verdict, Verdict::kNotGoodEnough);
    EXPECT_EQ(choose({strong(), poor}, {.total_ms = 1600}, kNoExploration)->chosen().name, "fast");
    // In time all the same, so it may be left for the other to be learned about.
    const Limits pickier{.quality_min = 0.99, .total_ms = 3000};
    EXPECT_TRUE(choose({strong(), poor}, pickier, kNoExploration)->is_in_time);
    EXPECT_EQ(choose({strong(), poor}, pickier, 0)->chosen().name, "fast");
    // One that fits goes before one that does not.
    EXPECT_EQ(choose({poor, strong()}, {.quality_min = 0.6}, kNoExploration)->chosen().name,
              "strong");
}

TEST(Choice, AModelThatIsNotReadyIsNeverTaken) {
    Candidate loading = strong();
    loading.is_ready = false;
    Candidate unknown = strong();
    unknown.name = "misspelt";
    unknown.is_configured = false;
    for (const double draw : {0.0, 0.001, 0.02, 0.5}) {
        const auto choice = choose({loading, unknown, fast()}, {.total_ms = 10}, draw);
        EXPECT_EQ(choice->chosen().name, "fast");
    }
    EXPECT_FALSE(choose({loading, unknown}, {}, 0));
    EXPECT_FALSE(choose({}, {}, 0));
}

TEST(Choice, EqualQualityIsDecidedByTheOrder) {
    Candidate a = fast();
    Candidate b = strong();
    a.quality = 0.90;
    b.quality = 0.92;
    EXPECT_EQ(choose({a, b}, {}, kNoExploration)->chosen().name, "fast");
    EXPECT_EQ(choose({b, a}, {}, kNoExploration)->chosen().name, "strong");
    b.quality = 0.95;
    EXPECT_EQ(choose({a, b}, {}, kNoExploration)->chosen().name, "strong");
}

TEST(Choice, ALateAnswerIsWorthNothing) {
    Limits limits{.total_ms = 1800};  // strong: a chance of about 0.76
    limits.confidence = 0.7;
    EXPECT_EQ(chosen(limits), "fast");
    Candidate poor = fast();
    poor.quality = 0.5;
    EXPECT_EQ(choose({strong(), poor}, limits, kNoExploration)->chosen().name, "strong");
    limits.confidence = 0.95;
    EXPECT_EQ(choose({strong(), poor}, limits, kNoExploration)->chosen().name, "fast");
}

TEST(Choice, ExploresSeldomAndNeverWhatIsHopeless) {
    int explored = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto choice = choose({strong(), fast()}, {.total_ms = 2000}, i / 10'000.0);
        explored += choice->is_exploration ? 1 : 0;
        EXPECT_EQ(choice->is_exploration, choice->chosen().name == "strong");
        EXPECT_TRUE(choice->fits);
    }
    EXPECT_EQ(explored, 150);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(chosen({.total_ms = 1400}, i / 1000.0), "fast");
        EXPECT_EQ(chosen({.total_ms = 2000, .money_micros = 500}, i / 1000.0), "fast");
    }
}

TEST(Choice, AnUncertainModelIsTriedMoreOften) {
    Candidate faster = strong();
    faster.is_uncertain = true;
    int explored = 0;
    for (int i = 0; i < 1000; ++i) {
        explored +=
            choose({faster, fast()}, {.total_ms = 2000}, i / 1000.0)->is_exploration ? 1 : 0;
    }
    EXPECT_EQ(explored, 150);
}

TEST(Choice, ChanceGoesThroughBothPoints) {
    const Expected expected{.typical_ms = 1000, .late_ms = 2000};
    EXPECT_NEAR(chance_within(expected, 1000), 0.5, 1e-6);
    EXPECT_NEAR(chance_within(expected, 2000), 0.95, 1e-4);
    EXPECT_NEAR(chance_within(expected, 4000), 0.9995, 1e-3);
    EXPECT_EQ(chance_within(expected, 0), 0);
    EXPECT_EQ(chance_within(expected, -5), 0);
    EXPECT_NEAR(chance_within({.typical_ms = 100, .late_ms = 100}, 99), 0, 1e-6);
    EXPECT_NEAR(chance_within({.typical_ms = 100, .late_ms = 100}, 101), 1, 1e-6);
}

TEST(Choice, IsExplainedAsJson) {
    const auto choice = choose({strong(), fast()}, {.total_ms = 2000}, kNoExploration);
    const std::string json = json_of(*choice);
    EXPECT_TRUE(json.starts_with(
        R"({"model":"fast","reason":"the best that fits: 700 ms predicted of 2000 left; )"
        R"(strong: too late",)"
        R"("fits":true,"in_time":true,"exploration":false,"considered":[{"model":"strong",)"
        R"("verdict":"too late","quality":0.920,"chance":0.)"))
        << json;
    EXPECT_NE(
        json.find(R"("total_ms":{"p50":400.0,"p95":700.0},"wait_ms":0.0,"cost_micro_dollars":300)"),
        std::string::npos)
        << json;
}

/// The seed gives weights and scores, but not the quality, latency and cost behind them. With its
/// target latency as latency, each row says what quality / cost must have been; the formula must
/// give the row back, and rank the rows as the seed does.
TEST(Score, GivesTheSeedsFigures) {
    struct Row {
        ScoreWeights weights;
        double latency_ms;
        double quality_per_milli_dollar;
        double score;
    };
    for (const Row& row : {Row{{0.6, 0.9}, 500, 7.7778, 8.4}, Row{{0.9, 0.5}, 2500, 34.4444, 6.2},
                           Row{{0.95, 0.6}, 2000, 20.3509, 5.8}, Row{{0.5, 0.85}, 300, 6.4235, 9.1},
                           Row{{0.3, 0.95}, 200, 7.8596, 11.2}}) {
        // Quality 1 at the cost that this implies, to a micro-dollar.
        const auto cost = static_cast<int64_t>(1000 / row.quality_per_milli_dollar + 0.5);
        EXPECT_NEAR(score(row.weights, 1, row.latency_ms, cost) / row.score, 1, 0.02);
    }
    EXPECT_GT(score({}, 0.7, 200, 300), score({}, 0.9, 2000, 4000));
    EXPECT_GT(score({}, 0.7, 0, 0), 0);
}

TEST(MatrixPolicy, TheSeedsThresholds) {
    const MatrixPolicy policy = seed_policy({"strong", "fast"});
    EXPECT_EQ(policy.tier_of(0.29), Tier::kLow);
    EXPECT_EQ(policy.tier_of(0.3), Tier::kMedium);
    EXPECT_EQ(policy.tier_of(0.6), Tier::kMedium);
    EXPECT_EQ(policy.tier_of(0.61), Tier::kHigh);
    EXPECT_EQ(policy.row_of("comparison").of(Tier::kHigh).front(), "strong");
    EXPECT_EQ(policy.row_of("comparison").of(Tier::kLow).front(), "fast");
    EXPECT_EQ(policy.row_of("greeting").of(Tier::kHigh).front(), "fast");
    EXPECT_EQ(policy.row_of("never heard of").of(Tier::kHigh).front(), "strong");
}

TEST(Policy, OnlyAConfiguredQualityIsKnown) {
    MatrixRow row;
    row.quality["fast"] = 0.15;
    EXPECT_EQ(row.known_quality("fast"), 0.15);
    EXPECT_EQ(row.known_quality("strong"), 0);
    EXPECT_GT(MatrixPolicy::prior_quality(row, "strong", 0), 0);
}

TEST(QualityTable, OutcomesOutweighThePrior) {
    QualityTable table({.prior_weight = 20});
    EXPECT_EQ(table.expected("faq", Tier::kLow, "fast", 0.9), 0.9);
    for (int i = 0; i < 20; ++i) table.record("faq", Tier::kLow, "fast", {0, 1});
    EXPECT_NEAR(table.expected("faq", Tier::kLow, "fast", 0.9), 0.45, 0.01);
    EXPECT_EQ(table.expected("faq", Tier::kHigh, "fast", 0.9), 0.9);
    EXPECT_EQ(
        table.record("faq", Tier::kLow, "fast", {std::numeric_limits<double>::quiet_NaN(), 1}), 0);
    EXPECT_EQ(table.record("faq", Tier::kLow, "fast", {5, -1}), 0);
    EXPECT_EQ(table.record("faq", Tier::kLow, "fast", {5, 0}), 21) << "weighs nothing, but counts";
    EXPECT_NEAR(table.expected("faq", Tier::kLow, "fast", 0.9), 0.45, 0.01);
}

TEST(QualityTable, OldOutcomesFade) {
    QualityTable table({.prior_weight = 20, .half_life_outcomes = 10});
    table.record("faq", Tier::kLow, "fast", {0, 1});
    for (int i = 0; i < 10; ++i) table.record("faq", Tier::kLow, "fast", {0, 0});
    ASSERT_EQ(table.rows().size(), 1U);
    EXPECT_DOUBLE_EQ(table.rows()[0].weight, 0.5);
    EXPECT_EQ(table.rows()[0].count, 11);
    // What is said of it later counts as if it had been said at once.
    table.relabel("faq", Tier::kLow, "fast", 1, {0, 1}, {1, 4});
    EXPECT_DOUBLE_EQ(table.rows()[0].weight, 2);
    EXPECT_DOUBLE_EQ(table.expected("faq", Tier::kLow, "fast", 0), 2.0 / 22);
    table.relabel("faq", Tier::kLow, "fast", 12, {0, 1}, {1, 4});  // there is no such outcome
    table.relabel("faq", Tier::kLow, "fast", 0, {0, 1}, {1, 4});
    EXPECT_DOUBLE_EQ(table.rows()[0].weight, 2);
}

}  // namespace
}  // namespace hayate::route
