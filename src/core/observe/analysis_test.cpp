#include "core/observe/analysis.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::observe {
namespace {

using testing::ElementsAre;

Span source(std::string name, double start, double end, std::string outcome = "ok") {
    return {.name = std::move(name),
            .start_ms = start,
            .end_ms = end,
            .outcome = std::move(outcome),
            .parent = "gather"};
}
Span stage(std::string name, double start, double end) {
    return {.name = std::move(name), .start_ms = start, .end_ms = end, .outcome = "ok"};
}

/// Four sources at once, and the model after the slowest: the example that the product is built on.
std::vector<Span> the_example() {
    return {source("retrieval", 0, 650), source("orders", 0, 200), source("session", 0, 150),
            source("cache", 0, 50),      stage("gather", 0, 650),  stage("model", 650, 1450)};
}

TEST(TraceAnalysis, SaysWhatWasSavedInTheExample) {
    const TraceSummary summary = summarise(the_example());
    EXPECT_EQ(summary.sequential_ms, 1850);
    EXPECT_EQ(summary.taken_ms, 1450);
    EXPECT_EQ(summary.saved_ms, 400);
    EXPECT_THAT(critical_path(the_example()), ElementsAre(0, 5));
}

TEST(TraceAnalysis, FollowsAChainOfSourcesAndMarksItsHeading) {
    std::vector<Span> spans{source("carrier", 200.02, 400), source("orders", 0, 200),
                            source("session", 0, 399.98), stage("gather", 0, 400.1),
                            stage("model", 400.3, 900)};
    EXPECT_THAT(critical_path(spans), ElementsAre(1, 0, 4));
    mark_critical(spans);
    EXPECT_TRUE(spans[3].is_critical);
    EXPECT_FALSE(spans[2].is_critical);
}

TEST(TraceAnalysis, CountsAWaitForADeadSourceAndNotWhatNobodyNeeded) {
    // Left out at the soft wait: the turn did wait for it.
    EXPECT_THAT(critical_path({source("retrieval", 0, 400, "timeout"), source("orders", 0, 90),
                               stage("model", 401, 900)}),
                ElementsAre(0, 2));
    // Cancelled by a hit: the cache was waited for, and one after another it alone would have been.
    const std::vector<Span> hit{source("retrieval", 0, 5.2, "cancelled"), source("cache", 0, 5)};
    EXPECT_THAT(critical_path(hit), ElementsAre(1));
    EXPECT_EQ(summarise(hit).sequential_ms, 5);
    EXPECT_EQ(summarise(hit).saved_ms, 0);
}

TEST(TraceAnalysis, IsDefinedForTheOddOnes) {
    EXPECT_EQ(summarise({}).saved_ms, 0);
    EXPECT_TRUE(critical_path({}).empty());
    // Skipped without having run.
    EXPECT_TRUE(critical_path({source("carrier", 10, 10, "skipped")}).empty());
    // Two of the same name, each inside the other by name: no endless walk.
    std::vector<Span> strange{
        {.name = "a", .start_ms = 0, .end_ms = 1, .outcome = "ok", .parent = "a"}};
    mark_critical(strange);
    EXPECT_FALSE(strange.front().is_critical);
}

TEST(TraceAnalysis, NeverSavesMoreThanTheWorkNorWalksInCircles) {
    std::mt19937 random(7);
    for (int round = 0; round < 2'000; ++round) {
        std::vector<Span> spans;
        std::uniform_real_distribution<double> any(0, 1'000);
        for (unsigned i = random() % 12; i > 0; --i) {
            const double start = any(random);
            spans.push_back(source(std::to_string(i), start, start + any(random)));
        }
        const TraceSummary summary = summarise(spans);
        ASSERT_GE(summary.saved_ms, 0);
        ASSERT_NEAR(summary.saved_ms, summary.sequential_ms - summary.taken_ms, 1e-6);
        double at = 0;
        double on_path = 0;
        for (const size_t i : critical_path(spans)) {
            ASSERT_GE(spans[i].start_ms, at - 0.02);  // one after another
            at = spans[i].end_ms;
            on_path += spans[i].end_ms - spans[i].start_ms;
        }
        ASSERT_LE(on_path, summary.taken_ms + 0.2);
    }
}

TEST(StageBudgets, ShowTheOverrun) {
    auto spans = the_example();
    mark_budgets(spans, {{"gather", 400}, {"model", 900}, {"nothing", 1}});
    EXPECT_EQ(overrun_ms(spans[4]), 250);
    EXPECT_EQ(overrun_ms(spans[5]), 0);
    EXPECT_EQ(overrun_ms(spans[0]), 0);
}

}  // namespace
}  // namespace hayate::observe
