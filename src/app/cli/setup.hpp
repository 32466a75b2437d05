#pragma once
// From command-line options to a checked configuration.

#include <optional>

#include "app/cli/commands.hpp"
#include "core/base/result.hpp"
#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"
#include "io/store/sqlite/database.hpp"

namespace hayate::cli {

struct Setup {
    config::EngineConfig engine;
    std::optional<config::AssistantConfig> assistant;  // absent: gateway only
};
/// Reads hayate.yaml and the assistant's folder, applies the options, and fills in the default
/// models. Every problem is in the result.
[[nodiscard]] tl::expected<Setup, config::Problems> load_setup(const ConfigOptions& options);

[[nodiscard]] Result<std::shared_ptr<store::Database>> open_database(
    const config::EngineConfig& config);

/// Blocks; not for shards.
[[nodiscard]] Result<std::vector<store::ApiKey>> all_keys(store::KeyStore& store);

}  // namespace hayate::cli
