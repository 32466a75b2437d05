#include "io/store/sqlite/keys.hpp"

#include "core/base/deadline.hpp"

namespace hayate::store {
namespace {

Result<std::vector<ApiKey>> collect(Rows rows) {
    std::vector<ApiKey> keys;
    while (rows.next()) {
        keys.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4),
                        rows.optional_integer(5)});
    }
    if (!rows.status()) return fail(rows.error());
    return keys;
}

}  // namespace

Task<Status> SqliteKeyStore::add(ApiKey key, std::string hash, Wait wait) {
    const auto store = [=](Connection& connection) -> Status {
        const auto added =
            connection.run("INSERT INTO api_keys VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", key.id, hash,
                           key.tenant, key.role, key.label, key.created_ms, key.revoked_ms);
        return added ? Status{} : fail(added.error());
    };
    co_return co_await database_->write(store, wait);
}

Task<Result<std::optional<ApiKey>>> SqliteKeyStore::find(std::string hash, Wait wait) {
    const auto look_up = [=](Connection& connection) -> Result<std::optional<ApiKey>> {
        auto keys = collect(
            connection.query("SELECT id, tenant, role, label, created_ms, revoked_ms FROM api_keys "
                             "WHERE hash = ?1 AND revoked_ms IS NULL",
                             hash));
        if (!keys) return fail(keys.error());
        return keys->empty() ? std::nullopt : std::optional(std::move(keys->front()));
    };
    co_return co_await database_->read(look_up, wait);
}

Task<Result<std::vector<ApiKey>>> SqliteKeyStore::list(Wait wait) {
    const auto all = [](Connection& connection) {
        return collect(
            connection.query("SELECT id, tenant, role, label, created_ms, revoked_ms "
                             "FROM api_keys ORDER BY created_ms, id"));
    };
    co_return co_await database_->read(all, wait);
}

Task<Status> SqliteKeyStore::revoke(std::string id, Wait wait) {
    const auto mark = [=](Connection& connection) -> Status {
        const auto marked = connection.run(
            "UPDATE api_keys SET revoked_ms = coalesce(revoked_ms, ?2) WHERE id = ?1", id,
            base::unix_ms());
        if (!marked) return fail(marked.error());
        if (*marked > 0) return {};
        return fail(base::public_error(ErrorKind::kNotFound, "store", "There is no such key.",
                                       "key_not_found"));
    };
    co_return co_await database_->write(mark, wait);
}

}  // namespace hayate::store
