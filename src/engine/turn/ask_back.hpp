#pragma once
// Asking back: when two or three intents are as good as equally likely, and to act on the wrong one
// would annoy or cost, the answer is a question that names them. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/understand/reading.hpp"

namespace hayate::turn {

/// The intents to ask about, the likeliest first: two or three, or none when the message is better
/// answered. Nobody is asked what an order's number tells, or about intents whose answers differ in
/// nothing but the documents they rest on.
[[nodiscard]] std::vector<std::string> intents_to_ask_about(
    const understand::Reading& reading, const config::AssistantConfig& assistant,
    std::string_view language);

/// The phrase of each intent in `language`, in order.
[[nodiscard]] std::vector<std::string> phrases_of(const std::vector<std::string>& intents,
                                                  const config::AssistantConfig& assistant,
                                                  std::string_view language);

/// The question that names them.
[[nodiscard]] std::string ask_back_text(const std::vector<std::string>& intents,
                                        const config::AssistantConfig& assistant,
                                        std::string_view language);

}  // namespace hayate::turn
