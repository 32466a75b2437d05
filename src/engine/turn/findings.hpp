#pragma once
// What of the gathered things the customer is shown beside the prose: product cards and sources.

#include <string>
#include <string_view>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/gather/gather.hpp"

namespace hayate::turn {

struct Findings {
    std::vector<std::string> cards;    // JSON objects
    std::vector<std::string> sources;  // JSON objects
};

/// Named in the question, or similar enough to it, to be worth reading or showing. Without vectors
/// nothing is known of likeness, and what the words found has to do.
[[nodiscard]] bool is_relevant(const config::AssistantConfig& assistant, const store::Hit& hit);
/// The best hit is an entry of the FAQ that answers the question.
[[nodiscard]] bool is_faq(const config::AssistantConfig& assistant,
                          const gather::Gathered& gathered);
[[nodiscard]] Findings pick_findings(const config::AssistantConfig& assistant,
                                     const gather::Gathered& gathered, std::string_view language,
                                     bool is_about_order, std::string_view today);
/// "[a,b]" from JSON texts.
[[nodiscard]] std::string as_array(const std::vector<std::string>& items);

}  // namespace hayate::turn
