#pragma once
// Time as a value: a Deadline is made once per piece of work and handed to everything that waits
// for it.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace hayate::base {

using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;
using TimePoint = Clock::time_point;
using std::chrono::milliseconds;

/// A point in time after which waiting makes no sense. Copyable, comparable; `never()` is later
/// than all others.
class Deadline {
  public:
    constexpr explicit Deadline(TimePoint at) : at_(at) {}
    [[nodiscard]] static constexpr Deadline never() { return Deadline(TimePoint::max()); }
    [[nodiscard]] static Deadline after(Duration wait) { return Deadline(Clock::now() + wait); }

    [[nodiscard]] constexpr TimePoint at() const { return at_; }
    [[nodiscard]] constexpr bool is_never() const { return at_ == TimePoint::max(); }
    [[nodiscard]] bool has_passed() const { return !is_never() && Clock::now() >= at_; }
    /// What is left, never negative.
    [[nodiscard]] Duration left(TimePoint now = Clock::now()) const {
        return is_never() ? Duration::max() : std::max(at_ - now, Duration::zero());
    }
    /// The nearer of this deadline and `wait` from now: a stage gets min(its own timeout, what is
    /// left).
    [[nodiscard]] Deadline capped(Duration wait) const {
        return Deadline(std::min(at_, Clock::now() + wait));
    }
    friend constexpr auto operator<=>(Deadline, Deadline) = default;

  private:
    TimePoint at_;
};

/// Milliseconds with fractions, for traces and messages.
[[nodiscard]] inline double to_ms(Duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}

/// Wall clock in milliseconds since 1970, for what is stored or shown; never for measuring.
[[nodiscard]] inline int64_t unix_ms() {
    return std::chrono::duration_cast<milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace hayate::base

namespace hayate {
using base::Clock;
using base::Deadline;
using base::Duration;
using base::milliseconds;
using base::TimePoint;
}  // namespace hayate
