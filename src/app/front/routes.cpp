// Paths, and nothing else: which function answers what.

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "app/front/origin.hpp"
#include "app/front/site.hpp"
#include "core/config/addresses.hpp"

namespace hayate::front {
namespace {

constexpr milliseconds kIdentifyTime{3'000};

struct Route {
    std::string_view method;
    std::string_view path;  // a trailing * matches any rest
    Need need;
    Handle handle;

    [[nodiscard]] bool matches(std::string_view target) const {
        return path.ends_with('*') ? target.starts_with(path.substr(0, path.size() - 1))
                                   : target == path;
    }
};

constexpr std::array kPublic{
    Route{"POST", "/v1/chat/completions", Need::kApi, serve_chat_completions},
    Route{"GET", "/v1/models", Need::kApi, serve_models},
    Route{"GET", "/v1/models/*", Need::kApi, serve_models},
    Route{"POST", "/v1/feedback", Need::kApi, serve_feedback},
    Route{"GET", "/ws", Need::kPage, serve_chat_socket},
    Route{"GET", "/healthz", Need::kPublic, serve_health},
    Route{"GET", "/readyz", Need::kPublic, serve_ready},
    Route{"GET", "/api/*", Need::kPage, serve_page_api},
    Route{"POST", "/api/*", Need::kPage, serve_page_api},
    Route{"DELETE", "/api/*", Need::kPage, serve_page_api},
    Route{"GET", "/", Need::kPage, serve_page},
    Route{"GET", "/*", Need::kPublic, serve_page},
};

constexpr std::array kAdmin{
    Route{"GET", "/healthz", Need::kPublic, serve_health},
    Route{"GET", "/readyz", Need::kPublic, serve_ready},
    Route{"GET", "/metrics", Need::kPublic, serve_metrics},
    Route{"GET", "/admin/login", Need::kPublic, serve_admin_login},
    Route{"GET", "/", Need::kAdmin, serve_admin},
    Route{"GET", "/admin/", Need::kAdmin, serve_admin},
    Route{"GET", "/admin/turns", Need::kAdmin, serve_admin_turns},
    Route{"GET", "/admin/turns/*", Need::kAdmin, serve_admin_turns},
    Route{"GET", "/admin/costs", Need::kAdmin, serve_costs},
    Route{"POST", "/admin/reload", Need::kAdmin, serve_reload},
    Route{"GET", "/admin/cases", Need::kAdmin, serve_admin_cases},
    Route{"POST", "/admin/cases/*", Need::kAdmin, serve_admin_cases},
    Route{"GET", "/admin/outcomes", Need::kAdmin, serve_admin_outcomes},
    Route{"GET", "/admin/outcomes.jsonl", Need::kAdmin, serve_outcome_lines},
    Route{"GET", "/admin/quality", Need::kAdmin, serve_quality},
};

bool is_probe(const Route& route) {
    return route.handle == serve_health || route.handle == serve_ready;
}

/// Why a request cannot be served now, if so: the server is starting, or it is draining and this is
/// new work.
Status check_open(const Site& site, const Route& route) {
    if (is_probe(route)) return {};
    const bool is_closed = site.is_draining && route.method == "POST";
    if (site.is_started && !is_closed) return {};
    Error error = base::public_error(ErrorKind::kBusy, "front",
                                     is_closed ? "The server is restarting. Please try again."
                                               : "The server is starting. Please try again.",
                                     is_closed ? "shutting_down" : "starting");
    error.retry_after = milliseconds(1'000);
    return fail(std::move(error));
}

/// On a listener beyond loopback even the metrics are for operators alone.
Need need_of(const Site& site, const Route& route) {
    const bool is_exposed = !config::is_loopback(site.config.admin.address);
    return route.handle == serve_metrics && is_exposed ? Need::kAdmin : route.need;
}

Credentials credentials_of(const net::Request& request) {
    const auto field = [&](std::string_view name) { return std::string(request.fields.get(name)); };
    return {.authorization = field("authorization"),
            .api_key = field("x-api-key"),
            .customer_token = field("x-hayate-customer"),
            .cookie = field("cookie"),
            .origin = field("origin"),
            .host = field("host")};
}

Status check_host(const Site& site, const net::Request& request,
                  const config::ListenConfig& listen) {
    if (is_allowed_host(request.fields.get("host"), config::is_loopback(listen.address),
                        site.allowed_origins)) {
        return {};
    }
    return fail(base::public_error(ErrorKind::kForbidden, "front",
                                   "This server does not answer to that host name.",
                                   "host_not_allowed"));
}

Task<void> serve(Site& site, net::Exchange& exchange, const Route& route,
                 const config::ListenConfig& listen) {
    Visit visit{.site = site, .exchange = exchange, .who = {}};
    if (is_probe(route)) co_return co_await route.handle(visit);
    Status open = check_open(site, route);
    if (open) open = check_host(site, exchange.request(), listen);
    if (!open) co_return co_await visit.refuse(std::move(open.error()));
    const store::Wait wait{.deadline = Deadline::after(kIdentifyTime),
                           .token = exchange.client_token()};
    Identity& identity = *site.identities.at(runtime::Shard::current()->index());
    auto who =
        co_await identity.identify(need_of(site, route), credentials_of(exchange.request()), wait);
    if (!who) co_return co_await visit.refuse(std::move(who.error()));
    visit.who = std::move(*who);
    co_await route.handle(visit);
}

net::Response no_such_route(bool is_known_path) {
    Error error = base::public_error(ErrorKind::kNotFound, "front", "There is nothing here.");
    if (is_known_path)
        error = base::public_error(ErrorKind::kBadRequest, "front",
                                   "This path does not take that method.", "method_not_allowed");
    net::Response response = error_response(error);
    if (is_known_path) response.status = 405;
    return response;
}

Task<void> refuse_route(net::Exchange& exchange, bool is_known_path) {
    co_await exchange.respond(no_such_route(is_known_path));
}

/// Not a coroutine: what only hands on needs no frame that lives as long as the answer.
Task<void> dispatch(Site& site, net::Exchange& exchange, std::span<const Route> routes,
                    const config::ListenConfig& listen) {
    const std::string_view method =
        exchange.request().method == "HEAD" ? "GET" : std::string_view(exchange.request().method);
    const std::string_view path = exchange.request().path();
    bool is_known_path = false;
    for (const Route& route : routes) {
        if (!route.matches(path)) continue;
        if (route.method == method) return serve(site, exchange, route, listen);
        is_known_path = is_known_path || route.path != "/*";
    }
    return refuse_route(exchange, is_known_path);
}

}  // namespace

Task<void> Visit::respond(net::Response response) {
    if (who.set_cookie) response.extra.push_back({"set-cookie", *who.set_cookie});
    co_await exchange.respond(std::move(response));
}

Task<void> Visit::refuse(Error error) { co_await send_error(exchange, std::move(error)); }

net::Handler public_routes(Site& site) {
    return [&site](net::Exchange& exchange) {
        return dispatch(site, exchange, kPublic, site.config.listen);
    };
}

net::Handler admin_routes(Site& site) {
    return [&site](net::Exchange& exchange) {
        return dispatch(site, exchange, kAdmin, site.config.admin);
    };
}

}  // namespace hayate::front
