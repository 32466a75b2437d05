#pragma once
// What an assistant must have: every text in every language, templates that the engine can fill, a
// usable pattern.

#include "core/config/assistant_config.hpp"

namespace hayate::config {

[[nodiscard]] Problems check_assistant(const AssistantConfig& assistant);
/// The sources that intents ask for are the assistant's, and their budgets fit their deadlines.
[[nodiscard]] Problems check_intents(const AssistantConfig& assistant);

}  // namespace hayate::config
