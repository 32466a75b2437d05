#pragma once
// Mailbox<T>: values from any thread to one coroutine on one shard, in order. Producers never wait;
// the owner drains all that has come in one go, so a burst costs one wake-up. Bounded: `push`
// reports when the reader is too far behind.

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "io/runtime/event.hpp"

namespace hayate::runtime {

/// Always held by shared_ptr: a producer's wake-up may still be on its way when the reader has
/// gone.
template <class T>
class Mailbox : public std::enable_shared_from_this<Mailbox<T>> {
  public:
    Mailbox(const Executor& executor, size_t items_max)
        : executor_(executor), items_max_(items_max), arrived_(executor) {}

    /// From any thread. False when full: the item was not taken.
    [[nodiscard]] bool push(T item) {
        bool needs_wake = false;
        {
            const std::lock_guard lock(mutex_);
            if (items_.size() >= items_max_) return false;
            needs_wake = items_.empty();
            items_.push_back(std::move(item));
        }
        if (needs_wake) {
            asio::post(executor_, [self = this->shared_from_this()] { self->arrived_.notify(); });
        }
        return true;
    }

    /// On the owning shard. Everything that has come; empty after the deadline or a cancellation.
    Task<std::vector<T>> drain(Deadline deadline, CancelToken token) {
        while (true) {
            std::vector<T> batch;
            {
                const std::lock_guard lock(mutex_);
                batch.swap(items_);
            }
            if (!batch.empty()) co_return batch;
            if (co_await arrived_.wait(deadline, token) != WaitResult::kNotified) co_return batch;
        }
    }

  private:
    Executor executor_;
    size_t items_max_;
    std::mutex mutex_;
    std::vector<T> items_;  // guarded by mutex_
    Event arrived_;         // of the owning shard
};

}  // namespace hayate::runtime
