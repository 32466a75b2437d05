#pragma once
// What a customer chose who was asked back: "the first", "2", "order", "注文の方". Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/assistant_config.hpp"

namespace hayate::turn {

/// The place in `intents` of the one that the reply chooses and says nothing beside: by its number,
/// or by words of its phrase, in any of the assistant's languages, that no other phrase has. None
/// for a reply that says more, or that fits several.
[[nodiscard]] std::optional<size_t> chosen_by(std::string_view reply,
                                              const std::vector<std::string>& intents,
                                              const config::AssistantConfig& assistant);

/// "Never mind", "no problem", "大丈夫です": nothing of what was asked about is meant, whatever the
/// words after it resemble.
[[nodiscard]] bool declines(std::string_view reply);

}  // namespace hayate::turn
