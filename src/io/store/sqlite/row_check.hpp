#pragma once
// passes(rowid, check): an SQL function that asks C++ whether a row is wanted, so that a query may
// leave rows out before it has done any work for them.

#include <cstdint>
#include <functional>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

/// Must not throw. Bound as Pointer{&check, kRowCheckType}.
using RowCheck = std::function<bool(int64_t row)>;
inline constexpr const char* kRowCheckType = "hayate-row-check";

[[nodiscard]] Status register_row_check(Connection& connection);

}  // namespace hayate::store
