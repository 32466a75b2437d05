#pragma once
// Customers and their orders as plain values.

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

[[nodiscard]] Result<std::optional<Customer>> find_customer(Connection& connection,
                                                            std::string_view id);
/// By id, at most `count`.
[[nodiscard]] Result<std::vector<Customer>> first_customers(Connection& connection, int count);
/// That customer's order alone.
[[nodiscard]] Result<std::optional<Order>> find_order(Connection& connection, std::string_view id,
                                                      std::string_view customer);
/// Newest first.
[[nodiscard]] Result<std::vector<Order>> orders_of_customer(Connection& connection,
                                                            std::string_view customer, int count);

[[nodiscard]] Status insert(Connection& connection, const Customer& customer);
[[nodiscard]] Status insert(Connection& connection, const Order& order);

}  // namespace hayate::store
