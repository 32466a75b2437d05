#pragma once
// What a language model is asked when examples leave open which intent a message has, and what its
// answer counts for. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/config/assistant_config.hpp"
#include "engine/turn/approach.hpp"
#include "io/model/model.hpp"

namespace hayate::turn {

/// The message is still open, the polite answer would not take it, and there is a model to ask.
[[nodiscard]] bool is_for_classifier(const understand::Reading& reading, const Approach& approach,
                                     const config::AssistantConfig& assistant);

/// The system prompt: all intents, each by its description or a few examples. The same for every
/// message, so that a model that keeps prefixes has read it.
[[nodiscard]] std::string intent_system_prompt(const config::AssistantConfig& assistant);

/// Asks which of `candidates` the message is; empty: which of all intents, or none of them. The
/// message is fenced: it is data, and cannot close its fence.
[[nodiscard]] model::ModelRequest intent_request(const config::AssistantConfig& assistant,
                                                 std::span<const std::string> candidates,
                                                 std::string_view message);

/// The name that the answer consists of: a candidate, or of no candidates any intent or
/// config::kNoIntent. Whoever says anything else has not decided.
[[nodiscard]] std::optional<std::string> intent_answered(const config::AssistantConfig& assistant,
                                                         std::span<const std::string> candidates,
                                                         std::string_view answer);

}  // namespace hayate::turn
