#pragma once
// A mock server on its own shard, for tests of the mock and of the providers.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "app/mock/mock_server.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::mock {

class MockHost {
  public:
    /// `simulation` is a list as in `x-mock`, on top of an immediate answer.
    explicit MockHost(std::string_view simulation = "", std::string key = "") {
        MockOptions options{.key = base::Secret(std::move(key))};
        EXPECT_TRUE(model::set_options(options.simulation, "ttft=0,rate=0"));
        EXPECT_TRUE(model::set_options(options.simulation, simulation));
        options.log = std::make_shared<MockLog>();
        options.log->on_end([this](const MockRecord& record) {
            const std::lock_guard lock(mutex_);
            ended_.push_back(record);
            one_ended_.notify_all();
        });
        log_ = options.log;
        shard_.call([&] {
            server_ = std::make_unique<MockServer>(shard_.executor(), std::move(options));
            EXPECT_TRUE(server_->listen());
            port_ = server_->port();
            return 0;
        });
    }
    ~MockHost() { stop(); }
    MockHost(const MockHost&) = delete;
    MockHost& operator=(const MockHost&) = delete;

    /// From now on connections are refused.
    void stop() {
        if (!server_) return;
        shard_.run([this]() -> Task<void> {
            co_await server_->close();
            server_.reset();
        });
    }
    [[nodiscard]] uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    [[nodiscard]] test::TestShard& shard() { return shard_; }
    [[nodiscard]] MockLog& log() { return *log_; }
    [[nodiscard]] int64_t connections_total() {
        return shard_.call(
            [this]() -> int64_t { return server_->http().stats().connections_total; });
    }
    /// The record of the n-th request that ended; waits for it.
    MockRecord ended(size_t index = 0) {
        std::unique_lock lock(mutex_);
        const bool has_come =
            one_ended_.wait_for(lock, test::kPatience, [&] { return ended_.size() > index; });
        EXPECT_TRUE(has_come) << "the request did not end";
        return has_come ? ended_[index] : MockRecord{};
    }

  private:
    test::TestShard shard_;
    std::shared_ptr<MockLog> log_;
    std::unique_ptr<MockServer> server_;
    uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable one_ended_;
    std::vector<MockRecord> ended_;  // guarded by mutex_
};

}  // namespace hayate::mock
