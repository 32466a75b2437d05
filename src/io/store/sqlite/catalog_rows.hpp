#pragma once
// The catalog's tables as plain values: series, products, FAQ.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

[[nodiscard]] Result<std::vector<Series>> all_series(Connection& connection);
[[nodiscard]] Result<std::vector<Product>> all_products(Connection& connection);
[[nodiscard]] Result<std::vector<FaqEntry>> all_faq(Connection& connection);

/// All of it, as one version has it.
[[nodiscard]] Result<Catalog> read_catalog(Connection& connection);

[[nodiscard]] Result<std::optional<Series>> find_series(Connection& connection,
                                                        std::string_view id);
[[nodiscard]] Result<std::optional<FaqEntry>> find_faq(Connection& connection, std::string_view id);
[[nodiscard]] Result<std::optional<Product>> find_product(Connection& connection,
                                                          std::string_view sku);
[[nodiscard]] Result<std::vector<Product>> products_of(Connection& connection,
                                                       std::string_view series);

[[nodiscard]] Status insert(Connection& connection, const Series& series);
[[nodiscard]] Status insert(Connection& connection, const Product& product);
[[nodiscard]] Status insert(Connection& connection, const FaqEntry& faq);

}  // namespace hayate::store
