#include "io/model/endpoints/attempt.hpp"

#include <algorithm>
#include <utility>

#include "io/runtime/scope.hpp"

namespace hayate::model {

CallOutcome outcome_of(const Error& error) {
    if (error.is_permanent) return CallOutcome::kRefused;
    switch (error.kind) {
        case ErrorKind::kRateLimited:
            return CallOutcome::kLimited;
        case ErrorKind::kUnauthenticated:
        case ErrorKind::kForbidden:
            return CallOutcome::kRefused;
        case ErrorKind::kBusy:
        case ErrorKind::kTimeout:
        case ErrorKind::kUnavailable:
        case ErrorKind::kUpstream:
            return CallOutcome::kFailed;
        case ErrorKind::kBadRequest:
        case ErrorKind::kNotFound:
        case ErrorKind::kConflict:
        case ErrorKind::kTooLarge:
        case ErrorKind::kCancelled:
        case ErrorKind::kInternal:
            break;
    }
    return CallOutcome::kNeutral;
}

Attempt::Attempt(std::shared_ptr<EndpointModel::Core> core, Balancer::Pick pick,
                 const CancelToken& parent)
    : core_(std::move(core)), pick_(pick), cancel_(parent) {}

Attempt::~Attempt() {
    stream.reset();  // before the source whose token it was given
    const std::lock_guard lock(core_->mutex);
    core_->balancer.release(pick_);
}

void Attempt::launch(std::shared_ptr<Attempt> attempt, ModelRequest request,
                     std::shared_ptr<runtime::Event> changed, const runtime::Executor& executor) {
    // std::function wants to be copied; the request is moved out of it when the coroutine begins.
    const auto shared = std::make_shared<ModelRequest>(std::move(request));
    runtime::spawn_detached(executor,
                            [attempt = std::move(attempt), shared, changed = std::move(changed)] {
                                return run(attempt, std::move(*shared), changed);
                            });
}

Task<void> Attempt::run(std::shared_ptr<Attempt> attempt, ModelRequest request,
                        std::shared_ptr<runtime::Event> changed) {
    Model& model = *attempt->core_->endpoints[attempt->pick_.endpoint];
    auto started = co_await model.start(std::move(request), attempt->cancel_.token());
    if (started) {
        attempt->stream = std::move(*started);
        Status read = co_await attempt->read_first();
        if (!read) {
            attempt->stream.reset();
            attempt->error = std::move(read.error());
        }
    } else {
        attempt->error = std::move(started.error());
    }
    attempt->is_done_ = true;
    changed->notify();
}

Task<Status> Attempt::read_first() {
    const auto is_answer = [](const ModelEvent& event) {
        return !std::holds_alternative<Usage>(event);
    };
    while (std::ranges::none_of(events, is_answer)) {
        auto more = co_await stream->next();
        if (!more) co_return fail(std::move(more.error()));
        if (more->empty()) co_return Status{};  // an answer without a word
        std::ranges::move(*more, std::back_inserter(events));
    }
    co_return Status{};
}

void Attempt::report(const Error& why) {
    // A caller in a hurry is no proof against an endpoint.
    const bool is_hurry =
        why.kind == ErrorKind::kTimeout && base::Clock::now() - begun_ < core_->options.overdue_min;
    report(is_hurry ? CallOutcome::kNeutral : outcome_of(why), why.retry_after);
}

void Attempt::report_broken(const Error& why) {
    if (cancel_.token().is_cancelled() || outcome_of(why) != CallOutcome::kFailed) return;
    const std::lock_guard lock(core_->mutex);
    core_->balancer.report(pick_, CallOutcome::kFailed, base::Clock::now());
}

void Attempt::report(CallOutcome outcome, std::optional<milliseconds> retry_after) {
    if (std::exchange(is_reported_, true)) return;
    const std::lock_guard lock(core_->mutex);
    core_->balancer.report(pick_, outcome, base::Clock::now(), retry_after);
}

void Attempt::report_first_token() {
    const TimePoint now = base::Clock::now();
    const std::lock_guard lock(core_->mutex);
    core_->balancer.first_token(pick_.endpoint, base::to_ms(now - begun_), now);
}

}  // namespace hayate::model
