#include "io/runtime/shard.hpp"

#include <exception>
#include <string>

#include <pthread.h>

#include "core/base/log.hpp"

namespace hayate::runtime {
namespace {

thread_local Shard* current_shard = nullptr;

}  // namespace

Shard::Shard(uint32_t index, std::chrono::microseconds busy_poll)
    : index_(index), busy_poll_(busy_poll), keep_alive_(context_.get_executor()) {}

Shard* Shard::current() { return current_shard; }

void Shard::run() {
    current_shard = this;
    pthread_setname_np(pthread_self(), ("shard" + std::to_string(index_)).c_str());
    while (!context_.stopped()) {
        try {
            if (busy_poll_.count() == 0) {
                context_.run();
            } else {
                run_polling();
            }
        } catch (const std::exception& error) {
            base::log_error("shard_handler_threw", {{"shard", index_}, {"what", error.what()}});
        }
    }
    current_shard = nullptr;
}

/// While events are few, an empty-handed poll is repeated: a sleeping core would be slow to wake.
/// Once they are many the shard hardly sleeps for long, and polling would spend several times on
/// waiting what it spends on the events; then it sleeps as others do.
void Shard::run_polling() {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kWindow(20);
    constexpr int64_t kFew = 40;  // handlers in a window: 2,000 a second
    Clock::time_point last_event = Clock::now();
    Clock::time_point window_begin = last_event;
    int64_t handled = 0;
    bool are_many = false;
    while (!context_.stopped()) {
        size_t ready = context_.poll();
        if (ready == 0) {
            if (!are_many && Clock::now() - last_event < busy_poll_) continue;
            ready = context_.run_one();
        }
        last_event = Clock::now();
        handled += static_cast<int64_t>(ready);
        const auto elapsed = last_event - window_begin;
        if (elapsed < kWindow) continue;
        are_many = handled * kWindow > kFew * elapsed;
        handled = 0;
        window_begin = last_event;
    }
}

Shards::Shards(uint32_t count, std::chrono::microseconds busy_poll) {
    for (uint32_t i = 0; i < count; ++i) {
        shards_.push_back(std::make_unique<Shard>(i, busy_poll));
    }
}

void Shards::start() {
    for (auto& shard : shards_) {
        threads_.emplace_back([&shard = *shard] { shard.run(); });
    }
}

void Shards::stop_and_join() {
    for (auto& shard : shards_) shard->context_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Shards::post_to_all(const std::function<void(Shard&)>& work) {
    for (auto& shard : shards_) {
        shard->post([work, &target = *shard] { work(target); });
    }
}

}  // namespace hayate::runtime
