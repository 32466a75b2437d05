#pragma once
// Event: one coroutine waits, anybody on the same shard wakes it. The building block of every wait
// that is not a socket. Waiting ends with a notification, the deadline, or cancellation, whichever
// is first.

#include <cstdint>

#include <boost/asio/steady_timer.hpp>

#include "core/base/deadline.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"

namespace hayate::runtime {

enum class WaitResult : uint8_t { kNotified, kTimedOut, kCancelled };

using Timer = asio::basic_waitable_timer<base::Clock, asio::wait_traits<base::Clock>, Executor>;

/// Timers of the calling thread that somebody waits for: on a shard it returns to its base when the
/// work that it did has ended.
[[nodiscard]] int64_t pending_timers();

namespace detail {

/// Counts as a pending timer while it lives, on the thread of one shard.
class PendingTimer {
  public:
    PendingTimer();
    PendingTimer(const PendingTimer& /*other*/) : PendingTimer() {}
    PendingTimer& operator=(const PendingTimer&) = default;
    ~PendingTimer();
};

}  // namespace detail

/// Auto-reset: a notification that comes while nobody waits is kept for the next wait. At most one
/// waiter at a time.
class Event {
  public:
    explicit Event(const Executor& executor) : timer_(executor, base::TimePoint::max()) {}

    void notify() {
        is_set_ = true;
        timer_.cancel();
    }
    Task<WaitResult> wait(Deadline deadline = Deadline::never(), CancelToken token = {});

  private:
    Timer timer_;
    bool is_set_ = false;
};

/// Sleeps until the deadline; true when it was reached, false when cancelled before.
Task<bool> sleep_until(Deadline deadline, CancelToken token = {});

/// Lets everything else that is ready on this shard run first.
Task<void> yield_now();

}  // namespace hayate::runtime
