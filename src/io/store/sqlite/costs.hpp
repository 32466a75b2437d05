#pragma once
// What model calls have cost, kept over a restart.

#include <vector>

#include "io/store/cost_row.hpp"
#include "io/store/sqlite/database.hpp"

namespace hayate::store {

/// Writes the rows over those that are there, all or none. Blocks; not for shards.
[[nodiscard]] Status save_costs(Database& database, const std::vector<CostRow>& rows);
/// All rows, in the order of their keys. Blocks.
[[nodiscard]] Result<std::vector<CostRow>> load_costs(Database& database);

}  // namespace hayate::store
