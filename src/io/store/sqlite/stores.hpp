#pragma once
// All embedded stores over one database file: what `serve` opens.

#include <memory>
#include <string>

#include "io/store/sqlite/cases.hpp"
#include "io/store/sqlite/catalog.hpp"
#include "io/store/sqlite/database.hpp"
#include "io/store/sqlite/keys.hpp"
#include "io/store/sqlite/outcomes.hpp"
#include "io/store/sqlite/people.hpp"
#include "io/store/sqlite/sessions.hpp"

namespace hayate::store {

/// Thread-safe. Destroy it before the shards whose coroutines use it, and after those coroutines
/// have ended.
struct SqliteStores {
    SqliteStores(std::shared_ptr<Database> opened, std::unique_ptr<Connection> loader,
                 std::string model_id)
        : database(std::move(opened)),
          sessions(database),
          profiles(database),
          orders(database),
          catalog(database, std::move(loader), std::move(model_id)),
          keys(database),
          cases(database),
          outcomes(database) {}

    std::shared_ptr<Database> database;
    SqliteSessionStore sessions;
    SqliteProfileStore profiles;
    SqliteOrderStore orders;
    SqliteCatalogStore catalog;
    SqliteKeyStore keys;
    SqliteCaseStore cases;
    SqliteOutcomeStore outcomes;
};

/// Opens (or creates) the file. `model_id` names the embedder that questions are embedded with.
/// Blocks.
[[nodiscard]] inline Result<std::unique_ptr<SqliteStores>> open_stores(
    const Database::Options& options, std::string model_id) {
    auto database = Database::open(options);
    if (!database) return fail(database.error());
    auto loader = (*database)->open_reader();
    if (!loader) return fail(loader.error());
    return std::make_unique<SqliteStores>(std::move(*database), std::move(*loader),
                                          std::move(model_id));
}

}  // namespace hayate::store
