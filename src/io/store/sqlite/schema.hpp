#pragma once
// The tables. A file's PRAGMA user_version says how many migrations it has had.

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

/// Brings the file to this program's version, all or nothing. kUnavailable when a newer program has
/// written it.
[[nodiscard]] Status migrate(Connection& connection);

}  // namespace hayate::store
