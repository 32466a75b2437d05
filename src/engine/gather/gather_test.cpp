#include "engine/gather/gather.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/support/test_shard.hpp"

namespace hayate::gather {
namespace {

using std::chrono::milliseconds;

/// A source that ends when the test says so, or never.
class FakeSource : public Source {
  public:
    enum class Does : uint8_t { kAnswer, kFail, kHang, kEndAll };
    struct Course {
        Does does = Does::kAnswer;
        int steps = 1;  // turns of the loop before it answers
        Duration delay = Duration::zero();
        std::vector<std::string> needs{};
    };
    FakeSource(std::string name, Course course) : name_(std::move(name)), course_(course) {}
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] std::vector<std::string> needs() const override { return course_.needs; }

    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override {
        for (int i = 0; i < course_.steps && !wait.token.is_cancelled(); ++i) {
            co_await runtime::yield_now();
        }
        if (course_.does == Does::kHang) {
            co_await runtime::sleep_until(Deadline::never(), wait.token);
        } else if (course_.delay > Duration::zero()) {
            co_await runtime::sleep_until(Deadline::after(course_.delay), wait.token);
        }
        if (wait.token.is_cancelled()) {
            co_return fail(runtime::cancelled_error(wait.token.reason(), name_));
        }
        if (course_.does == Does::kFail) co_return fail(ErrorKind::kUnavailable, name_, "down");
        const std::string seen = question.known ? question.known->asked_order.value_or("") : "";
        Contribution contribution = [name = name_, seen](Gathered& into) {
            into.asked_order = into.asked_order.value_or("") + name;
            into.facts.push_back({.source = name, .label = {}, .text = seen});
        };
        if (course_.does == Does::kEndAll) contribution.is_answer_because = "cache hit";
        co_return contribution;
    }

