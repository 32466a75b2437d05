#pragma once
// What the mock server was asked and how each request ended, so that a test can assert that a call
// was closed. The newest requests are kept. Thread-safe: the shards of one mock share a log.

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace hayate::mock {

struct MockRecord {
    uint64_t id = 0;
    std::string path;
    std::string model;
    std::string body;        // as it came, at most the log's limit
    int64_t started_ms = 0;  // since 1970
    int status = 200;
    int64_t tokens = 0;  // sent
    bool is_stream = false;
    bool is_live = true;
    bool is_finished = false;  // with an end marker
    bool closed_by_client = false;
};

class MockLog {
  public:
    struct Limits {
        size_t records_max = 1000;
        size_t body_bytes_max = 4096;
    };
    MockLog() : MockLog(Limits{}) {}
    explicit MockLog(Limits limits) : limits_(limits) {}

    /// Returns the record's id. The oldest record makes room.
    uint64_t begin(MockRecord record);
    /// The record of that id gets its final values, unless it was forgotten already.
    void end(const MockRecord& record);
    [[nodiscard]] std::vector<MockRecord> records() const;
    /// {"requests":[{"id",...}]}, oldest first.
    [[nodiscard]] std::string json() const;
    /// Called on the request's shard when a request has ended. Set it before the first request.
    void on_end(std::function<void(const MockRecord&)> listener) {
        listener_ = std::move(listener);
    }

  private:
    Limits limits_;
    mutable std::mutex mutex_;
    std::deque<MockRecord> records_;  // guarded by mutex_
    uint64_t next_id_ = 1;            // guarded by mutex_
    std::function<void(const MockRecord&)> listener_;
};

}  // namespace hayate::mock
