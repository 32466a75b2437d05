#pragma once
// An assistant's intents: what its customers may want, each told by examples. One file an intent,
// intents/NAME.yaml; intents/out_of_scope.yaml holds what is none of its business.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"
#include "core/config/stage_budget.hpp"

namespace hayate::config {

/// What the engine does about an intent, beyond finding the answer in what was gathered.
enum class IntentKind : uint8_t {
    kQuestion,        // answered from the documents
    kGreeting,        // small talk: nothing to look up
    kOrderStatus,     // one of the customer's own orders
    kSearch,          // products: what the message says of them are conditions
    kRecommendation,  // the same, without what the customer has or names as a model
    kComplaint,       // ends in a recorded case
};
/// "question", "greeting", "order_status", "search", "recommendation", "complaint".
[[nodiscard]] std::span<const std::string> intent_kinds();

/// The models that may answer, preferred first, by the tier of complexity. Empty: the assistant's.
struct ModelMatrix {
    std::vector<std::string> low;
    std::vector<std::string> medium;
    std::vector<std::string> high;
};

struct IntentConfig {
    std::string description;  // one sentence, for a model that is to tell the intents apart
    /// What it is about, by language, as the answer that asks back names it; empty: never asked
    /// about.
    std::map<std::string, std::string> ask_back;
    double base_complexity = 0.5;  // of a plain message with this intent, 0 to 1
    std::string kind = "question";
    /// "template": answered from the assistant's templates, no model is called. "model": by a
    /// model.
    std::string answer = "model";
    /// What is gathered; "all": every source of the assistant.
    std::vector<std::string> sources{"all"};
    int deadline_ms = 0;   // 0: the assistant's
    int soft_wait_ms = 0;  // 0: the assistant's
    /// What each stage may take, for the trace; together no more than the deadline.
    StageBudget budget;
    ModelMatrix models;
    /// Expected share of good answers by model, where it differs from what the model's own
    /// configuration says.
    std::map<std::string, double> quality;
    /// How much of an answer is checked before it is shown: "detectors", "opening", "sentence" or
    /// "whole" (gate::Profile).
    std::string gate = "opening";
    std::map<std::string, std::vector<std::string>> examples;  // by language

    KeyPlaces places;  // of the intent's file

    [[nodiscard]] IntentKind kind_value() const;
    [[nodiscard]] bool is_from_template() const { return answer == "template"; }
};

struct IntentsConfig {
    std::map<std::string, IntentConfig> intents;  // by name; empty: nothing is classified
    /// Not an intent: only calibrates from where on a message is out of scope.
    std::map<std::string, std::vector<std::string>> out_of_scope;
};

inline constexpr std::string_view kOutOfScope = "out_of_scope";

/// Reads the folder's intents; a folder without any has none. `languages` are the assistant's: each
/// intent needs an example in each of them. Problems are appended.
[[nodiscard]] IntentsConfig load_intents(const std::string& folder,
                                         const std::vector<std::string>& languages,
                                         Problems& problems);
/// The same for one file's text; `name` without .yaml.
void read_intent(std::string_view yaml, const std::string& name, const std::string& file,
                 const std::vector<std::string>& languages, IntentsConfig& intents,
                 Problems& problems);

void declare(Fields& fields, IntentConfig& intent);
[[nodiscard]] std::vector<std::string> intent_config_keys();

}  // namespace hayate::config
