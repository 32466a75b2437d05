#pragma once
// What model calls have cost, as it is kept over a restart: one row for each day, tenant, intent
// and model.

#include <string>
#include <vector>

#include "io/store/sqlite/database.hpp"

namespace hayate::store {

struct CostRow {
    std::string day;  // "2026-11-25", UTC
    std::string tenant;
    std::string intent;
    std::string model;
    int64_t calls = 0;
    int64_t estimated_calls = 0;
    int64_t prompt_tokens = 0;
    int64_t completion_tokens = 0;
    int64_t cost_micros = 0;
    friend bool operator==(const CostRow&, const CostRow&) = default;
};

/// Writes the rows over those that are there, all or none. Blocks; not for shards.
[[nodiscard]] Status save_costs(Database& database, const std::vector<CostRow>& rows);
/// All rows, in the order of their keys. Blocks.
[[nodiscard]] Result<std::vector<CostRow>> load_costs(Database& database);

}  // namespace hayate::store
