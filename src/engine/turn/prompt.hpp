#pragma once
// From what was gathered to what the model reads: fixed prefix first (so that prefix caches hit),
// the last exchanges, then one user message with the context, the preferences and the question.
// Texts of customers and documents are data: they are fenced and cannot close their fence.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/gather/gather.hpp"
#include "io/model/model.hpp"

namespace hayate::turn {

/// A rough count without a tokenizer: a quarter of the Latin characters, all of the Japanese ones.
/// Errs upwards.
[[nodiscard]] int estimate_tokens(std::string_view text);

/// `text` with the bracket taken from every tag of these names, so that it cannot open or close a
/// fence of ours.
[[nodiscard]] std::string fenced(std::string_view text, std::span<const std::string_view> tags);

struct PromptBudget {
    int context_tokens = 900;  // for documents and orders together
    int history_tokens = 800;  // for the exchanges
};
/// What the model can read within `first_token_time`, if its pace is known; else generous defaults.
[[nodiscard]] PromptBudget budget_for(const model::Pace& pace, Duration first_token_time,
                                      int answer_tokens);

struct PromptInput {
    const config::AssistantConfig& assistant;
    const gather::Gathered& gathered;
    const std::vector<model::Message>&
        history;  // oldest first; replaces the stored one when a client sends its own
    std::string_view question;
    std::string_view language;
    bool is_about_order = false;
    std::vector<std::string> missing;  // sources that did not answer
    PromptBudget budget;
};
struct Prompt {
    model::ModelRequest request;
    std::string context;      // what stands between its fences: what the answer may rest on
    std::string preferences;  // the same of the customer's preferences
};
[[nodiscard]] Prompt build_prompt(const PromptInput& input);
/// Of system prompt and messages together.
[[nodiscard]] int estimate_tokens(const model::ModelRequest& request);

/// Stored turns as alternating messages, beginning with a user message.
[[nodiscard]] std::vector<model::Message> as_messages(const std::vector<store::Turn>& history);

}  // namespace hayate::turn
