#pragma once
// Being awake when something is due. A core that has slept takes 0.1 ms to wake, several times
// what passing a token on takes; a model's tokens come at an even pace (Rhythm), so the shard wakes
// shortly before the next one and asks the kernel again and again until it is there. Before that it
// rehearses, for the caches of the core are cold, too.

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/deadline.hpp"
#include "io/runtime/rhythm.hpp"

namespace hayate::runtime {

class Lookout {
  public:
    /// At most `share` (0 to 1) of the time is spent on it; 0: none.
    Lookout(boost::asio::io_context& context, double share);

    /// What is to be gone through each time before the thread waits, so that the piece finds its
    /// code and data in the caches. To be called before the context runs.
    void rehearse_with(std::function<void()> rehearsal) { rehearsal_ = std::move(rehearsal); }

    /// The context's thread will be awake in `window`, if by then it has slept for long enough to
    /// be slow and time is left to spend. To be called on that thread, when the piece before came.
    void expect(Window window);

    /// Microseconds that were spent so far. From any thread.
    [[nodiscard]] int64_t spent_us() const { return spent_us_.load(std::memory_order_relaxed); }

  private:
    void arm();
    void keep_watch();
    void open_windows(base::TimePoint now);
    [[nodiscard]] base::Duration allowance(base::TimePoint now);

    boost::asio::io_context& context_;
    double share_;
    std::function<void()> rehearsal_;
    boost::asio::steady_timer alarm_;
    base::TimePoint alarm_at_ = base::TimePoint::max();
    std::vector<Window> expected_;  // a heap, the earliest in front
    base::TimePoint last_piece_{};
    base::Duration between_{};  // two pieces, of whatever stream; decayed
    base::TimePoint allowed_at_{};
    base::Duration allowance_{};
    base::TimePoint watch_until_{};
    int due_ = 0;  // windows that are open and have brought nothing yet
    bool is_watching_ = false;
    std::atomic<int64_t> spent_us_{0};
};

}  // namespace hayate::runtime
