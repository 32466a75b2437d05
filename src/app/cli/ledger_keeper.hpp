#pragma once
// Keeps the ledger over a restart: reads it from the database at the start, and writes what has
// changed every few seconds and at the end. A killed process loses the last seconds of costs.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "core/config/engine_config.hpp"
#include "engine/route/ledger.hpp"
#include "io/store/sqlite/database.hpp"

namespace hayate::cli {

[[nodiscard]] route::Budgets budgets_of(const config::BudgetsConfig& config);

class LedgerKeeper {
  public:
    /// Both are outlived.
    LedgerKeeper(route::Ledger& ledger, store::Database& database)
        : ledger_(ledger), database_(database) {}
    /// Writes once more.
    ~LedgerKeeper();
    LedgerKeeper(const LedgerKeeper&) = delete;
    LedgerKeeper& operator=(const LedgerKeeper&) = delete;

    /// Reads what was kept and begins to write. Blocks while reading.
    [[nodiscard]] Status start();

  private:
    void keep(const std::stop_token& stop);
    void save();

    route::Ledger& ledger_;
    store::Database& database_;
    std::vector<route::LedgerRow> saved_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: it uses the rest
};

}  // namespace hayate::cli
