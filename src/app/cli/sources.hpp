#pragma once
// From the assistant's `sources` to what a turn fetches.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/gather/store_sources.hpp"
#include "io/store/sqlite/stores.hpp"

namespace hayate::cli {

struct TurnSources {
    std::vector<gather::SourcePlan> plan;
    /// The order number in a text, if any.
    std::function<std::optional<std::string>(const std::string&)> order_in;
};

/// Everything given must outlive the sources. kBadRequest when a secret cannot be read, or when a
/// source could never start; it names the source.
[[nodiscard]] Result<TurnSources> make_sources(const config::AssistantConfig& assistant,
                                               store::SqliteStores& stores,
                                               runtime::BlockingPool& embedding_pool,
                                               const gather::Embed& embed);

}  // namespace hayate::cli
