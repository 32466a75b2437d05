#include "io/runtime/shard.hpp"

#include <exception>
#include <string>

#include <pthread.h>

#include "core/base/log.hpp"

namespace hayate::runtime {
namespace {

thread_local Shard* current_shard = nullptr;

}  // namespace

Shard::Shard(uint32_t index, double awake_early)
    : index_(index), keep_alive_(context_.get_executor()), lookout_(context_, awake_early) {}

Shard* Shard::current() { return current_shard; }

void Shard::run() {
    current_shard = this;
    pthread_setname_np(pthread_self(), ("shard" + std::to_string(index_)).c_str());
    while (!context_.stopped()) {
        try {
            context_.run();
        } catch (const std::exception& error) {
            base::log_error("shard_handler_threw", {{"shard", index_}, {"what", error.what()}});
        }
    }
    current_shard = nullptr;
}

Shards::Shards(uint32_t count, double awake_early) {
    for (uint32_t i = 0; i < count; ++i) {
        shards_.push_back(std::make_unique<Shard>(i, awake_early));
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
