#include "io/store/sqlite/costs.hpp"

namespace hayate::store {

Status save_costs(Database& database, const std::vector<CostRow>& rows) {
    return database.write_blocking([&rows](Connection& connection) -> Status {
        for (const CostRow& row : rows) {
            const auto written = connection.run(
                "INSERT OR REPLACE INTO costs VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", row.day,
                row.tenant, row.intent, row.model, row.calls, row.estimated_calls,
                row.prompt_tokens, row.completion_tokens, row.cost_micros);
            if (!written) return fail(written.error());
        }
        return {};
    });
}

Result<std::vector<CostRow>> load_costs(Database& database) {
    return database.read_blocking([](Connection& connection) -> Result<std::vector<CostRow>> {
        Rows rows = connection.query(
            "SELECT day, tenant, intent, model, calls, estimated_calls, prompt_tokens, "
            "completion_tokens, cost_micros FROM costs ORDER BY day, tenant, intent, model");
        std::vector<CostRow> costs;
        while (rows.next()) {
            costs.push_back({.day = rows.text(0),
                             .tenant = rows.text(1),
                             .intent = rows.text(2),
                             .model = rows.text(3),
                             .calls = rows.integer(4),
                             .estimated_calls = rows.integer(5),
                             .prompt_tokens = rows.integer(6),
                             .completion_tokens = rows.integer(7),
                             .cost_micros = rows.integer(8)});
        }
        if (!rows.status()) return fail(rows.error());
        return costs;
    });
}

}  // namespace hayate::store
