#pragma once
// Approach: how a turn deals with what was understood of its message: what is looked up, what the
// customer is shown, which models may answer. Pure: the abstain ladder in one place.

#include <map>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/config/assistant_config.hpp"
#include "engine/understand/reading.hpp"

namespace hayate::turn {

struct Approach {
    config::IntentKind kind = config::IntentKind::kQuestion;
    std::string intent;             // of `kind`; empty when none is sure enough
    bool is_from_template = false;  // no model is called
    /// The message resembles nothing the assistant knows. Only what is found in the store may still
    /// show that it is its business.
    bool may_be_out_of_scope = false;
    std::vector<std::string> models;  // preferred first
    std::string gate = "opening";     // as config::IntentConfig::gate
    milliseconds deadline{3000};      // for the whole answer
    milliseconds soft_wait{400};

    /// The sources of every intent that may be meant; "all" stands for each.
    std::vector<std::string> sources;
    std::map<std::string, int> budget_ms;  // by stage; may be empty

    /// What the message says of products are conditions: nothing that violates them is shown.
    [[nodiscard]] bool heeds_conditions() const { return lists_products() || intent.empty(); }
    /// Conditions alone make a list of products.
    [[nodiscard]] bool lists_products() const {
        return kind == config::IntentKind::kSearch || kind == config::IntentKind::kRecommendation;
    }
    [[nodiscard]] bool gathers_all() const;
};

/// The likeliest intent says what is done, when it is sure enough; otherwise the message is a plain
/// question. When several may be meant, the sources of all are asked, and the most demanding one
/// chooses models and times.
[[nodiscard]] Approach approach_to(const understand::Reading& reading,
                                   const config::AssistantConfig& assistant);

}  // namespace hayate::turn
