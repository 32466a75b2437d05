#pragma once
// A shard on its own thread for tests, and blocking helpers to talk to what runs on it.

#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "io/runtime/scope.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::test {

/// Every wait in a test ends after this, as a failure; nothing sleeps for it.
inline constexpr std::chrono::seconds kPatience{20};

class TestShard {
  public:
    TestShard() : shards_(1) { shards_.start(); }
    /// Finishes what was posted to the shard, and what that posted when it ended: the frame of a
    /// task that has answered its test may hold the last reference to something.
    ~TestShard();
    TestShard(const TestShard&) = delete;
    TestShard& operator=(const TestShard&) = delete;
    [[nodiscard]] runtime::Shard& shard() { return shards_.at(0); }
    [[nodiscard]] runtime::Executor executor() { return shards_.at(0).executor(); }

    /// Runs a task on the shard and returns its value to the test's thread.
    template <class Work>
    auto run(Work work) {
        using Value = typename decltype(work())::value_type;
        auto promise = std::make_shared<std::promise<Value>>();
        auto future = promise->get_future();
        shard().post([this, promise, work = std::move(work)] {
            runtime::spawn_detached(executor(), [promise, work]() -> Task<void> {
                if constexpr (std::is_void_v<Value>) {
                    co_await work();
                    promise->set_value();
                } else {
                    promise->set_value(co_await work());
                }
            });
        });
        if (future.wait_for(kPatience) != std::future_status::ready) {
            ADD_FAILURE() << "a task on the shard did not end";
            std::abort();
        }
        return future.get();
    }
    /// Runs a plain function on the shard.
    template <class Work>
    auto call(Work work) {
        return run([work]() -> Task<decltype(work())> { co_return work(); });
    }

  private:
    runtime::Shards shards_;
};

inline TestShard::~TestShard() {
    for (int round = 0; round < 2; ++round) call([] { return true; });
}

/// A blocking TCP client that sends exactly the bytes it is told to.
class RawClient {
  public:
    explicit RawClient(uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    void send(std::string_view bytes);
    /// Reads until `mark` has come or the peer has closed; returns all that was read since the last
    /// call.
    std::string read_until(std::string_view mark);
    /// Reads until the peer closes.
    std::string read_to_end();
    /// The next whole response with a Content-Length.
    std::string read_response();
    void shut_down_sending();
    [[nodiscard]] bool is_closed() const { return is_closed_; }

  private:
    bool fill();
    int fd_;
    std::string buffer_;
    bool is_closed_ = false;
};

}  // namespace hayate::test
