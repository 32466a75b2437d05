#pragma once
// One turn, from the question to `final`: store the question, gather, route, prompt, model, stream,
// store the answer. A turn runs on the shard that accepted it, as its own task; readers attach to
// its stream log. Whatever goes wrong, the log ends with exactly one final or error event, and what
// was said is stored.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/observe/metrics.hpp"
#include "core/observe/turn_traces.hpp"
#include "engine/gather/store_sources.hpp"
#include "engine/route/ledger.hpp"
#include "engine/route/route.hpp"
#include "engine/stream/stream_hub.hpp"
#include "engine/turn/release.hpp"
#include "io/model/meter.hpp"
#include "io/store/stores.hpp"

namespace hayate::turn {

struct TurnMetrics;

/// What turns need; everything outlives them.
struct Services {
    runtime::Shards& shards;
    stream::StreamHub& hub;
    const route::Router& router;
    const Releases& releases;
    store::SessionStore& sessions;
    store::CaseStore& cases;
    store::OutcomeStore& outcomes;
    gather::Embedding& embedding;  // for second opinions
    observe::Metrics& metrics;
    model::ModelMeter& meter;
    route::Ledger& ledger;
    observe::TurnTraces* traces = nullptr;  // of the latest turns; may be null
    Duration detached_time{};               // of chat turns
    size_t text_chars_max = 8000;
};

struct Ask {
    store::Owner owner;
    std::string customer;  // id, empty for visitors
    std::string text;
    std::string language_hint;  // of the page; used when the text itself does not tell
    // Stored chat:
    std::string session;  // empty: a new one
    std::string client_msg_id;
    bool wants_trace = false;  // `final` then explains its stages
    std::optional<int64_t> regenerates;
    std::optional<store::AskedBack> replies_to;  // what the answer before asked back
    // API: the client brings its history, nothing is stored, and nobody waits once the client has
    // gone.
    bool is_stored = true;
    std::vector<model::Message> history;
    std::optional<int> max_tokens;
    std::optional<double> temperature;
    std::vector<std::string> preferred_models;  // empty: the assistant's
};

struct Accepted {
    std::string session;
    std::string response_id;
    int64_t number = 0;
    bool is_new = true;  // false: the same message was accepted before
};

/// kRateLimited, code "budget_exhausted".
[[nodiscard]] Error over_budget_error();

class Turns {
  public:
    explicit Turns(Services services);
    ~Turns();
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;

    /// Checks the question, stores it, and starts the turn on the calling shard. When this returns,
    /// the turn's log can be attached to. kBadRequest "empty_message", kTooLarge
    /// "message_too_long", kConflict "turn_running", kBusy "shutting_down".
    Task<Result<Accepted>> ask(Ask ask);

    /// From now on new questions are refused.
    void begin_drain() { is_draining_ = true; }
    [[nodiscard]] size_t running() const { return static_cast<size_t>(running_.load()); }
    /// On each shard, after the drain: cancels what still runs with kShutdown and waits for its
    /// end.
    Task<void> close_shard();

  private:
    Status check(const Ask& ask) const;
    Task<Status> resolve_regenerated(Ask& ask);
    runtime::TaskScope& scope();

    Services services_;
    std::unique_ptr<TurnMetrics> metered_;
    std::vector<std::unique_ptr<runtime::TaskScope>> scopes_;          // by shard, made on it
    std::vector<std::unique_ptr<understand::Understood>> understood_;  // by shard, used on it
    std::atomic<bool> is_draining_{false};
    std::atomic<int64_t> running_{0};
};

}  // namespace hayate::turn
