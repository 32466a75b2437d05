#pragma once
// Importing an assistant's data: all of it or nothing. Every row is checked first; when a single
// one is wrong nothing is stored and the report says what to put right. A kind that the folder has
// no file for stays as it is, and so do conversations and keys.
//
// Everything here blocks (embedding takes about 1-5 ms a text) and belongs on start-up or a thread
// of its own, never on a shard.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/import/problems.hpp"
#include "io/store/sqlite/database.hpp"
#include "io/store/sqlite/vector_rows.hpp"

namespace hayate::store {

struct ImportReport {
    struct Count {
        std::string kind;  // "series"
        size_t rows = 0;
    };
    std::vector<Count> counts;      // of the kinds that the folder holds
    std::vector<Problem> problems;  // the first 50
    size_t problem_count = 0;
    size_t embedded = 0;  // texts that had no vector yet
    bool is_stored = false;
};

/// `today`: "2026-11-24". An `embedder` that is not set leaves the vectors of unchanged texts and
/// makes no new ones. Errors are those of the files as a whole and of the database; wrong rows are
/// in the report.
[[nodiscard]] Result<ImportReport> import_folder(Database& database,
                                                 const std::filesystem::path& folder,
                                                 const std::string& today,
                                                 const Embedder& embedder);

/// Checks alone. `database` may be null: then everything that is referred to must be in the folder.
[[nodiscard]] Result<ImportReport> validate_folder(Database* database,
                                                   const std::filesystem::path& folder,
                                                   const std::string& today);

/// True when nothing was ever imported: the server's first start.
[[nodiscard]] Result<bool> is_catalog_empty(Database& database);

/// Makes the vectors that are missing for this embedder (another model, or an import without one).
/// Returns how many. Nearly free when there are none; call it at every start.
/// Without an embedder nothing changes.
[[nodiscard]] Result<size_t> refresh_vectors(Database& database, const Embedder& embedder);

}  // namespace hayate::store
