#pragma once
// From the assistant's `sources` to what a turn fetches.

#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/gather/store_sources.hpp"
#include "io/store/sqlite/stores.hpp"

namespace hayate::cli {

/// Everything given must outlive the sources. kBadRequest when a secret cannot be read, or when a
/// source could never start; it names the source.
[[nodiscard]] Result<std::vector<gather::SourcePlan>> make_sources(
    const config::AssistantConfig& assistant, store::SqliteStores& stores,
    gather::Embedding& embedding);

}  // namespace hayate::cli
