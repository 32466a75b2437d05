#pragma once
// Searching the catalog: what fits a question best, within what a ProductFilter lets pass.

#include <vector>

#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/catalog_relevance.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

/// Series and FAQ entries: CatalogStore::search.
[[nodiscard]] Result<std::vector<Hit>> search_catalog(Connection& connection, CatalogIndex& index,
                                                      const SearchQuestion& question);

/// Series alone: CatalogStore::find_products.
[[nodiscard]] Result<std::vector<Hit>> find_in_catalog(Connection& connection, CatalogIndex& index,
                                                       const SearchQuestion& question);

}  // namespace hayate::store
