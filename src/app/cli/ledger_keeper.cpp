#include "app/cli/ledger_keeper.hpp"

#include <pthread.h>

#include "core/base/log.hpp"
#include "io/store/sqlite/costs.hpp"

namespace hayate::cli {
namespace {

constexpr std::chrono::seconds kInterval{5};

std::optional<int64_t> limit(int64_t micros) {
    return micros > 0 ? std::optional(micros) : std::nullopt;
}

store::CostRow to_store(const route::LedgerRow& row) {
    return {.day = row.day,
            .tenant = row.tenant,
            .intent = row.intent,
            .model = row.model,
            .calls = row.calls,
            .estimated_calls = row.estimated_calls,
            .prompt_tokens = row.prompt_tokens,
            .completion_tokens = row.completion_tokens,
            .cost_micros = row.cost_micros};
}

route::LedgerRow from_store(const store::CostRow& row) {
    return {.day = row.day,
            .tenant = row.tenant,
            .intent = row.intent,
            .model = row.model,
            .calls = row.calls,
            .estimated_calls = row.estimated_calls,
            .prompt_tokens = row.prompt_tokens,
            .completion_tokens = row.completion_tokens,
            .cost_micros = row.cost_micros};
}

}  // namespace

route::Budgets budgets_of(const config::BudgetsConfig& config) {
    route::Budgets budgets{.server_micros = limit(config.server_micros),
                           .tenant_micros = limit(config.tenant_micros),
                           .tenants = config.tenants};
    for (const auto policy : {route::OverBudget::kRefuse, route::OverBudget::kFastOnly,
                              route::OverBudget::kPreparedOnly}) {
        if (route::name_of(policy) == config.when_over) budgets.when_over = policy;
    }
    return budgets;
}

Status LedgerKeeper::start() {
    const auto kept = store::load_costs(database_);
    if (!kept) return fail(kept.error());
    std::vector<route::LedgerRow> rows;
    for (const store::CostRow& row : *kept) rows.push_back(from_store(row));
    ledger_.restore(rows);
    saved_ = ledger_.rows();
    thread_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
    return {};
}

LedgerKeeper::~LedgerKeeper() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    save();
}

void LedgerKeeper::keep(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "ledger");
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, kInterval, [] { return false; });
        save();
    }
}

void LedgerKeeper::save() {
    std::vector<route::LedgerRow> rows = ledger_.rows();
    std::vector<store::CostRow> changed;
    for (const route::LedgerRow& row : rows) {
        const bool is_saved = std::ranges::any_of(saved_, [&](const route::LedgerRow& old) {
            return old.day == row.day && old.tenant == row.tenant && old.intent == row.intent &&
                   old.model == row.model && old.calls == row.calls &&
                   old.cost_micros == row.cost_micros;
        });
        if (!is_saved) changed.push_back(to_store(row));
    }
    if (changed.empty()) return;
    const Status written = store::save_costs(database_, changed);
    if (!written) return base::log_failure("costs_not_stored", written.error());
    saved_ = std::move(rows);
}

}  // namespace hayate::cli
