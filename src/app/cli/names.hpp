#pragma once
// What messages may name (titles, people, genres ...): from the catalog that is served, and from
// what the assistant's folder adds to it.

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "engine/understand/entities.hpp"
#include "io/store/types.hpp"

namespace hayate::cli {

/// Every way to call what the catalog holds.
[[nodiscard]] std::vector<understand::EntityName> names_of(const store::Catalog& catalog);

/// The names of the folder's own catalog: for commands that look at no database. Blocks: reads
/// files.
[[nodiscard]] Result<std::vector<understand::EntityName>> load_names(const std::string& folder);

/// The names of `served`, with the folder's words, and its aliases of the series that are served: a
/// folder may know better what things are called, but what is not served cannot be found. Blocks:
/// reads files.
[[nodiscard]] Result<std::vector<understand::EntityName>> served_names(store::Catalog served,
                                                                       const std::string& folder);

}  // namespace hayate::cli
