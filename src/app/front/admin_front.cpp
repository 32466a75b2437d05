// Health, readiness, and the admin listener: metrics, and the operator's first page.

#include <fmt/format.h>

#include "app/front/html.hpp"
#include "app/front/site.hpp"
#include "core/base/json_text.hpp"
#include "io/export/prometheus.hpp"

namespace hayate::front {
namespace {

std::string overview_html(const Site& site) {
    const Readiness readiness = site.readiness();
    std::string rows;
    for (const auto& entry : site.router.models()) {
        rows += fmt::format("<tr><td>{}<td>{}<td>{}", escape_html(entry->name),
                            escape_html(entry->provider),
                            entry->model->is_ready() ? "ready" : "not ready");
    }
    std::string waiting;
    for (const std::string& what : readiness.waiting_for) waiting += "<li>" + escape_html(what);
    return fmt::format(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
        "content='width=device-width'>"
        "<title>Hayate admin</title><style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem "
        "auto;max-width:44rem;"
        "padding:0 1rem;color-scheme:light dark}}td,th{{padding:.3rem 1rem .3rem "
        "0;text-align:left}}</style>"
        "<h1>Hayate "
        "{}</h1><p>{}</p><ul>{}</ul><table><caption>Models</"
        "caption><tr><th>name<th>provider<th>state{}"
        "</table><p><a href=/metrics>Metrics</a> · <a href=/admin/turns>Latest turns</a> · "
        "<a href=/admin/cases>Cases</a> · <a href=/admin/costs>Costs</a> · "
        "<a href=/admin/outcomes>Outcomes</a> · <a href=/admin/quality>Quality</a></p>",
        HAYATE_VERSION, readiness.is_ready ? "Ready." : "Not ready yet; waiting for:", waiting,
        rows);
}

}  // namespace

Task<void> serve_health(Visit& visit) {
    co_await visit.respond({.content_type = "text/plain", .body = "ok\n"});
}

Task<void> serve_ready(Visit& visit) {
    const Readiness readiness = visit.site.readiness();
    const bool is_ready = readiness.is_ready && !visit.site.is_draining;
    std::string body =
        is_ready ? R"({"ready":true,"waiting_for":[)" : R"({"ready":false,"waiting_for":[)";
    for (size_t i = 0; i < readiness.waiting_for.size(); ++i) {
        body += (i > 0 ? "," : "") + base::json_string(readiness.waiting_for[i]);
    }
    co_await visit.respond({.status = is_ready ? 200 : 503, .body = body + "]}\n"});
}

Task<void> serve_metrics(Visit& visit) {
    visit.site.before_scrape();
    co_await visit.respond({.content_type = std::string(exporting::kPrometheusType),
                            .body = exporting::prometheus_text(visit.site.metrics)});
}

Task<void> serve_admin_login(Visit& visit) {
    constexpr std::string_view kToken = "token=";
    const std::string_view query = visit.request().query();
    const auto session = visit.site.admins->exchange(
        query.starts_with(kToken) ? query.substr(kToken.size()) : std::string_view(),
        base::Clock::now());
    net::Response response{.content_type = "text/html; charset=utf-8"};
    if (session) {
        response.status = 302;
        response.extra = {{"location", "/admin/"},
                          {"set-cookie", AdminSessions::set_cookie(session->reveal(), false)}};
    } else {
        response.status = 403;
        response.body =
            "<!doctype html><title>Hayate admin</title><p>This link has been used, or is not "
            "valid. "
            "Start the server again for a new one.";
    }
    co_await visit.respond(std::move(response));
}

Task<void> serve_admin(Visit& visit) {
    co_await visit.respond(
        {.content_type = "text/html; charset=utf-8", .body = overview_html(visit.site)});
}

Task<void> serve_costs(Visit& visit) {
    co_await visit.respond({.body = visit.site.ledger.json() + "\n"});
}

Task<void> serve_reload(Visit& visit) {
    if (!visit.site.reload) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "front", "This server has no assistant."));
    }
    const auto outcome = co_await visit.site.reload();
    if (!outcome) co_return co_await visit.refuse(outcome.error());
    if (*outcome) {
        co_return co_await visit.respond(
            {.body = R"({"release":)" + base::json_string(**outcome) + "}\n"});
    }
    std::string problems;
    for (const config::Problem& problem : outcome->error()) {
        problems +=
            fmt::format(R"({}{{"file":{},"line":{},"key":{},"text":{}}})",
                        problems.empty() ? "" : ",", base::json_string(problem.file), problem.line,
                        base::json_string(problem.key), base::json_string(problem.text));
    }
    co_await visit.respond(
        {.status = 422, .body = R"({"release":null,"problems":[)" + problems + "]}\n"});
}

}  // namespace hayate::front
