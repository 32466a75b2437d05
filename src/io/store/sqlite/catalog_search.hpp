#pragma once
// Searching the catalog: names, topics, words and vectors fused by rank, within what a
// ProductFilter lets pass.

#include <string>
#include <vector>

#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

struct SearchQuestion {
    std::string text;
    std::vector<float> vector;
    size_t count = 0;
    ProductFilter filter;
};

/// Series and FAQ entries: CatalogStore::search.
[[nodiscard]] Result<std::vector<Hit>> search_catalog(Connection& connection, CatalogIndex& index,
                                                      const SearchQuestion& question);
/// Series alone, all that is needed to fill `count`: CatalogStore::find_products.
[[nodiscard]] Result<std::vector<Hit>> find_in_catalog(Connection& connection, CatalogIndex& index,
                                                       const SearchQuestion& question);

}  // namespace hayate::store
