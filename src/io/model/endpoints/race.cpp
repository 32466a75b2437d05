#include "io/model/endpoints/race.hpp"

#include <algorithm>
#include <utility>

namespace hayate::model {
namespace {

/// A token is about four bytes of text; what a provider bills for a call that was cut short is not
/// known any better.
int64_t estimated_prompt_tokens(const ModelRequest& request) {
    size_t bytes = request.system.size() + request.openai_passthrough.size();
    for (const Message& message : request.messages) bytes += message.content.size();
    return static_cast<int64_t>(bytes / 4 + 1);
}

bool is_worth_repeating(const Error& error) {
    const CallOutcome outcome = outcome_of(error);
    return outcome == CallOutcome::kFailed || outcome == CallOutcome::kLimited;
}

}  // namespace

Race::Race(std::shared_ptr<EndpointModel::Core> core, ModelRequest request, CancelToken token,
           const runtime::Executor& executor)
    : core_(std::move(core)),
      request_(std::move(request)),
      token_(std::move(token)),
      executor_(executor),
      retry_until_(request_.first_token_deadline.capped(core_->options.retry_time)),
      changed_(std::make_shared<runtime::Event>(executor)) {
    const std::lock_guard lock(core_->mutex);
    core_->balancer.count_call(base::Clock::now());
}

Error Race::no_endpoint() const {
    Error error = base::private_error(ErrorKind::kUnavailable, core_->source,
                                      "every endpoint has failed lately or asked to be left alone");
    const std::lock_guard lock(core_->mutex);
    const Deadline next(core_->balancer.next_chance());
    error.retry_after = std::chrono::ceil<milliseconds>(next.left());
    return error;
}

bool Race::launch() {
    const TimePoint now = base::Clock::now();
    std::optional<Balancer::Pick> pick;
    std::optional<Duration> delay;
    {
        const std::lock_guard lock(core_->mutex);
        pick = core_->balancer.pick(tried_, now);
        delay = core_->balancer.hedge_delay();
    }
    if (!pick) return false;
    ++tries_;
    tried_.push_back(pick->endpoint);
    running_.push_back(std::make_shared<Attempt>(core_, *pick, token_));
    // An answer that is not streamed is silent until it is whole: its lateness means nothing.
    if (delay && request_.is_streamed) {
        if (tries_ == 1) hedge_at_ = now + *delay;
        const auto factor = core_->options.overdue_factor;
        overdue_after_ = std::max(core_->options.overdue_min,
                                  std::chrono::duration_cast<Duration>(factor * *delay));
    }
    ModelRequest request = request_;
    request.on_extra_call = nullptr;
    Attempt::launch(running_.back(), std::move(request), changed_, executor_);
    return true;
}

void Race::account(std::string_view outcome, bool is_billed) const {
    if (!request_.on_extra_call) return;
    ExtraCall call{.outcome = outcome};
    if (is_billed) {
        call.usage = {.prompt_tokens = estimated_prompt_tokens(request_), .is_estimated = true};
    }
    request_.on_extra_call(call);
}

void Race::abandon(const Attempt* kept, CancelReason reason, std::string_view outcome) {
    for (const AttemptPtr& attempt : running_) {
        if (attempt.get() == kept) continue;
        // What it has taken so far is the least it would have taken.
        if (attempt->error) {
            attempt->report(*attempt->error);
            account(base::shape_of(attempt->error->kind).name, false);
            continue;
        }
        if (reason == CancelReason::kLostRace && request_.is_streamed) {
            // What it has taken so far is the least it would have taken.
            attempt->report_first_token();
        }
        attempt->report(CallOutcome::kNeutral);
        attempt->cancel(reason);
        account(outcome, true);
    }
    running_.clear();
}

Race::AttemptPtr Race::settle() {
    const auto spoken = std::ranges::find_if(
        running_, [](const AttemptPtr& one) { return one->is_done() && one->stream; });
    if (spoken != running_.end()) {
        AttemptPtr winner = *spoken;  // a copy: the list is emptied
        if (request_.is_streamed) winner->report_first_token();
        winner->report(CallOutcome::kOk);
        if (last_error_) account(base::shape_of(last_error_->kind).name, false);
        abandon(winner.get(), CancelReason::kLostRace, name_of(CancelReason::kLostRace));
        return winner;
    }
    for (const AttemptPtr& attempt : running_) {
        if (!attempt->is_done()) continue;
        attempt->report(*attempt->error);
        // The one that is told to the caller is the caller's to account.
        if (last_error_) account(base::shape_of(last_error_->kind).name, false);
        last_error_ = std::move(attempt->error);
        was_probe_ = attempt->pick().is_probe;
    }
    std::erase_if(running_, [](const AttemptPtr& one) { return one->is_done(); });
    return nullptr;
}

bool Race::may_retry() const {
    return tries_ < core_->options.tries_max && !retry_until_.has_passed();
}

Task<bool> Race::retry() {
    if (!may_retry() || !is_worth_repeating(*last_error_)) co_return false;
    const TimePoint now = base::Clock::now();
    TimePoint again = now;
    {
        const std::lock_guard lock(core_->mutex);
        // Probes are few whatever the traffic is; that one fails is no customer's fault.
        if (!was_probe_ && !core_->balancer.try_retry(now)) co_return false;
        const auto most =
            std::min(core_->options.backoff * (1 << (tries_ - 1)), core_->options.backoff_max);
        again += std::chrono::duration_cast<Duration>(core_->balancer.fraction() * most);
        if (!core_->balancer.has_other({}, now)) {
            again = std::max(again, core_->balancer.next_chance());
        }
    }
    if (Deadline(again) >= retry_until_) co_return false;
    if (!co_await runtime::sleep_until(Deadline(again), token_)) co_return false;
    co_return launch();
}

Deadline Race::next_step() const {
    TimePoint next = hedge_at_ ? *hedge_at_ : TimePoint::max();
    if (overdue_after_) {
        for (const AttemptPtr& attempt : running_) {
            if (!attempt->is_reported()) next = std::min(next, attempt->begun() + *overdue_after_);
        }
    }
    return Deadline(next);
}

void Race::hedge() {
    hedge_at_.reset();
    {
        const std::lock_guard lock(core_->mutex);
        if (!core_->balancer.has_other(tried_, base::Clock::now())) return;
        if (!core_->balancer.try_hedge()) return;
    }
    launch();
}

/// It may still win, so it goes on; but it counts as failed, and another one is asked.
void Race::give_up_on(Attempt& attempt) {
    attempt.report(CallOutcome::kFailed);
    if (!may_retry()) return;
    {
        const std::lock_guard lock(core_->mutex);
        const TimePoint now = base::Clock::now();
        if (!core_->balancer.has_other(tried_, now) || !core_->balancer.try_retry(now)) return;
    }
    launch();
}

void Race::take_step() {
    const TimePoint now = base::Clock::now();
    if (hedge_at_ && *hedge_at_ <= now) hedge();
    if (!overdue_after_) return;
    const std::vector<AttemptPtr> running = running_;
    for (const AttemptPtr& attempt : running) {
        if (!attempt->is_reported() && attempt->begun() + *overdue_after_ <= now) {
            give_up_on(*attempt);
        }
    }
}

Task<Result<std::shared_ptr<Attempt>>> Race::go() {
    if (!launch()) co_return fail(no_endpoint());
    while (true) {
        const auto waited = co_await changed_->wait(next_step(), token_);
        if (waited == runtime::WaitResult::kCancelled) break;
        if (AttemptPtr winner = settle()) co_return winner;
        if (waited == runtime::WaitResult::kTimedOut) take_step();
        if (running_.empty() && !co_await retry()) break;
    }
    if (!token_.is_cancelled()) co_return fail(std::move(*last_error_));
    // One of them is the caller's to account; what failed before it and what ran beside it is not.
    if (last_error_ && !running_.empty()) account(base::shape_of(last_error_->kind).name, false);
    const AttemptPtr callers = running_.empty() ? nullptr : running_.front();
    abandon(callers.get(), token_.reason(), runtime::name_of(token_.reason()));
    co_return fail(runtime::cancelled_error(token_.reason(), core_->source));
}

}  // namespace hayate::model
