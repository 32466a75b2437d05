#pragma once
// What a configuration must not say although each key alone is well-formed.

#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"

namespace hayate::config {

/// Each value by itself: addresses, URLs, origins, names, what a provider needs. Part of parsing.
[[nodiscard]] Problems check_values(const EngineConfig& config);
/// The key files and weights that the configuration names exist. Part of loading.
[[nodiscard]] Problems check_files(const EngineConfig& config);

/// What the server knows and the file does not.
struct ServerFacts {
    bool has_api_key = false;    // at least one key that is not revoked
    bool has_admin_key = false;  // at least one of them with the role admin
};
/// Values against each other and the server: who may listen where. To be called before listening,
/// with `default_models` filled in.
[[nodiscard]] Problems check_engine(const EngineConfig& config, const ServerFacts& facts);
/// What is allowed but probably not meant, for the log and for `hayate check`.
[[nodiscard]] Problems engine_warnings(const EngineConfig& config);

/// The assistant against the engine: its models exist, its name is free.
[[nodiscard]] Problems check_together(const EngineConfig& config, const AssistantConfig& assistant);

}  // namespace hayate::config
