#pragma once
// The name of a release: one short hash over everything that shapes an answer.

#include <string>

#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"

namespace hayate::config {

/// 12 hex digits. Changes with the models' ids, providers, addresses and context sizes, and with
/// anything in the assistant (prompt, templates, limits, timeouts); not with listeners, keys,
/// prices, threads or the order of keys. `config.models` must be filled in.
[[nodiscard]] std::string release_hash(const EngineConfig& config,
                                       const AssistantConfig& assistant);

}  // namespace hayate::config
