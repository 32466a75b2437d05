#pragma once
// An assistant's intents: what its customers may want, each told by examples. One file an intent,
// intents/NAME.yaml; intents/out_of_scope.yaml holds what is none of its business.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"

namespace hayate::config {

struct IntentConfig {
    double base_complexity = 0.5;  // of a plain message with this intent, 0 to 1
    std::map<std::string, std::vector<std::string>> examples;  // by language
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
