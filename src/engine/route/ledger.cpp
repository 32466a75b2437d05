#include "engine/route/ledger.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "core/base/json_text.hpp"

namespace hayate::route {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
constexpr int64_t kDaysKept = 35;
constexpr size_t kRowsMax = 100'000;

int64_t day_of(int64_t now_ms) { return now_ms / kDayMs; }

std::string day_text(int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<int64_t> day_number(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto read = [&](size_t from, size_t size, auto& into) {
        const char* const last = text.data() + from + size;
        const auto [end, failed] = std::from_chars(text.data() + from, last, into);
        return failed == std::errc() && end == last;
    };
    if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

void add(LedgerRow& to, const LedgerRow& from) {
    to.calls += from.calls;
    to.estimated_calls += from.estimated_calls;
    to.prompt_tokens += from.prompt_tokens;
    to.completion_tokens += from.completion_tokens;
    to.cost_micros += from.cost_micros;
}

void append_totals(std::string& out, const LedgerRow& row) {
    out += fmt::format(
        R"("cost_micro_dollars":{},"calls":{},"estimated_calls":{},"prompt_tokens":{},)"
        R"("completion_tokens":{})",
        row.cost_micros, row.calls, row.estimated_calls, row.prompt_tokens, row.completion_tokens);
}

using NameOf = std::string LedgerRow::*;

/// `"by_model":{"fast":{...},...}`
void append_group(std::string& out, std::string_view title, NameOf name,
                  const std::vector<LedgerRow>& rows) {
    std::map<std::string_view, LedgerRow> sums;
    for (const LedgerRow& row : rows) add(sums[row.*name], row);
    out += fmt::format(R"("by_{}":{{)", title);
    bool is_first = true;
    for (const auto& [key, sum] : sums) {
        if (!std::exchange(is_first, false)) out += ',';
        base::append_json_string(out, key);
        out += ":{";
        append_totals(out, sum);
        out += '}';
    }
    out += '}';
}

void append_view(std::string& out, const std::vector<LedgerRow>& rows, bool has_days) {
    LedgerRow total;
    for (const LedgerRow& row : rows) add(total, row);
    append_totals(out, total);
    out += ',';
    append_group(out, "model", &LedgerRow::model, rows);
    out += ',';
    append_group(out, "intent", &LedgerRow::intent, rows);
    out += ',';
    append_group(out, "tenant", &LedgerRow::tenant, rows);
    if (!has_days) return;
    out += ',';
    append_group(out, "day", &LedgerRow::day, rows);
}

std::string number_or_null(const std::optional<int64_t>& value) {
    return value ? fmt::format("{}", *value) : "null";
}

}  // namespace

std::string_view name_of(OverBudget policy) {
    switch (policy) {
        case OverBudget::kRefuse:
            return "refuse";
        case OverBudget::kFastOnly:
            return "fast_only";
        case OverBudget::kPreparedOnly:
            return "prepared_only";
    }
    return "";
}

Reservation::Reservation(Reservation&& other) noexcept { *this = std::move(other); }

Reservation& Reservation::operator=(Reservation&& other) noexcept {
    if (this == &other) return *this;
    release();
    ledger_ = std::exchange(other.ledger_, nullptr);
    tenant_ = std::move(other.tenant_);
    micros_ = other.micros_;
    return *this;
}

void Reservation::release() {
    if (ledger_ != nullptr) std::exchange(ledger_, nullptr)->release(tenant_, micros_);
}

void Ledger::release(const std::string& tenant, int64_t micros) {
    const std::lock_guard lock(mutex_);
    reserved_ -= micros;
    const auto found = reserved_by_.find(tenant);
    if (found == reserved_by_.end()) return;
    found->second -= micros;
    if (found->second <= 0) reserved_by_.erase(found);
}

void Ledger::start_day(int64_t day) {
    if (day <= day_) return;  // a clock that was put back does not empty the budgets
    day_ = day;
    spent_ = 0;
    spent_by_.clear();
    std::erase_if(rows_,
                  [&](const auto& entry) { return std::get<0>(entry.first) <= day - kDaysKept; });
}

LedgerRow& Ledger::row(int64_t day, std::string_view tenant, std::string_view intent,
                       std::string_view model) {
    Key key{day, std::string(tenant), std::string(intent), std::string(model)};
    const auto found = rows_.find(key);
    if (found != rows_.end()) return found->second;
    // The sums stay right whoever floods it with names.
    if (rows_.size() >= kRowsMax) key = {day, "other", "other", "other"};
    LedgerRow& made = rows_[key];
    made.day = day_text(day);
    std::tie(std::ignore, made.tenant, made.intent, made.model) = key;
    return made;
}

void Ledger::add_spent(int64_t day, std::string_view tenant, int64_t micros) {
    if (day != day_) return;
    spent_ += micros;
    auto found = spent_by_.find(tenant);
    if (found == spent_by_.end()) found = spent_by_.emplace(tenant, 0).first;
    found->second += micros;
}

int64_t Ledger::charge(const Charge& charge, int64_t now_ms) {
    const int64_t cost = model::cost_micros(charge.price, charge.usage);
    const LedgerRow one{.calls = 1,
                        .estimated_calls = charge.usage.is_estimated ? 1 : 0,
                        .prompt_tokens = charge.usage.prompt_tokens,
                        .completion_tokens = charge.usage.completion_tokens,
                        .cost_micros = cost};
    const std::lock_guard lock(mutex_);
    start_day(day_of(now_ms));
    add(row(day_, charge.tenant, charge.intent, charge.model), one);
    add_spent(day_, charge.tenant, cost);
    return cost;
}

std::optional<int64_t> Ledger::budget_of(std::string_view tenant) const {
    const auto own = budgets_.tenants.find(std::string(tenant));
    return own == budgets_.tenants.end() ? budgets_.tenant_micros : own->second;
}

std::optional<int64_t> Ledger::left(std::string_view tenant) const {
    const auto value_of = [&](const auto& by_tenant) {
        const auto found = by_tenant.find(tenant);
        return found == by_tenant.end() ? int64_t{0} : found->second;
    };
    std::optional<int64_t> least;
    if (const auto budget = budget_of(tenant))
        least = *budget - value_of(spent_by_) - value_of(reserved_by_);
    if (budgets_.server_micros) {
        const int64_t server = *budgets_.server_micros - spent_ - reserved_;
        least = least ? std::min(*least, server) : server;
    }
    return least;
}

Admission Ledger::admit(std::string_view tenant, int64_t expected_micros, int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    start_day(day_of(now_ms));
    Admission admission{.policy = budgets_.when_over, .left_micros = left(tenant)};
    admission.is_within_budget = !admission.left_micros || *admission.left_micros > 0;
    if (admission.left_micros) admission.left_micros = std::max<int64_t>(0, *admission.left_micros);
    if (!admission.is_within_budget) return admission;
    const int64_t reserved = std::max<int64_t>(0, expected_micros);
    reserved_ += reserved;
    reserved_by_[std::string(tenant)] += reserved;
    admission.reservation.ledger_ = this;
    admission.reservation.tenant_ = tenant;
    admission.reservation.micros_ = reserved;
    return admission;
}

void Ledger::set_budgets(Budgets budgets) {
    const std::lock_guard lock(mutex_);
    budgets_ = std::move(budgets);
}

std::vector<LedgerRow> Ledger::rows() const {
    const std::lock_guard lock(mutex_);
    std::vector<LedgerRow> rows;
    rows.reserve(rows_.size());
    for (const auto& entry : rows_) rows.push_back(entry.second);
    return rows;
}

void Ledger::restore(const std::vector<LedgerRow>& rows) {
    const std::lock_guard lock(mutex_);
    for (const LedgerRow& given : rows) {
        const auto day = day_number(given.day);
        if (!day || given.cost_micros < 0) continue;
        start_day(*day);
        if (*day <= day_ - kDaysKept) continue;
        add(row(*day, given.tenant, given.intent, given.model), given);
        add_spent(*day, given.tenant, given.cost_micros);
    }
}

std::string Ledger::json(int64_t now_ms) const {
    const std::vector<LedgerRow> all = rows();
    const std::string today = day_text(day_of(now_ms));
    std::vector<LedgerRow> of_today;
    std::ranges::copy_if(all, std::back_inserter(of_today),
                         [&](const LedgerRow& row) { return row.day == today; });
    std::string out = R"({"today":{"day":")" + today + R"(",)";
    append_view(out, of_today, false);
    out += R"(},"all":{)";
    append_view(out, all, true);
    const std::lock_guard lock(mutex_);
    out +=
        fmt::format(R"(}},"budget":{{"server_micro_dollars":{},"tenant_micro_dollars":{},)"
                    R"("reserved_micro_dollars":{},"when_over":"{}"}}}})",
                    number_or_null(budgets_.server_micros), number_or_null(budgets_.tenant_micros),
                    reserved_, name_of(budgets_.when_over));
    return out;
}

}  // namespace hayate::route
