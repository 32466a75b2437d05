#pragma once
// Running a coroutine to its end from a thread that may wait: the command line.

#include <future>
#include <utility>

#include "io/runtime/scope.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::cli {

/// Runs `work()` on a started shard and returns its value. Never call it on a shard.
template <class Work>
auto wait_for(runtime::Shard& shard, Work work) {
    using Value = typename decltype(work())::value_type;
    std::promise<Value> promise;
    shard.post([&] {
        runtime::spawn_detached(shard.executor(), [&]() -> Task<void> {
            if constexpr (std::is_void_v<Value>) {
                co_await work();
                promise.set_value();
            } else {
                promise.set_value(co_await work());
            }
        });
    });
    return promise.get_future().get();
}

/// The same on a shard of its own.
template <class Work>
auto wait_for(Work work) {
    runtime::Shards shards(1);
    shards.start();
    return wait_for(shards.at(0), std::move(work));
}

}  // namespace hayate::cli
