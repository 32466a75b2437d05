// /admin/cases: what complaints ended in, for the people who see to them. JSON, or a page for
// browsers.

#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/front/html.hpp"
#include "app/front/origin.hpp"
#include "app/front/query.hpp"
#include "app/front/site.hpp"
#include "core/base/json_text.hpp"

namespace hayate::front {
namespace {

constexpr milliseconds kStoreTime{3'000};
constexpr int kCasesPerPage = 50;
constexpr std::string_view kPath = "/admin/cases";
constexpr std::string_view kClose = "/close";

/// What the query asks for. `before` is a case's number.
struct Asked {
    store::CaseFilter filter;
    std::string state;  // "open", "closed", or empty
    std::optional<int64_t> before;
    int count = kCasesPerPage;
};

tl::unexpected<Error> bad_query() {
    return fail(base::public_error(
        ErrorKind::kBadRequest, "front",
        "Expected state=open or state=closed, count=1 to 200 and before=a case or its number."));
}

bool read_field(std::string_view key, std::string_view value, Asked& asked) {
    if (key == "state" && (value == "open" || value == "closed")) {
        asked.filter.is_open = value == "open";
        asked.state = value;
        return true;
    }
    const auto number = key == "before" && value.starts_with("CASE-") ? store::case_number_of(value)
                                                                      : number_of(value);
    if (key == "before" && number) {
        asked.before = number;
        return true;
    }
    if (key == "count" && number && *number <= store::kCasesPerPageMax) {
        asked.count = static_cast<int>(*number);
        return true;
    }
    return false;
}

Result<Asked> read_query(std::string_view query) {
    Asked asked;
    const bool is_read =
        each_field(query, [&](auto key, auto value) { return read_field(key, value, asked); });
    if (!is_read) return bad_query();
    return asked;
}

std::string case_json(const store::Case& shown) {
    std::string out = R"({"id":)" + base::json_string(shown.id);
    const auto text = [&](std::string_view key, std::string_view value) {
        out.append(",\"").append(key).append("\":");
        value.empty() ? out.append("null") : out.append(base::json_string(value));
    };
    text("kind", store::name_of(shown.kind));
    text("state", shown.is_open ? "open" : "closed");
    text("tenant", shown.owner.tenant);
    text("owner", shown.owner.subject);
    text("session", shown.session);
    text("response_id", shown.response_id);
    text("order", shown.order);
    text("sku", shown.sku);
    text("summary", shown.summary);
    out += R"(,"created_ms":)" + std::to_string(shown.created_ms);
    out += R"(,"closed_ms":)" + (shown.closed_ms ? std::to_string(*shown.closed_ms) : "null");
    return out + "}";
}

/// `next` is the `before` of the next page; null on the last one.
std::string list_json(const std::vector<store::Case>& cases, const Asked& asked) {
    std::string out = R"({"cases":[)";
    for (const store::Case& shown : cases) {
        if (out.back() != '[') out += ',';
        out += case_json(shown);
    }
    const bool has_more = std::cmp_equal(cases.size(), asked.count);
    out += R"(],"next":)" + (has_more ? base::json_string(cases.back().id) : "null");
    return out + "}\n";
}

std::string case_row(const store::Case& shown) {
    const auto time = std::chrono::system_clock::time_point(milliseconds(shown.created_ms));
    const std::string action =
        shown.is_open
            ? fmt::format("<form method=post action='{}/{}{}'><button>Close</button></form>", kPath,
                          shown.id, kClose)
            : "closed";
    return fmt::format(
        "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}", shown.id, store::name_of(shown.kind),
        fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::chrono::system_clock::to_time_t(time))),
        escape_html(shown.owner.subject), escape_html(shown.order), escape_html(shown.summary),
        action);
}

std::string list_html(const std::vector<store::Case>& cases, const Asked& asked) {
    std::string rows;
    for (const store::Case& shown : cases) rows += case_row(shown);
    std::string next;
    if (std::cmp_equal(cases.size(), asked.count)) {
        next = fmt::format("<p><a href='{}?before={}&amp;count={}{}'>Older cases</a>", kPath,
                           cases.back().id, asked.count,
                           asked.state.empty() ? "" : "&amp;state=" + asked.state);
    }
    return admin_page(
        "Hayate cases",
        fmt::format("<h1>Cases</h1><p><a href='{0}?state=open'>Open</a> <a "
                    "href='{0}?state=closed'>Closed</a> <a href='{0}'>All</a> <a "
                    "href='/admin/'>Overview</a><table><tr><th>case<th>kind<th>opened "
                    "(UTC)<th>customer<th>order<th>words<th>state{1}</table>{2}{3}",
                    kPath, rows, cases.empty() ? "<p>There are none." : "", next));
}

bool wants_html(const Visit& visit) {
    return visit.request().fields.get("accept").find("text/html") != std::string_view::npos;
}

store::Wait short_wait(const Visit& visit) {
    return {.deadline = Deadline::after(kStoreTime), .token = visit.exchange.client_token()};
}

Task<void> list_cases(Visit& visit) {
    const auto asked = read_query(visit.request().query());
    if (!asked) co_return co_await visit.refuse(asked.error());
    const auto cases = co_await visit.site.cases->list(asked->filter, asked->count, asked->before,
                                                       short_wait(visit));
    if (!cases) co_return co_await visit.refuse(cases.error());
    if (!wants_html(visit)) co_return co_await visit.respond({.body = list_json(*cases, *asked)});
    co_await visit.respond({.content_type = "text/html; charset=utf-8",
                            .body = list_html(*cases, *asked),
                            .extra = admin_page_headers()});
}

/// A page elsewhere can post a form with the operator's cookie, but neither name our origin as its
/// own nor set a header.
bool is_forged(const Visit& visit) {
    if (visit.caller().credential == Credential::kApiKey) return false;
    const net::Fields& fields = visit.request().fields;
    return fields.get("x-hayate-page") != "1" &&
           !is_allowed_origin(fields.get("origin"), fields.get("host"), {});
}

Task<void> close_case(Visit& visit, std::string id) {
    if (is_forged(visit)) {
        co_return co_await visit.refuse(base::public_error(
            ErrorKind::kForbidden, "front",
            "Only this server's own pages, or a request with X-Hayate-Page: 1, may do this."));
    }
    const auto closed = co_await visit.site.cases->close(std::move(id), short_wait(visit));
    if (!closed) co_return co_await visit.refuse(closed.error());
    if (!wants_html(visit)) co_return co_await visit.respond({.body = case_json(*closed) + "\n"});
    co_await visit.respond({.status = 303,
                            .content_type = "",
                            .extra = {{"location", std::string(kPath) + "?state=open"}}});
}

}  // namespace

Task<void> serve_admin_cases(Visit& visit) {
    const std::string_view path = visit.request().path();
    const bool is_post = visit.request().method == "POST";
    if (visit.site.cases != nullptr && !is_post && path == kPath)
        co_return co_await list_cases(visit);
    const bool is_close = is_post && path.starts_with(kPath) && path.ends_with(kClose) &&
                          path.size() > kPath.size() + 1 + kClose.size();
    if (visit.site.cases != nullptr && is_close) {
        std::string id(
            path.substr(kPath.size() + 1, path.size() - kPath.size() - 1 - kClose.size()));
        co_return co_await close_case(visit, std::move(id));
    }
    co_await visit.refuse(
        base::public_error(ErrorKind::kNotFound, "front", "There is nothing here."));
}

}  // namespace hayate::front