  private:
    std::string name_;
    Course course_;
};

using Does = FakeSource::Does;
using Plan = std::vector<SourcePlan>;

SourcePlan plan_of(std::string name, FakeSource::Course course, bool is_required = false) {
    return {.source = std::make_shared<FakeSource>(std::move(name), std::move(course)),
            .timeout = milliseconds(200),
            .is_required = is_required};
}

Task<GatherResult> gather_now(Plan plan, Duration soft_wait, CancelToken token = {}) {
    co_return co_await gather(std::move(plan), {}, soft_wait, Deadline::never(), token,
                              base::Clock::now());
}

/// Runs it and looks whether anything is left of it.
GatherResult run(test::TestShard& host, const Plan& plan, Duration soft_wait) {
    const int64_t timers = host.call([] { return runtime::pending_timers(); });
    GatherResult result =
        host.run([=]() -> Task<GatherResult> { return gather_now(plan, soft_wait); });
    EXPECT_EQ(runtime::TaskScope::live_total(), 0);
    EXPECT_EQ(host.call([] { return runtime::pending_timers(); }), timers);
    return result;
}

TEST(Gather, ReturnsWhatCameAndNamesWhatDidNot) {
    test::TestShard host;
    const auto result =
        run(host,
            {plan_of("a", {.does = Does::kAnswer}), plan_of("b", {.does = Does::kFail}),
             plan_of("c", {.does = Does::kHang})},
            milliseconds(20));
    EXPECT_EQ(result.data.asked_order, "a");
    EXPECT_EQ(result.missing.at("b"), "down");
    EXPECT_EQ(result.missing.at("c"), "too slow");
    EXPECT_EQ(result.spans.size(), 3U);
}

TEST(Gather, WaitsForARequiredSourceBeyondTheSoftWait) {
    test::TestShard host;
    const auto result = run(host,
                            {plan_of("optional", {.does = Does::kHang}),
                             plan_of("required", {.does = Does::kHang}, true)},
                            milliseconds(1));
    EXPECT_LT(result.spans[0].end_ms, result.spans[1].end_ms);
    EXPECT_EQ(result.missing.size(), 2U);
}

TEST(Gather, GivesADependentWhatHadComeAndStartsItThen) {
    test::TestShard host;
    const auto result = run(host,
                            {plan_of("last", {.steps = 2, .needs = {"first", "second"}}),
                             plan_of("second", {.steps = 5}), plan_of("first", {.steps = 1})},
                            milliseconds(5'000));
    EXPECT_EQ(result.data.asked_order, "firstsecondlast");
    EXPECT_EQ(result.data.facts.back().text, "firstsecond");
    EXPECT_GE(result.spans[0].start_ms, result.spans[1].end_ms);
}

TEST(Gather, EndsEarlyForAnAnswerAndCancelsTheRest) {
    test::TestShard host;
    auto hanging = plan_of("retrieval", {.does = Does::kHang}, true);
    hanging.timeout = std::chrono::hours(1);
    const auto result = run(
        host, {hanging, plan_of("cache", {.does = Does::kEndAll}), plan_of("slow", {.steps = 50})},
        std::chrono::hours(1));
    EXPECT_TRUE(result.is_answered);
    EXPECT_TRUE(result.missing.empty());
    EXPECT_EQ(result.data.asked_order, "cache");
    EXPECT_EQ(result.spans[0].outcome, "cancelled");
    EXPECT_EQ(result.spans[0].detail, "cache hit");
}

TEST(Gather, RefusesAPlanThatCannotWork) {
    EXPECT_TRUE(check_plan({plan_of("a", {}), plan_of("b", {.needs = {"a"}})}).empty());
    auto a = plan_of("a", {});
    a.needs = {"b"};  // of the configuration, beside those of the class
    EXPECT_EQ(check_plan({a, plan_of("b", {.needs = {"a"}})}).size(), 1U);
    EXPECT_EQ(check_plan({plan_of("b", {.needs = {"gone"}})}).front().source, "b");
}

TEST(Gather, SelectsWhatAnIntentWantsWithAllThatItNeeds) {
    const Plan plan{plan_of("a", {}), plan_of("b", {.needs = {"c"}}),
                    plan_of("c", {.needs = {"d"}}), plan_of("d", {.needs = {"b"}}),
                    plan_of("e", {})};
    const auto names = [&](const std::vector<std::string>& wanted) {
        std::string all;
        for (const SourcePlan& one : select(plan, wanted)) all += one.shown_name();
        return all;
    };
    EXPECT_EQ(names({}), "");
    EXPECT_EQ(names({"e", "a", "gone"}), "ae");
    EXPECT_EQ(names({"c"}), "bcd");  // even in a circle it ends
}

/// Five sources of every kind, one of them after another.
Plan all_kinds() {
    Plan plan{plan_of("answers", {.steps = 3}), plan_of("fails", {.does = Does::kFail, .steps = 2}),
              plan_of("hangs", {.does = Does::kHang, .steps = 1}, true),
              plan_of("sleeps", {.steps = 1, .delay = std::chrono::hours(1)}),
              plan_of("after", {.steps = 4, .needs = {"answers"}})};
    for (SourcePlan& one : plan) one.timeout = std::chrono::hours(1);
    return plan;
}

TEST(Gather, LeavesNothingBehindWhereverItIsCancelled) {
    test::TestShard host;
    const int64_t timers = host.call([] { return runtime::pending_timers(); });
    // Each step of the loop is a place where a child may stand; by 40 only the hanging ones wait.
    for (int steps = 0; steps <= 40; ++steps) {
        const auto result = host.run([steps]() -> Task<GatherResult> {
            CancelSource turn;
            runtime::TaskScope other(co_await runtime::current_executor());
            other.spawn([&turn, steps]() -> Task<void> {
                for (int i = 0; i < steps; ++i) co_await runtime::yield_now();
                turn.cancel(CancelReason::kClientGone);
            });
            auto result = co_await gather_now(all_kinds(), std::chrono::hours(1), turn.token());
            co_await other.join();
            co_return result;
        });
        SCOPED_TRACE(steps);
        ASSERT_EQ(runtime::TaskScope::live_total(), 0);
        ASSERT_EQ(host.call([] { return runtime::pending_timers(); }), timers);
        ASSERT_EQ(result.spans.size(), 5U);
        ASSERT_THAT(result.missing, testing::Contains(testing::Key("hangs")));
        ASSERT_EQ(result.data.asked_order.has_value(), !result.missing.contains("answers"));
    }
}

TEST(Gather, KeepsItsPromisesWhateverTheSourcesDo) {
    // 0, 50, 500 and 5,000 ms at a hundredth of their length; what each combination must give is
    // tested in virtual time (gather_machine_test.cpp), that nothing is left behind is tested here.
    static constexpr std::array kDelays{0, 500, 5'000, 50'000};  // microseconds
    test::TestShard host;
    for (uint32_t seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        const auto roll = [&](int below) {
            return std::uniform_int_distribution(0, below - 1)(random);
        };
        Plan plan;
        const int count = 4 + roll(2);
        for (int i = 0; i < count; ++i) {
            const int does = roll(8);
            FakeSource::Course course{
                .does = does == 0   ? Does::kFail
                        : does == 1 ? Does::kHang
                        : does == 2 ? Does::kEndAll
                                    : Does::kAnswer,
                .steps = roll(3),
                .delay = std::chrono::microseconds(kDelays[static_cast<size_t>(roll(4))])};
            for (int j = 0; j < i; ++j) {
                if (roll(5) == 0) course.needs.push_back(std::to_string(j));
            }
            plan.push_back(plan_of(std::to_string(i), course, roll(4) == 0));
            plan.back().timeout = milliseconds(1 + roll(15));
        }
        SCOPED_TRACE(seed);
        const auto result = run(host, plan, milliseconds(roll(8)));
        size_t came = 0;
        for (const auto& span : result.spans) came += span.outcome == "ok" ? 1U : 0U;
        // What came was added exactly once, and what was not counted is named or was cancelled.
        ASSERT_EQ(result.data.facts.size(), came);
        ASSERT_TRUE(result.is_answered || came + result.missing.size() == plan.size());
    }
}

}  // namespace
}  // namespace hayate::gather
