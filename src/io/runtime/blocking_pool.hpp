#pragma once
// BlockingPool: a few threads for libraries that block (SQLite, files, embeddings). A coroutine
// hands over a function and awaits its result; the shard's thread never blocks. The queue is
// bounded: a full one is an error at once.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/base/result.hpp"
#include "io/runtime/event.hpp"

namespace hayate::runtime {

class BlockingPool {
  public:
    struct Options {
        std::string name;  // of the threads, at most 13 characters
        size_t threads = 1;
        size_t queue_max = 1024;
    };
    explicit BlockingPool(Options options);
    /// Finishes what is queued, then joins.
    ~BlockingPool();
    BlockingPool(const BlockingPool&) = delete;
    BlockingPool& operator=(const BlockingPool&) = delete;

    /// False when the queue is full or the pool is closing. `work` gets the index of the thread
    /// that runs it.
    [[nodiscard]] bool try_post(std::function<void(size_t thread)> work);

    /// Runs `work(thread)` (returning Result<T>) on the pool. On cancel or deadline the caller goes
    /// on at once; the work itself still finishes on its thread and its result is dropped, so it
    /// must own what it uses.
    template <class Work>
    auto run(Work work, Deadline deadline, CancelToken token)
        -> Task<std::invoke_result_t<Work, size_t>>;

  private:
    void loop(size_t thread);

    Options options_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void(size_t)>> queue_;  // guarded by mutex_
    bool is_closing_ = false;                        // guarded by mutex_
    std::vector<std::thread> threads_;
};

template <class Work>
auto BlockingPool::run(Work work, Deadline deadline, CancelToken token)
    -> Task<std::invoke_result_t<Work, size_t>> {
    using Outcome = std::invoke_result_t<Work, size_t>;
    struct Shared {
        explicit Shared(const Executor& executor) : done(executor) {}
        Event done;
        std::optional<Outcome> outcome;
    };
    const Executor executor = co_await current_executor();
    const auto shared = std::make_shared<Shared>(executor);
    const bool is_queued =
        // `shared = shared`: a plain capture of a const variable is const, and could not be moved.
        try_post([shared = shared, executor, work = std::move(work)](size_t thread) mutable {
            auto outcome = std::make_shared<Outcome>(work(thread));
            // Moved, not copied: the last reference must die on the shard's thread, which owns the
            // Event's timer.
            asio::post(executor, [shared = std::move(shared), outcome = std::move(outcome)] {
                shared->outcome = std::move(*outcome);
                shared->done.notify();
            });
        });
    if (!is_queued) co_return fail(ErrorKind::kBusy, options_.name, "queue full");
    const WaitResult waited = co_await shared->done.wait(deadline, token);
    if (waited == WaitResult::kNotified) co_return std::move(*shared->outcome);
    if (waited == WaitResult::kCancelled) {
        co_return fail(cancelled_error(token.reason(), options_.name));
    }
    co_return fail(ErrorKind::kTimeout, options_.name, "deadline passed");
}

}  // namespace hayate::runtime
