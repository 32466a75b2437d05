#include "io/runtime/blocking_pool.hpp"

#include <utility>

#include <pthread.h>

namespace hayate::runtime {

BlockingPool::BlockingPool(Options options) : options_(std::move(options)) {
    for (size_t i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this, i] { loop(i); });
        pthread_setname_np(threads_.back().native_handle(),
                           (options_.name.substr(0, 13) + std::to_string(i)).c_str());
    }
}

BlockingPool::~BlockingPool() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool BlockingPool::try_post(std::function<void(size_t)> work) {
    {
        const std::lock_guard lock(mutex_);
        if (is_closing_ || queue_.size() >= options_.queue_max) return false;
        queue_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
}

void BlockingPool::loop(size_t thread) {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
        if (queue_.empty()) return;
        {
            const auto work = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            work(thread);
        }  // destroyed outside the lock
        lock.lock();
    }
}

}  // namespace hayate::runtime
