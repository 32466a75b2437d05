#pragma once
// What the fronts share: one Site for the process. Everything it refers to outlives every
// connection.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/front/admin_sessions.hpp"
#include "app/front/identity.hpp"
#include "app/front/responses.hpp"
#include "app/front/static_files.hpp"
#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"
#include "core/observe/metrics.hpp"
#include "core/observe/turn_traces.hpp"
#include "engine/route/ledger.hpp"
#include "engine/route/route.hpp"
#include "engine/stream/stream_hub.hpp"
#include "engine/turn/feedback.hpp"
#include "engine/turn/turns.hpp"
#include "io/model/meter.hpp"
#include "io/net/http_server.hpp"
#include "io/store/stores.hpp"

namespace hayate::front {

/// Ready, or what is still missing, in words for an operator.
struct Readiness {
    bool is_ready = true;
    std::vector<std::string> waiting_for;
};

/// What became of reading the assistant's folder again: the new release, or why the old one stays.
using ReloadOutcome = tl::expected<std::string, config::Problems>;

/// The listeners are up before the rest: until `is_started`, only health and readiness are answered
/// and the pointers may be null.
struct Site {
    const config::EngineConfig& config;
    observe::Metrics& metrics;
    stream::StreamHub& hub;
    const route::Router& router;
    model::ModelMeter& meter;
    route::Ledger& ledger;
    const observe::TurnTraces& traces;
    std::function<Readiness()> readiness;
    std::function<void()> before_scrape;  // brings gauges up to date
    std::vector<std::string> allowed_origins;

    std::vector<std::unique_ptr<Identity>> identities;  // by shard; each is used on its own alone
    AdminSessions* admins = nullptr;
    StaticFiles files;
    const turn::Releases* releases = nullptr;  // null: gateway only, and so are the next six
    turn::Turns* turns = nullptr;
    store::SessionStore* sessions = nullptr;
    store::ProfileStore* profiles = nullptr;
    store::CaseStore* cases = nullptr;
    store::OutcomeStore* outcomes = nullptr;
    turn::Feedback* feedback = nullptr;

    /// Reads the assistant's folder again, off the shards. Null: gateway only.
    std::function<Task<Result<ReloadOutcome>>()> reload;

    std::atomic<bool> is_started{false};
    std::atomic<bool> is_draining{false};
};

/// A request with whoever sent it.
struct Visit {
    Site& site;
    net::Exchange& exchange;
    Identified who;

    [[nodiscard]] const net::Request& request() const { return exchange.request(); }
    [[nodiscard]] const Caller& caller() const { return who.caller; }
    /// Answers, and sends the cookie that identifying the caller may have asked for.
    Task<void> respond(net::Response response);
    Task<void> refuse(Error error);
};
using Handle = Task<void> (*)(Visit& visit);

/// The handler of the public listener: finds the route, identifies the caller, answers 404 and 405.
[[nodiscard]] net::Handler public_routes(Site& site);
/// The same for the admin listener.
[[nodiscard]] net::Handler admin_routes(Site& site);

// One function per surface; each answers the exchange in its protocol's own shape.
Task<void> serve_chat_completions(Visit& visit);
Task<void> serve_models(Visit& visit);
Task<void> serve_feedback(Visit& visit);
Task<void> serve_chat_socket(Visit& visit);
Task<void> serve_page(Visit& visit);
Task<void> serve_page_api(Visit& visit);
Task<void> serve_health(Visit& visit);
Task<void> serve_ready(Visit& visit);
Task<void> serve_admin_login(Visit& visit);
Task<void> serve_admin(Visit& visit);
Task<void> serve_admin_turns(Visit& visit);
Task<void> serve_reload(Visit& visit);
Task<void> serve_costs(Visit& visit);
Task<void> serve_admin_cases(Visit& visit);
Task<void> serve_admin_outcomes(Visit& visit);
Task<void> serve_outcome_lines(Visit& visit);
Task<void> serve_quality(Visit& visit);
Task<void> serve_metrics(Visit& visit);

}  // namespace hayate::front
