#pragma once
// An answer without a model, from what was gathered and the assistant's templates: for servers
// without weights, and for moments when every model is busy. True by construction: every fact is
// filled in from the store.

#include <string>
#include <string_view>

#include "core/config/assistant_config.hpp"
#include "engine/gather/gather.hpp"

namespace hayate::turn {

struct TemplateInput {
    const config::AssistantConfig& assistant;
    const gather::Gathered& gathered;
    std::string_view question;
    std::string_view language;
    config::IntentKind kind = config::IntentKind::kQuestion;
    bool is_out_of_scope = false;
    bool is_nothing_fitting = false;  // no product has what was asked for
    bool is_about_order = false;
    bool is_customer = false;       // signed in
    bool is_order_missing = false;  // the orders did not come: nothing is known of them
    bool is_case_open = false;      // a complaint was recorded, and the customer told so
    bool is_busy = false;           // a model exists, but has no place: say so first
    std::string_view today;         // "YYYY-MM-DD"
};
[[nodiscard]] std::string template_answer(const TemplateInput& input);

}  // namespace hayate::turn
