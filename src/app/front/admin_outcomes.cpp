// /admin/outcomes: what became of each turn, in pages; /admin/outcomes.jsonl: all of them, one a
// line, for learning elsewhere; /admin/quality: what the route has learned from them.

#include <algorithm>
#include <utility>

#include "app/front/query.hpp"
#include "app/front/site.hpp"
#include "core/base/json_text.hpp"

namespace hayate::front {
namespace {

constexpr milliseconds kStoreTime{3'000};
constexpr int kPerPage = 50;

struct Asked {
    store::OutcomeFilter filter;
    std::optional<int64_t> before;
    int64_t after = 0;
    int count = kPerPage;
};

tl::unexpected<Error> bad_query(bool is_list) {
    return fail(base::public_error(
        ErrorKind::kBadRequest, "front",
        std::string("Expected verdict=approved (or another one), thumb=up, down or none, intent=") +
            (is_list ? ", count=1 to 200 and before=an outcome's number."
                     : " and after=an outcome's number.")));
}

bool read_filter(std::string_view key, std::string_view value, store::OutcomeFilter& filter) {
    if (key == "verdict") return (filter.verdict = store::verdict_of(value)).has_value();
    if (key == "thumb") return (filter.thumb = store::thumb_of(value)).has_value();
    if (key == "intent") filter.intent = value;
    return key == "intent";
}

bool read_page(std::string_view key, std::string_view value, Asked& asked) {
    const auto number = number_of(value);
    if (key == "before") return (asked.before = number).has_value();
    if (key != "count" || !number || *number > store::kOutcomesPerPageMax) return false;
    asked.count = static_cast<int>(*number);
    return true;
}

bool read_after(std::string_view key, std::string_view value, Asked& asked) {
    const auto number = value == "0" ? std::optional<int64_t>(0) : number_of(value);
    if (key != "after" || !number) return false;
    asked.after = *number;
    return true;
}

Result<Asked> read_query(const Visit& visit, bool is_list) {
    Asked asked;
    const bool is_read = each_field(visit.request().query(), [&](auto key, auto value) {
        return read_filter(key, value, asked.filter) ||
               (is_list ? read_page(key, value, asked) : read_after(key, value, asked));
    });
    if (!is_read) return bad_query(is_list);
    return asked;
}

std::string outcome_json(const store::Outcome& shown) {
    std::string out = R"({"number":)" + std::to_string(shown.number);
    const auto text = [&](std::string_view key, std::string_view value) {
        out.append(",\"").append(key).append("\":");
        value.empty() ? out.append("null") : out.append(base::json_string(value));
    };
    const auto number = [&](std::string_view key, std::optional<int64_t> value) {
        out.append(",\"").append(key).append("\":");
        out += value ? std::to_string(*value) : "null";
    };
    text("response_id", shown.response_id);
    text("tenant", shown.owner.tenant);
    text("owner", shown.owner.subject);
    text("session", shown.session);
    text("intent", shown.intent);
    text("language", shown.language);
    text("tier", shown.tier);
    text("model", shown.model);
    text("verdict", store::name_of(shown.verdict));
    text("reason", shown.reason);
    out += R"(,"rejected":)" + shown.rejected_json + R"(,"degraded":)" + shown.degraded_json;
    text("thumb", store::name_of(shown.thumb));
    number("thumb_ms", shown.thumb_ms);
    number("first_word_ms", shown.first_word_ms);
    number("total_ms", shown.total_ms);
    number("created_ms", shown.created_ms);
    return out + "}";
}

store::Wait short_wait(const Visit& visit) {
    return {.deadline = Deadline::after(kStoreTime), .token = visit.exchange.client_token()};
}

Task<Result<std::vector<store::Outcome>>> next_page(const Visit& visit, const Asked& asked) {
    return visit.site.outcomes->since(asked.filter, store::kOutcomesPerPageMax, asked.after,
                                      short_wait(visit));
}

Task<void> refuse_without_assistant(Visit& visit) {
    return visit.refuse(
        base::public_error(ErrorKind::kNotFound, "front", "This server has no assistant."));
}

/// In the order of the configuration; what is not there any more goes last.
double prior_of(const Site& site, const route::QualityTable::Row& row) {
    const auto release = site.releases->current();
    const auto& models = release->assistant.models;
    const auto place = static_cast<size_t>(std::ranges::find(models, row.model) - models.begin());
    return route::MatrixPolicy::prior_quality(release->policy.row_of(row.intent), row.model, place);
}

}  // namespace

Task<void> serve_admin_outcomes(Visit& visit) {
    if (visit.site.outcomes == nullptr) co_return co_await refuse_without_assistant(visit);
    const auto asked = read_query(visit, true);
    if (!asked) co_return co_await visit.refuse(asked.error());
    const auto outcomes = co_await visit.site.outcomes->latest(asked->filter, asked->count,
                                                               asked->before, short_wait(visit));
    if (!outcomes) co_return co_await visit.refuse(outcomes.error());
    std::string out = R"({"outcomes":[)";
    for (const store::Outcome& shown : *outcomes) {
        if (out.back() != '[') out += ',';
        out += outcome_json(shown);
    }
    const bool has_more = std::cmp_equal(outcomes->size(), asked->count);
    out += R"(],"next":)" + (has_more ? std::to_string(outcomes->back().number) : "null");
    co_await visit.respond({.body = out + "}\n"});
}

Task<void> serve_outcome_lines(Visit& visit) {
    if (visit.site.outcomes == nullptr) co_return co_await refuse_without_assistant(visit);
    auto asked = read_query(visit, false);
    if (!asked) co_return co_await visit.refuse(asked.error());
    auto page = co_await next_page(visit, *asked);
    if (!page) co_return co_await visit.refuse(page.error());
    Status open = co_await visit.exchange.begin_stream("application/x-ndjson");
    while (open && page && !page->empty()) {
        std::string lines;
        for (const store::Outcome& shown : *page) lines += outcome_json(shown) + "\n";
        asked->after = page->back().number;
        open = co_await visit.exchange.write(lines);
        if (open) page = co_await next_page(visit, *asked);
    }
    if (!open) co_return;
    if (!page) co_return visit.exchange.abort_stream();
    co_await visit.exchange.end_stream();
}

Task<void> serve_quality(Visit& visit) {
    if (visit.site.releases == nullptr) co_return co_await refuse_without_assistant(visit);
    const route::Selector& memory = visit.site.router.memory();
    std::string out = R"({"quality":[)";
    for (const route::QualityTable::Row& row : memory.outcomes()) {
        const double prior = prior_of(visit.site, row);
        if (out.back() != '[') out += ',';
        out += R"({"intent":)" + base::json_string(row.intent.empty() ? "unsure" : row.intent) +
               R"(,"tier":)" + base::json_string(route::name_of(row.tier)) + R"(,"model":)" +
               base::json_string(row.model) + R"(,"prior":)";
        base::append_number(out, prior);
        out += R"(,"expected":)";
        base::append_number(out, memory.expected_quality(row.intent, row.tier, row.model, prior),
                            6);
        out += R"(,"weight":)";
        base::append_number(out, row.weight);
        out += R"(,"outcomes":)" + std::to_string(row.count) + "}";
    }
    co_await visit.respond({.body = out + "]}\n"});
}

}  // namespace hayate::front
