#include "engine/gather/gather.hpp"

#include <gtest/gtest.h>

#include "test/support/test_shard.hpp"

namespace hayate::gather {
namespace {

/// A source that ends when the test says so, or never.
class FakeSource : public Source {
  public:
    enum class Does : uint8_t { kAnswer, kFail, kHang };
    FakeSource(std::string name, Does does) : name_(std::move(name)), does_(does) {}
    [[nodiscard]] std::string name() const override { return name_; }
    Task<Result<Contribution>> fetch(Question /*question*/, store::Wait wait) override {
        if (does_ == Does::kFail) co_return fail(ErrorKind::kUnavailable, name_, "down");
        if (does_ == Does::kHang) {
            co_await runtime::sleep_until(Deadline::never(), wait.token);
            co_return fail(runtime::cancelled_error(wait.token.reason(), name_));
        }
        co_await runtime::yield_now();
        co_return [name = name_](Gathered& into) {
            into.asked_order = into.asked_order.value_or("") + name;
        };
    }

  private:
    std::string name_;
    Does does_;
};

SourcePlan plan_of(std::string name, FakeSource::Does does, bool is_required = false) {
    return {std::make_shared<FakeSource>(std::move(name), does), std::chrono::milliseconds(200),
            is_required};
}

GatherResult run(test::TestShard& host, std::vector<SourcePlan> plan, Duration soft_wait) {
    GatherResult result = host.run([=]() -> Task<GatherResult> {
        co_return co_await gather(plan, {}, soft_wait, Deadline::never(), {}, base::Clock::now());
    });
    EXPECT_EQ(runtime::TaskScope::live_total(), 0);
    return result;
}

using Does = FakeSource::Does;

TEST(Gather, ReturnsWhatCameAndNamesWhatDidNot) {
    test::TestShard host;
    const auto result = run(
        host, {plan_of("a", Does::kAnswer), plan_of("b", Does::kFail), plan_of("c", Does::kHang)},
        std::chrono::milliseconds(20));
    EXPECT_EQ(result.data.asked_order, "a");
    EXPECT_EQ(result.missing.at("b"), "down");
    EXPECT_EQ(result.missing.at("c"), "too slow");
    EXPECT_EQ(result.spans.size(), 3U);
}

TEST(Gather, WaitsForARequiredSourceBeyondTheSoftWait) {
    test::TestShard host;
    const auto result =
        run(host, {plan_of("optional", Does::kHang), plan_of("required", Does::kHang, true)},
            std::chrono::milliseconds(1));
    double optional_end = 0;
    double required_end = 0;
    for (const auto& span : result.spans)
        (span.name == "optional" ? optional_end : required_end) = span.end_ms;
    EXPECT_LT(optional_end, required_end);
    EXPECT_EQ(result.missing.size(), 2U);
}

TEST(Gather, EndsAtOnceWhenTheTurnIsCancelled) {
    test::TestShard host;
    const auto missing = host.run([]() -> Task<size_t> {
        CancelSource turn;
        const runtime::DeadlineGuard guard(co_await runtime::current_executor(), turn,
                                           Deadline::after(std::chrono::milliseconds(5)));
        SourcePlan plan = plan_of("a", Does::kHang, true);
        plan.timeout = std::chrono::hours(1);
        const auto result = co_await gather({plan}, {}, std::chrono::hours(1), Deadline::never(),
                                            turn.token(), base::Clock::now());
        co_return result.missing.size();
    });
    EXPECT_EQ(missing, 1U);
}

}  // namespace
}  // namespace hayate::gather
