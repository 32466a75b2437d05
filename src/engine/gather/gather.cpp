#include "engine/gather/gather.hpp"

#include <utility>

namespace hayate::gather {
namespace {

using runtime::TaskScope;

/// One gather in progress; lives in the frame of `gather`, which joins all children before it
/// returns.
struct Round {
    Round(const runtime::Executor& executor, const CancelToken& token)
        : optional_ones(executor, token), required_ones(executor, token) {}

    TaskScope optional_ones;
    TaskScope required_ones;
    Question question;
    Deadline deadline = Deadline::never();
    TimePoint begin;
    GatherResult result;

    [[nodiscard]] double now_ms() const { return base::to_ms(base::Clock::now() - begin); }

    Task<void> fetch(SourcePlan plan, CancelToken token) {
        const std::string name = plan.source->name();
        const double start = now_ms();
        const Deadline own = deadline.capped(plan.timeout);
        auto fetched = co_await runtime::with_deadline(
            [&](CancelToken limited) -> Task<Result<Contribution>> {
                co_return co_await plan.source->fetch(question,
                                                      {.deadline = own, .token = limited});
            },
            own, token);
        if (fetched) {
            (*fetched)(result.data);
            result.spans.push_back({name, start, now_ms(), "ok"});
            co_return;
        }
        const bool is_late = fetched.error().kind == ErrorKind::kTimeout ||
                             fetched.error().kind == ErrorKind::kCancelled;
        result.missing[name] = is_late ? "too slow" : fetched.error().internal;
        result.spans.push_back({name, start, now_ms(), is_late ? "timeout" : "error"});
    }
};

}  // namespace

Task<GatherResult> gather(std::vector<SourcePlan> plan, Question question, Duration soft_wait,
                          Deadline deadline, CancelToken token, TimePoint trace_begin) {
    const runtime::Executor executor = co_await runtime::current_executor();
    Round round(executor, token);
    round.question = std::move(question);
    round.deadline = deadline;
    round.begin = trace_begin;
    for (SourcePlan& one : plan) {
        TaskScope& scope = one.is_required ? round.required_ones : round.optional_ones;
        scope.spawn([&round, one, limit = scope.token()] { return round.fetch(one, limit); });
    }
    // The soft wait ends optional sources only; the required ones run to their own timeouts.
    CancelSource soft(token);
    const runtime::CancelSubscription end_optional(
        soft.token(), [&round](CancelReason reason) { round.optional_ones.cancel(reason); });
    const runtime::DeadlineGuard guard(executor, soft, deadline.capped(soft_wait));
    co_await round.required_ones.join();
    co_await round.optional_ones.join();
    co_return std::move(round.result);
}

}  // namespace hayate::gather
