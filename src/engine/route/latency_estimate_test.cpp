#include "engine/route/latency_estimate.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace hayate::route {
namespace {

TimePoint at_s(double seconds) {
    return TimePoint(std::chrono::hours(1)) +
           std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

/// A model whose speed the test sets, called once a second; answers of 100 tokens.
class Calls {
  public:
    explicit Calls(LatencyPrior prior = {.first_ms = 200, .token_ms = 10}) : estimate(prior) {}

    struct Seen {
        bool is_first_late = false;
        bool is_total_late = false;
    };
    Seen call(double factor, int prompt_tokens = 500) {
        now_s += 1;
        const CallShape shape{.prompt_tokens = prompt_tokens, .answer_tokens = 100};
        estimate.check_overdue(at_s(now_s));
        const Prediction predicted = estimate.predict(shape, at_s(now_s));
        const double first_ms = factor * lognormal(200, 0.3);
        const double total_ms = first_ms + factor * 99 * lognormal(10, 0.2);
        const auto id = estimate.begin(shape, at_s(now_s));
        estimate.first_token(id, at_s(now_s + first_ms / 1000));
        estimate.end(id, {.first_ms = first_ms, .total_ms = total_ms, .tokens = 100},
                     at_s(now_s + total_ms / 1000));
        return {first_ms > predicted.first_ms, total_ms > predicted.total_ms};
    }
    Prediction predict(int prompt_tokens = 500) {
        return estimate.predict({.prompt_tokens = prompt_tokens, .answer_tokens = 100},
                                at_s(now_s));
    }
    double lognormal(double median, double spread) {
        return median * std::exp(std::normal_distribution<double>(0, spread)(random));
    }

    LatencyEstimate estimate;
    std::mt19937_64 random{3};
    double now_s = 0;
};

TEST(LatencyEstimate, PredictsTheNinetyFifthPercentile) {
    Calls calls;
    for (int i = 0; i < 1000; ++i) calls.call(1);
    const Prediction predicted = calls.predict();
    EXPECT_NEAR(predicted.first_ms, 200 * std::exp(1.645 * 0.3), 60);
    EXPECT_NEAR(predicted.typical_total_ms, 1190, 60);
    EXPECT_GT(predicted.total_ms, 1350);
    EXPECT_LT(predicted.total_ms, 1750);
}

// The promise: 95 % of what is predicted holds, also when the speed changes threefold on the way.
TEST(LatencyEstimate, CoverageHoldsUnderDrift) {
    for (const double change : {0.33, 0.5, 2.0, 3.0, 5.0}) {
        Calls calls;
        int first_late = 0;
        int total_late = 0;
        for (int i = 0; i < 5000; ++i) {
            const Calls::Seen seen = calls.call(i < 2500 ? 1 : change);
            first_late += seen.is_first_late ? 1 : 0;
            total_late += seen.is_total_late ? 1 : 0;
        }
        EXPECT_NEAR(first_late / 5000.0, 0.05, 0.015) << change;
        EXPECT_NEAR(total_late / 5000.0, 0.05, 0.015) << change;
    }
}

TEST(LatencyEstimate, CoverageHoldsOnASlope) {
    Calls calls;
    int late = 0;
    for (int i = 0; i < 5000; ++i) late += calls.call(1 + 4 * i / 5000.0).is_total_late ? 1 : 0;
    EXPECT_NEAR(late / 5000.0, 0.05, 0.02);
}

TEST(LatencyEstimate, FindsAThreefoldSlowdownWithinADozenCalls) {
    for (uint64_t seed = 1; seed <= 8; ++seed) {
        Calls calls;
        calls.random.seed(seed);
        for (int i = 0; i < 500; ++i) calls.call(1);
        const double before = calls.predict().total_ms;
        for (int i = 0; i < 12; ++i) calls.call(3);
        EXPECT_GT(calls.predict().total_ms, 2.2 * before) << seed;
        EXPECT_LT(calls.predict().total_ms, 6 * before) << seed;
    }
}

// Otherwise a prompt length that nobody sent since the slowdown would still look fast.
TEST(LatencyEstimate, ASlowdownIsBelievedForEveryPromptLength) {
    Calls calls;
    for (int i = 0; i < 200; ++i) calls.call(1, i % 2 == 0 ? 100 : 4000);
    const double before = calls.predict(4000).total_ms;
    for (int i = 0; i < 12; ++i) calls.call(3, 100);
    EXPECT_GT(calls.predict(4000).total_ms, 2 * before);
    EXPECT_GT(calls.predict(9).total_ms, 2 * before);  // never called
}

// Where reading takes most of the time: both are in the bucket of 256 to 511 tokens.
TEST(LatencyEstimate, ReadingTakesAsLongAsThePromptIs) {
    LatencyEstimate estimate({.first_ms = 50, .prompt_token_ms = 20, .token_ms = 40});
    const auto typical = [&](int prompt_tokens) {
        return estimate.predict({.prompt_tokens = prompt_tokens, .answer_tokens = 1}, TimePoint())
            .typical_first_ms;
    };
    EXPECT_NEAR(typical(500) / typical(260), 10'050.0 / 5'250, 0.05);
    // Half as fast as it was said to be, for every length.
    TimePoint now{std::chrono::hours(1)};
    for (int i = 0; i < 200; ++i) {
        const CallShape shape{.prompt_tokens = i % 2 == 0 ? 260 : 500, .answer_tokens = 1};
        const double first_ms = 2 * (50 + 20.0 * shape.prompt_tokens);
        const auto call = estimate.begin(shape, now);
        now += std::chrono::milliseconds(static_cast<int>(first_ms));
        estimate.end(call, {.first_ms = first_ms, .total_ms = first_ms, .tokens = 1}, now);
    }
    EXPECT_NEAR(typical(260) / 10'500, 1, 0.1);
    EXPECT_NEAR(typical(500) / 20'100, 1, 0.1);
}

TEST(LatencyEstimate, FewFalseAlarmsWithoutAChange) {
    Calls calls;
    for (int i = 0; i < 5000; ++i) calls.call(1);
    EXPECT_LE(calls.estimate.changes(), 10);
}

TEST(LatencyEstimate, AModelThatHangsIsNoticedBeforeAnyCallEnds) {
    Calls calls;
    for (int i = 0; i < 100; ++i) calls.call(1);
    const Prediction before = calls.predict();
    for (int i = 0; i < 20; ++i) {
        std::ignore =
            calls.estimate.begin({.prompt_tokens = 500, .answer_tokens = 100}, at_s(calls.now_s));
    }
    calls.now_s += 3;
    calls.estimate.check_overdue(at_s(calls.now_s));
    EXPECT_GT(calls.predict().first_ms, 2 * before.first_ms);
    EXPECT_GT(calls.predict().total_ms, 2 * before.total_ms);
}

TEST(LatencyEstimate, CallsThatTimeOutAreLateAndStoppedOnesAreNot) {
    Calls calls;
    for (int i = 0; i < 100; ++i) calls.call(1);
    const double before = calls.predict().first_ms;
    const auto end_after = [&](double seconds) {
        const auto id =
            calls.estimate.begin({.prompt_tokens = 500, .answer_tokens = 100}, at_s(calls.now_s));
        calls.now_s += seconds;
        calls.estimate.end(id, {.total_ms = 1000 * seconds, .is_whole = false}, at_s(calls.now_s));
    };
    for (int i = 0; i < 20; ++i) end_after(0.01);
    EXPECT_NEAR(calls.predict().first_ms, before, before / 50);
    for (int i = 0; i < 5; ++i) end_after(3);
    calls.estimate.check_overdue(at_s(calls.now_s + 1000));
    EXPECT_EQ(calls.estimate.in_flight(), 0u);
    EXPECT_GT(calls.predict().first_ms, 2 * before);
}

// A hundred calls that began before a slowdown are one piece of news, not a hundred.
TEST(LatencyEstimate, ManyLateCallsAtOnceDoNotOvershoot) {
    Calls calls;
    for (int i = 0; i < 300; ++i) calls.call(1);
    const CallShape shape{.prompt_tokens = 500, .answer_tokens = 100};
    std::vector<LatencyEstimate::CallId> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(calls.estimate.begin(shape, at_s(calls.now_s)));
    for (const auto id : ids) {
        const double first_ms = 3 * calls.lognormal(200, 0.3);
        const double total_ms = first_ms + 3 * 99 * calls.lognormal(10, 0.2);
        calls.estimate.end(id, {.first_ms = first_ms, .total_ms = total_ms, .tokens = 100},
                           at_s(calls.now_s + total_ms / 1000));
    }
    EXPECT_GT(calls.predict().total_ms, 3 * 1190);
    EXPECT_LT(calls.predict().total_ms, 3 * 1190 * 2.2);
}

TEST(LatencyEstimate, BeginsWithThePriorAndLearnsFastWhenItIsWrong) {
    Calls calls({.first_ms = 1000, .token_ms = 50});
    EXPECT_NEAR(calls.predict().prior_total_ms, 1000 + 99 * 50, 1);
    EXPECT_GT(calls.predict().total_ms, 5950);
    for (int i = 0; i < 20; ++i) calls.call(1);
    EXPECT_LT(calls.predict().total_ms, 3000);
}

TEST(LatencyEstimate, TheWaitForAPlaceIsNotTheModelsSpeed) {
    Calls calls;
    for (int i = 0; i < 100; ++i) calls.call(1);
    const double before = calls.predict().first_ms;
    for (int i = 0; i < 50; ++i) {
        const auto id = calls.estimate.begin({.prompt_tokens = 500, .answer_tokens = 100},
                                             at_s(calls.now_s), 5000);
        calls.estimate.end(id, {.first_ms = 5200, .total_ms = 6190, .tokens = 100},
                           at_s(calls.now_s + 6));
    }
    EXPECT_LT(calls.predict().first_ms, 2 * before);
}

TEST(LatencyEstimate, StoppedAndBrokenCallsLeaveNothingBehind) {
    Calls calls;
    const Prediction before = calls.predict();
    const auto id = calls.estimate.begin({.prompt_tokens = 10}, at_s(0));
    calls.estimate.end(id, {}, at_s(0));
    calls.estimate.end(id, {}, at_s(0));
    calls.estimate.first_token(99, at_s(1));
    calls.estimate.check_overdue(at_s(1000));
    EXPECT_EQ(calls.estimate.in_flight(), 0u);
    EXPECT_EQ(calls.predict().total_ms, before.total_ms);
}

TEST(LatencyEstimate, TakesAnyShape) {
    Calls calls;
    for (const int tokens : {-1, 0, 1, 1 << 30}) {
        const CallShape shape{.prompt_tokens = tokens, .answer_tokens = tokens};
        EXPECT_GT(calls.estimate.predict(shape, at_s(1)).total_ms, 0);
        const auto id = calls.estimate.begin(shape, at_s(1));
        calls.estimate.end(id, {.first_ms = 1e12, .total_ms = 1, .tokens = -5}, at_s(0));
    }
    EXPECT_TRUE(std::isfinite(calls.predict().total_ms));
}

}  // namespace
}  // namespace hayate::route
