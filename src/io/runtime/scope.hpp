#pragma once
// TaskScope: children that cannot outlive their owner. The owner starts them, may cancel them, and
// joins them before it goes; a scope destroyed with children alive is a bug and aborts.

#include <functional>

#include "io/runtime/cancel.hpp"
#include "io/runtime/event.hpp"
#include "io/runtime/task.hpp"

namespace hayate::runtime {

class TaskScope {
  public:
    explicit TaskScope(const Executor& executor, const CancelToken& parent = {});
    ~TaskScope();
    TaskScope(const TaskScope&) = delete;
    TaskScope& operator=(const TaskScope&) = delete;

    /// Starts a child at the next turn of the loop. It should honour `token()`.
    /// An exception that leaves a child is logged and counted as a bug; it never reaches the loop.
    void spawn(std::function<Task<void>()> child);
    [[nodiscard]] CancelToken token() const { return cancel_.token(); }
    void cancel(CancelReason reason) { cancel_.cancel(reason); }
    /// Waits until every child has ended. Not cancellable: children are, through the token.
    Task<void> join();
    [[nodiscard]] size_t live() const { return live_; }
    /// Children alive in the whole process, over all scopes: returns to its base after a test.
    [[nodiscard]] static int64_t live_total();

  private:
    Executor executor_;
    CancelSource cancel_;
    Event child_ended_;
    size_t live_ = 0;
};

/// Starts a root task that belongs to no scope: only for what lives as long as its shard.
void spawn_detached(const Executor& executor, std::function<Task<void>()> root);

/// Cancels a source at a deadline, unless destroyed before.
class DeadlineGuard {
  public:
    DeadlineGuard(const Executor& executor, CancelSource& source, Deadline deadline);
    ~DeadlineGuard() { timer_.cancel(); }
    DeadlineGuard(const DeadlineGuard&) = delete;
    DeadlineGuard& operator=(const DeadlineGuard&) = delete;

  private:
    Timer timer_;
};

/// Runs `work(token)` and cancels that token at the deadline. Returns when the work has returned.
template <class Work>
auto with_deadline(Work work, Deadline deadline, CancelToken parent)
    -> decltype(work(CancelToken{})) {
    CancelSource source(parent);
    const DeadlineGuard guard(co_await current_executor(), source, deadline);
    co_return co_await work(source.token());
}

}  // namespace hayate::runtime
