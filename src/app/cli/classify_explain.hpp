#pragma once
// What `hayate classify "text"` says of one message.

#include <string>

#include "core/config/assistant_config.hpp"
#include "engine/understand/understander.hpp"

namespace hayate::cli {

struct Explained {
    const understand::Understander& understander;
    const understand::Understood& understood;
    bool is_reconsidered = false;
    const config::AssistantConfig* assistant = nullptr;  // null: trained on a file
};
void print_explanation(const Explained& explained);
/// One object: language, intents, entities, complexity, and what a turn would do.
[[nodiscard]] std::string explanation_json(const Explained& explained);

}  // namespace hayate::cli
