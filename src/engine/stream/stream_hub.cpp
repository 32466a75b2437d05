#include "engine/stream/stream_hub.hpp"

#include <deque>
#include <optional>
#include <utility>

#include "core/base/ids.hpp"
#include "io/runtime/scope.hpp"

namespace hayate::stream {
namespace {

constexpr size_t kRemoteBatchesMax = 256;
constexpr milliseconds kRelayPause{20};

class LocalReader : public AnswerReader {
  public:
    explicit LocalReader(std::unique_ptr<StreamReader> reader) : reader_(std::move(reader)) {}
    Task<std::vector<wire::SharedEvent>> next(CancelToken token) override {
        co_return co_await reader_->next(token);
    }

  private:
    std::unique_ptr<StreamReader> reader_;
};

/// Lives on the log's shard: copies what is new into the mailbox of a reader elsewhere.
struct Relay {
    CancelSource stop;
    std::unique_ptr<StreamReader> reader;
    std::shared_ptr<runtime::Mailbox<std::vector<wire::SharedEvent>>> out;

    static Task<void> run(std::shared_ptr<Relay> self) {
        while (true) {
            // An empty batch tells the other side that nothing more comes.
            const auto batch = co_await self->reader->next(self->stop.token());
            while (!self->out->push(batch)) {
                // The other shard is far behind. The log keeps what this cursor has not read.
                const Deadline later = Deadline::after(kRelayPause);
                if (!co_await runtime::sleep_until(later, self->stop.token())) co_return;
            }
            if (batch.empty()) co_return;
        }
    }
};

class RemoteReader : public AnswerReader {
  public:
    RemoteReader(runtime::Shard& log_shard, std::shared_ptr<Relay> relay)
        : log_shard_(log_shard), relay_(std::move(relay)) {}
    ~RemoteReader() override {
        log_shard_.post(
            [relay = std::move(relay_)] { relay->stop.cancel(CancelReason::kClientGone); });
    }
    Task<std::vector<wire::SharedEvent>> next(CancelToken token) override {
        std::vector<wire::SharedEvent> events;
        if (is_ended_) co_return events;
        for (auto& batch : co_await relay_->out->drain(Deadline::never(), token)) {
            is_ended_ = is_ended_ || batch.empty();
            events.insert(events.end(), batch.begin(), batch.end());
        }
        co_return events;
    }

  private:
    runtime::Shard& log_shard_;
    std::shared_ptr<Relay> relay_;
    bool is_ended_ = false;
};

}  // namespace

struct StreamHub::Bench {
    std::unordered_map<std::string, std::shared_ptr<StreamLog>> logs;
    std::deque<std::string> order;  // oldest first

    /// Forgets the oldest ended logs beyond the bounds. Running ones stay, whatever their number.
    void trim(const Options& options) {
        size_t ended = 0;
        size_t bytes = 0;
        for (const auto& [id, log] : logs) {
            ended += log->is_ended() ? 1 : 0;
            bytes += log->is_ended() ? log->bytes() : 0;
        }
        for (auto it = order.begin(); it != order.end() && (ended > options.ended_logs_max ||
                                                            bytes > options.ended_bytes_max);) {
            const auto found = logs.find(*it);
            if (found != logs.end() && !found->second->is_ended()) {
                ++it;
                continue;
            }
            if (found != logs.end()) {
                --ended;
                bytes -= found->second->bytes();
                logs.erase(found);
            }
            it = order.erase(it);
        }
    }
};

StreamHub::StreamHub(runtime::Shards& shards, Options options)
    : shards_(shards), options_(options) {
    for (uint32_t i = 0; i < shards.size(); ++i) benches_.push_back(std::make_unique<Bench>());
}

StreamHub::~StreamHub() = default;

StreamHub::Bench& StreamHub::here() const {
    return *benches_.at(runtime::Shard::current()->index());
}

std::shared_ptr<StreamLog> StreamHub::create(std::string owner, Duration detached_time) {
    runtime::Shard& shard = *runtime::Shard::current();
    StreamLog::Options options{.response_id = base::new_response_id(shard.index()),
                               .owner = std::move(owner),
                               .detached_time = detached_time};
    auto log = std::make_shared<StreamLog>(shard.executor(), std::move(options));
    Bench& bench = here();
    bench.logs.emplace(log->response_id(), log);
    bench.order.push_back(log->response_id());
    if (bench.order.size() > options_.ended_logs_max) bench.trim(options_);
    return log;
}

std::shared_ptr<StreamLog> StreamHub::find(Bench& bench, const std::string& id,
                                           const std::string& owner) {
    const auto found = bench.logs.find(id);
    return found != bench.logs.end() && found->second->owner() == owner ? found->second : nullptr;
}

Task<Result<std::unique_ptr<AnswerReader>>> StreamHub::attach(std::string response_id,
                                                              std::string owner,
                                                              uint64_t after_seq) {
    const auto gone = fail(ErrorKind::kNotFound, "stream", "no log for this response");
    const auto at = base::shard_of_response(response_id);
    if (!at || *at >= shards_.size()) co_return gone;
    runtime::Shard& mine = *runtime::Shard::current();
    Bench& bench = *benches_.at(*at);
    if (*at == mine.index()) {
        const auto log = find(bench, response_id, owner);
        if (!log) co_return gone;
        co_return std::make_unique<LocalReader>(log->read_from(after_seq));
    }
    const auto relay = std::make_shared<Relay>();
    relay->out = std::make_shared<runtime::Mailbox<std::vector<wire::SharedEvent>>>(
        mine.executor(), kRemoteBatchesMax);
    struct Found {
        explicit Found(const runtime::Executor& executor) : known(executor) {}
        runtime::Event known;
        bool is_there = false;
    };
    const auto found = std::make_shared<Found>(mine.executor());
    runtime::Shard& theirs = shards_.at(*at);
    theirs.post([&bench, &theirs, relay, found = found, id = std::move(response_id),
                 who = std::move(owner), after_seq, back = mine.executor()]() mutable {
        const auto log = find(bench, id, who);
        const bool is_there = log != nullptr;
        if (is_there) {
            relay->reader = log->read_from(after_seq);
            runtime::spawn_detached(theirs.executor(), [relay] { return Relay::run(relay); });
        }
        boost::asio::post(back, [found = std::move(found), is_there] {
            found->is_there = is_there;
            found->known.notify();
        });
    });
    co_await found->known.wait();
    if (!found->is_there) co_return gone;
    co_return std::make_unique<RemoteReader>(theirs, relay);
}

void StreamHub::stop(const std::string& response_id, const std::string& owner) {
    const auto at = base::shard_of_response(response_id);
    if (!at || *at >= shards_.size()) return;
    shards_.at(*at).post([&bench = *benches_.at(*at), response_id, owner] {
        if (const auto log = find(bench, response_id, owner)) log->stop();
    });
}

size_t StreamHub::running() const {
    size_t count = 0;
    for (const auto& [id, log] : here().logs) count += log->is_ended() ? 0 : 1;
    return count;
}

}  // namespace hayate::stream
