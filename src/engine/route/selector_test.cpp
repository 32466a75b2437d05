#include "engine/route/selector.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace hayate::route {
namespace {

TimePoint at_s(double seconds) {
    return TimePoint(std::chrono::hours(1)) +
           std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

std::vector<ModelFacts> two_models() {
    return {
        {.name = "fast", .price = {250'000, 1'250'000}, .prior = {.first_ms = 100, .token_ms = 6}},
        {.name = "strong",
         .price = {3'000'000, 15'000'000},
         .prior = {.first_ms = 400, .token_ms = 12}}};
}

class SelectorTest : public testing::Test {
  protected:
    std::string choose(ChoiceRequest request) {
        request.shape = {.prompt_tokens = 500, .answer_tokens = 60};
        if (request.seed == 0) request.seed = 2;  // does not explore
        const auto choice = selector_.choose(request, policy_, states_, at_s(now_s_));
        return choice ? choice->chosen().name : "nothing";
    }
    /// A call that takes as long as its prior says, times `factor`.
    void call(const std::string& model, double factor, const Limits& limits = {}) {
        ChoiceRequest request{.shape = {.prompt_tokens = 500, .answer_tokens = 60},
                              .limits = limits,
                              .seed = 2,
                              .preferred = {model}};
        const auto choice = selector_.choose(request, policy_, states_, at_s(now_s_));
        ObservedCall call = selector_.begin(*choice, request, at_s(now_s_));
        const double first_s = (model == "fast" ? 0.1 : 0.4) * factor;
        call.first_token(at_s(now_s_ + first_s));
        now_s_ += first_s + 59 * (model == "fast" ? 0.006 : 0.012) * factor;
        call.end(60, true, at_s(now_s_));
    }
    Selector selector_{two_models()};
    MatrixPolicy policy_ = seed_policy({"strong", "fast"});
    std::vector<ModelState> states_{{}, {}};
    double now_s_ = 0;
};

TEST_F(SelectorTest, BeginsWithTheSeedsMatrix) {
    EXPECT_EQ(choose({.complexity = 0.2}), "fast");
    EXPECT_EQ(choose({.complexity = 0.5, .limits = {.total_ms = 3000}}), "strong");
    EXPECT_EQ(choose({.complexity = 0.5, .limits = {.total_ms = 999}}), "fast");
    EXPECT_EQ(choose({.complexity = 0.8}), "strong");
    EXPECT_EQ(choose({.intent = "greeting", .complexity = 0.8}), "fast");
    EXPECT_EQ(choose({.intent = "comparison", .complexity = 0.8}), "strong");
}

TEST_F(SelectorTest, ASlowModelIsLeftAndFoundAgain) {
    const ChoiceRequest request{.complexity = 0.8, .limits = {.total_ms = 2500}};
    for (int i = 0; i < 30; ++i) call("strong", 1);
    EXPECT_EQ(choose(request), "strong");
    for (int i = 0; i < 6; ++i) call("strong", 3);
    EXPECT_EQ(choose(request), "fast");
    int explored = 0;
    for (uint64_t seed = 100; seed < 2100; ++seed) {
        ChoiceRequest turn = request;
        turn.seed = seed;
        explored += choose(turn) == "strong" ? 1 : 0;
    }
    EXPECT_GT(explored, 15);  // 1.5 % of 2,000
    EXPECT_LT(explored, 50);
    for (int i = 0; i < 8; ++i) call("strong", 1);
    EXPECT_EQ(choose(request), "strong");
}

TEST_F(SelectorTest, AModelThatIsBusyOrLoadingGivesWay) {
    const ChoiceRequest request{.complexity = 0.8, .limits = {.total_ms = 2500}};
    states_[1].expected_wait_ms = 2000;
    EXPECT_EQ(choose(request), "fast");
    states_[1] = {.is_ready = false};
    EXPECT_EQ(choose({.complexity = 0.8}), "fast");
    states_[0] = {.is_ready = false};
    EXPECT_EQ(choose(request), "nothing");
}

TEST_F(SelectorTest, OnlyAllowedModelsAreConsidered) {
    policy_.fallback.models = {{{"fast"}, {"fast"}, {"fast"}}};
    for (uint64_t seed = 1; seed < 500; ++seed)
        EXPECT_EQ(choose({.complexity = 0.9, .seed = seed}), "fast");
    EXPECT_EQ(choose({.preferred = {"gone", "strong"}}), "strong");
    EXPECT_EQ(choose({.preferred = {"gone"}}), "nothing");
}

TEST_F(SelectorTest, OutcomesChangeTheOrder) {
    const ChoiceRequest request{.intent = "faq", .complexity = 0.1};
    EXPECT_EQ(choose(request), "fast");
    for (int i = 0; i < 30; ++i) selector_.record_outcome("faq", Tier::kLow, "fast", {0.2, 1});
    EXPECT_EQ(choose(request), "strong");
    EXPECT_EQ(choose({.intent = "greeting", .complexity = 0.1}), "fast");
}

TEST_F(SelectorTest, APlaceThatTheModelMeasuredItselfIsBelievedAtFirst) {
    const ChoiceRequest request{.complexity = 0.8, .limits = {.total_ms = 2500}};
    states_[1].tokens_per_s = 10;  // 60 tokens: 6 s
    states_[1].prompt_tokens_per_s = 100;
    EXPECT_EQ(choose(request), "fast");
}

TEST_F(SelectorTest, TheLessIsLateTheLessCertaintyIsAsked) {
    // Strong is predicted to take 1.1 s, and 1.5 or less with a chance of 90 %.
    const auto confidence = [&] {
        ChoiceRequest request{
            .intent = "comparison", .complexity = 0.8, .limits = {.total_ms = 1500}};
        request.shape = {.prompt_tokens = 500, .answer_tokens = 60};
        request.seed = 2;
        return selector_.choose(request, policy_, states_, at_s(now_s_))->chosen().name;
    };
    EXPECT_EQ(confidence(), "fast");
    ChoiceRequest easy{.intent = "comparison",
                       .shape = {.prompt_tokens = 500, .answer_tokens = 60},
                       .limits = {.total_ms = 60'000},
                       .seed = 2,
                       .preferred = {"fast"}};
    for (int i = 0; i < 300; ++i) {
        const auto choice = selector_.choose(easy, policy_, states_, at_s(now_s_));
        ObservedCall call = selector_.begin(*choice, easy, at_s(now_s_));
        now_s_ += 0.1;
        call.first_token(at_s(now_s_));
        now_s_ += 0.3;
        call.end(60, true, at_s(now_s_));
    }
    EXPECT_EQ(confidence(), "strong");
}

TEST_F(SelectorTest, AnAbandonedCallTeachesNothing) {
    const CallShape shape{.prompt_tokens = 500, .answer_tokens = 60};
    const double before = selector_.predict("fast", shape, at_s(0)).total_ms;
    {
        ObservedCall call = selector_.begin("fast", shape, at_s(0));
        ObservedCall moved = std::move(call);
        call.end(5, true, at_s(9));  // NOLINT(bugprone-use-after-move): does nothing
    }
    EXPECT_EQ(selector_.predict("fast", shape, at_s(0)).total_ms, before);
    ObservedCall unknown = selector_.begin("gone", shape, at_s(0));
    unknown.first_token(at_s(1));
    unknown.end(5, true, at_s(2));
    EXPECT_EQ(selector_.predict("gone", shape, at_s(0)).total_ms, 0);
}

TEST_F(SelectorTest, ServesManyShardsAtOnce) {
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < 4; ++t) {
        threads.emplace_back([this, t] {
            for (uint64_t i = 0; i < 500; ++i) {
                ChoiceRequest request{.intent = "faq",
                                      .complexity = 0.7,
                                      .shape = {.prompt_tokens = 500, .answer_tokens = 60},
                                      .limits = {.total_ms = 2500},
                                      .seed = t * 1000 + i};
                const auto choice = selector_.choose(request, policy_, {});
                ObservedCall call = selector_.begin(*choice, request);
                call.first_token();
                call.end(static_cast<int64_t>(i % 7), i % 3 != 0);
                selector_.record_outcome("faq", Tier::kHigh, choice->chosen().name, {1, 1});
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_FALSE(selector_.outcomes().empty());
}

}  // namespace
}  // namespace hayate::route
