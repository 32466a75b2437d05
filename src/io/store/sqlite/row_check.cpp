#include "io/store/sqlite/row_check.hpp"

namespace hayate::store {
namespace {

void passes(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* check =
        static_cast<const RowCheck*>(sqlite3_value_pointer(values[1], kRowCheckType));
    if (check == nullptr) return sqlite3_result_error(context, "passes() without a check", -1);
    sqlite3_result_int(context, (*check)(sqlite3_value_int64(values[0])) ? 1 : 0);
}

}  // namespace

Status register_row_check(Connection& connection) {
    const int code = sqlite3_create_function_v2(connection.handle(), "passes", 2,
                                                SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr, passes,
                                                nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(connection.handle(), code, "passes()"));
    return {};
}

}  // namespace hayate::store
