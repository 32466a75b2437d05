#include "io/runtime/event.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace hayate::runtime {
namespace {

// By thread: a shard's timers live and die on its own, so nothing is shared to count them.
thread_local int64_t pending = 0;

}  // namespace

int64_t pending_timers() { return pending; }

detail::PendingTimer::PendingTimer() { ++pending; }
detail::PendingTimer::~PendingTimer() { --pending; }

Task<WaitResult> Event::wait(Deadline deadline, CancelToken token) {
    if (std::exchange(is_set_, false)) co_return WaitResult::kNotified;
    if (token.is_cancelled()) co_return WaitResult::kCancelled;
    timer_.expires_at(deadline.at());
    const CancelSubscription subscription(token, [this](CancelReason) { timer_.cancel(); });
    {
        const detail::PendingTimer counted;
        co_await timer_.async_wait(kAsTuple);
    }
    // A notification wins over a cancellation or a timeout of the same moment: what came is not
    // thrown away.
    if (std::exchange(is_set_, false)) co_return WaitResult::kNotified;
    co_return token.is_cancelled() ? WaitResult::kCancelled : WaitResult::kTimedOut;
}

Task<bool> sleep_until(Deadline deadline, CancelToken token) {
    Event nobody(co_await current_executor());
    co_return co_await nobody.wait(deadline, token) == WaitResult::kTimedOut;
}

Task<void> yield_now() {
    const Executor executor = co_await current_executor();
    co_await asio::post(executor, asio::use_awaitable_t<Executor>{});
}

}  // namespace hayate::runtime
