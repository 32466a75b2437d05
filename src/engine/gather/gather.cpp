#include "engine/gather/gather.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/gather/gather_machine.hpp"

namespace hayate::gather {
namespace {

using runtime::TaskScope;
using End = GatherMachine::End;

std::vector<std::string> needs_of(const SourcePlan& plan) {
    std::vector<std::string> needs = plan.source->needs();
    for (const std::string& need : plan.needs) {
        if (std::ranges::count(needs, need) == 0) needs.push_back(need);
    }
    return needs;
}

std::vector<GatherMachine::Part> parts_of(const std::vector<SourcePlan>& plan) {
    std::vector<GatherMachine::Part> parts;
    parts.reserve(plan.size());
    for (const SourcePlan& one : plan) {
        parts.push_back({.name = one.shown_name(),
                         .needs = needs_of(one),
                         .timeout = one.timeout,
                         .is_required = one.is_required,
                         .soft_wait = one.soft_wait});
    }
    return parts;
}

/// One gather in progress; lives in the frame of `gather`, which joins all children before it
/// returns.
class Round {
  public:
    Round(const runtime::Executor& executor, const CancelToken& token, std::vector<SourcePlan> plan,
          Question question, const GatherMachine::Limits& limits)
        : plan_(std::move(plan)),
          question_(std::move(question)),
          machine_(parts_of(plan_), limits),
          turn_(token),
          children_(executor, token) {}

    Task<GatherResult> play(TimePoint trace_begin) {
        start(machine_.begin());
        co_await children_.join();
        co_return GatherResult{.data = std::move(data_),
                               .spans = machine_.spans(trace_begin),
                               .missing = machine_.missing(),
                               .is_answered = machine_.is_answered()};
    }

  private:
    void start(const std::vector<GatherMachine::StartAction>& actions) {
        for (const auto& action : actions) {
            children_.spawn([this, action] { return fetch(action); });
        }
    }

    Task<void> fetch(GatherMachine::StartAction action) {
        auto fetched = co_await bring(action);
        const TimePoint now = base::Clock::now();
        if (!fetched) {
            start(machine_.ended(action.part, how_ended(fetched.error()),
                                 why(std::move(fetched.error())), now));
            co_return;
        }
        const bool is_answer = !fetched->is_answer_because.empty();
        const auto next = machine_.ended(action.part, is_answer ? End::kIsAnswer : End::kCame,
                                         std::move(fetched->is_answer_because), now);
        if (machine_.is_in(action.part) && fetched->add) fetched->add(data_);
        start(next);
        if (is_answer) children_.cancel(CancelReason::kLostRace);
    }

    Task<Result<Contribution>> bring(GatherMachine::StartAction action) {
        const CancelToken token = children_.token();
        if (token.is_cancelled()) co_return fail(cancelled_error(token.reason(), "gather"));
        const SourcePlan& mine = plan_[action.part];
        Question question = question_;
        if (!needs_of(mine).empty()) question.known = std::make_shared<const Gathered>(data_);
        co_return co_await runtime::with_deadline(
            [&](CancelToken limited) -> Task<Result<Contribution>> {
                co_return co_await mine.source->fetch(std::move(question),
                                                      {.deadline = action.until, .token = limited});
            },
            action.until, token);
    }

    [[nodiscard]] End how_ended(const Error& error) const {
        if (turn_.is_cancelled()) return End::kCancelled;
        return error.kind == ErrorKind::kTimeout ? End::kLate : End::kFailed;
    }
    static std::string why(Error error) {
        return error.kind == ErrorKind::kTimeout ? "too slow" : std::move(error.internal);
    }

    std::vector<SourcePlan> plan_;
    Question question_;
    GatherMachine machine_;
    CancelToken turn_;
    Gathered data_;
    TaskScope children_;
};

}  // namespace

std::vector<config::NeedProblem> check_plan(const std::vector<SourcePlan>& plan) {
    config::SourceNeeds needs;
    for (const SourcePlan& one : plan) needs[one.shown_name()] = needs_of(one);
    return config::problems_of_needs(needs);
}

std::vector<SourcePlan> select(const std::vector<SourcePlan>& plan,
                               const std::vector<std::string>& names) {
    std::vector<std::string> wanted = names;
    for (size_t i = 0; i < wanted.size(); ++i) {  // grows while it is walked
        const auto found = std::ranges::find(plan, wanted[i], &SourcePlan::shown_name);
        if (found == plan.end()) continue;
        for (std::string& need : needs_of(*found)) {
            if (std::ranges::count(wanted, need) == 0) wanted.push_back(std::move(need));
        }
    }
    std::vector<SourcePlan> selected;
    std::ranges::copy_if(plan, std::back_inserter(selected), [&](const SourcePlan& one) {
        return std::ranges::count(wanted, one.shown_name()) > 0;
    });
    return selected;
}

Task<GatherResult> gather(std::vector<SourcePlan> plan, Question question, Duration soft_wait,
                          Deadline deadline, CancelToken token, TimePoint trace_begin) {
    const runtime::Executor executor = co_await runtime::current_executor();
    Round round(executor, token, std::move(plan), std::move(question),
                {.soft_wait = soft_wait, .deadline = deadline, .now = base::Clock::now()});
    co_return co_await round.play(trace_begin);
}

}  // namespace hayate::gather
