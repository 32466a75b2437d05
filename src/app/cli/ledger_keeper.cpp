#include "app/cli/ledger_keeper.hpp"

#include <algorithm>
#include <iterator>

#include <pthread.h>

#include "core/base/log.hpp"
#include "io/store/sqlite/costs.hpp"

namespace hayate::cli {
namespace {

constexpr std::chrono::seconds kInterval{5};

std::optional<int64_t> limit(int64_t micros) {
    return micros > 0 ? std::optional(micros) : std::nullopt;
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
    ledger_.restore(*kept);
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
    // Both are in the order of their keys.
    std::vector<route::LedgerRow> changed;
    std::ranges::set_difference(rows, saved_, std::back_inserter(changed));
    if (changed.empty()) return;
    const Status written = store::save_costs(database_, changed);
    if (!written) return base::log_failure("costs_not_stored", written.error());
    saved_ = std::move(rows);
}

}  // namespace hayate::cli
