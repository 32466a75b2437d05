#pragma once
// StreamLog: one answer as a bounded log of numbered events. One writer (the turn) appends; any
// number of readers on the same shard attach at a cursor and get every event after it exactly once.
// Readers elsewhere go through StreamHub.
//
// The log also knows whether anybody is still interested: when the last reader has left for longer
// than the grace time, it calls back, and the turn ends its work.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/wire/answer_event.hpp"
#include "io/runtime/event.hpp"

namespace hayate::stream {

class StreamReader;

class StreamLog : public std::enable_shared_from_this<StreamLog> {
  public:
    struct Options {
        std::string response_id;
        std::string owner;  // who may read and stop it
        size_t bytes_max = 1024 * 1024;
        Duration detached_time{};  // without a reader for so long: abandoned
    };
    StreamLog(const runtime::Executor& executor, Options options);

    [[nodiscard]] const std::string& response_id() const { return options_.response_id; }
    [[nodiscard]] const std::string& owner() const { return options_.owner; }

    /// Appends and wakes the readers. After the last event (final or error) nothing more is taken.
    /// False when the log is full: the writer should end the answer; the last event itself is
    /// always taken.
    bool append(decltype(wire::AnswerEvent::body) body);
    [[nodiscard]] bool is_ended() const { return is_ended_; }
    [[nodiscard]] uint64_t last_seq() const { return events_.size(); }
    [[nodiscard]] size_t bytes() const { return bytes_; }

    /// Called at most once, when nobody was interested for the grace time. Dropped when the answer
    /// ends.
    void on_abandoned(std::function<void()> callback);
    /// Ends the turn on behalf of its customer; no effect after the end.
    void stop();
    void on_stop(std::function<void()> callback) { stop_ = std::move(callback); }

    /// From the event after `after_seq`; 0 reads everything.
    [[nodiscard]] std::unique_ptr<StreamReader> read_from(uint64_t after_seq);

  private:
    friend class StreamReader;
    void arm_detached();

    runtime::Executor executor_;
    Options options_;
    std::vector<wire::SharedEvent> events_;
    size_t bytes_ = 0;
    bool is_ended_ = false;
    std::vector<StreamReader*> readers_;
    runtime::Timer detached_;
    std::function<void()> abandoned_;
    std::function<void()> stop_;
};

class StreamReader {
  public:
    StreamReader(std::shared_ptr<StreamLog> log, uint64_t after_seq);
    ~StreamReader();
    StreamReader(const StreamReader&) = delete;
    StreamReader& operator=(const StreamReader&) = delete;

    /// All events after the cursor, at least one; empty when the answer has ended and all was read,
    /// or when cancelled.
    Task<std::vector<wire::SharedEvent>> next(CancelToken token);
    [[nodiscard]] uint64_t cursor() const { return cursor_; }

  private:
    friend class StreamLog;
    std::shared_ptr<StreamLog> log_;
    uint64_t cursor_;
    runtime::Event arrived_;
};

}  // namespace hayate::stream
