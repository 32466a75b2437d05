#pragma once
// StreamHub: finds an answer's log by its response id, on whichever shard it lives, and reads it
// from here. A local reader reads the log itself; a remote one gets shared events through a bounded
// mailbox, and is cut (with its cursor good for another try) when it falls too far behind.

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"
#include "engine/stream/stream_log.hpp"
#include "io/runtime/mailbox.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::stream {

/// An attached reader, for the shard that made it.
class AnswerReader {
  public:
    virtual ~AnswerReader() = default;
    /// As StreamReader::next. An empty batch without a last event before it means cancelled or cut.
    virtual Task<std::vector<wire::SharedEvent>> next(CancelToken token) = 0;
};

class StreamHub {
  public:
    struct Options {
        size_t ended_logs_max = 512;                // per shard, kept for those who come back
        size_t ended_bytes_max = 16 * 1024 * 1024;  // per shard
    };
    StreamHub(runtime::Shards& shards, Options options);
    ~StreamHub();
    StreamHub(const StreamHub&) = delete;
    StreamHub& operator=(const StreamHub&) = delete;

    /// Makes a log on the calling shard and keeps it: while it runs, and for a while after its end.
    std::shared_ptr<StreamLog> create(std::string owner, Duration detached_time);

    /// kNotFound when the log is gone, never was, or is someone else's: they look alike.
    Task<Result<std::unique_ptr<AnswerReader>>> attach(std::string response_id, std::string owner,
                                                       uint64_t after_seq);
    /// Asks the turn to stop, wherever it runs. Unknown and foreign ids are ignored.
    void stop(const std::string& response_id, const std::string& owner);
    /// Answers in progress on the calling shard.
    [[nodiscard]] size_t running() const;

  private:
    struct Bench;  // the logs of one shard
    [[nodiscard]] Bench& here() const;
    static std::shared_ptr<StreamLog> find(Bench& bench, const std::string& id,
                                           const std::string& owner);

    runtime::Shards& shards_;
    Options options_;
    std::vector<std::unique_ptr<Bench>> benches_;  // by shard; each touched on its shard only
};

}  // namespace hayate::stream
