#include "engine/turn/ask_back.hpp"

#include <algorithm>
#include <set>

namespace hayate::turn {
namespace {

using config::IntentConfig;
using config::IntentKind;

constexpr size_t kIntentsMax = config::kAskBackPlaceholders.size();

/// The answer is more than words from documents: one of the customer's orders is told, a case is
/// recorded, a template says all there is to say.
bool commits(const IntentConfig& intent) {
    const IntentKind kind = intent.kind_value();
    return kind == IntentKind::kOrderStatus || kind == IntentKind::kComplaint ||
           intent.is_from_template();
}

}  // namespace

std::vector<std::string> intents_to_ask_about(const understand::Reading& reading,
                                              const config::AssistantConfig& assistant,
                                              std::string_view language) {
    const config::AskBackConfig& ask = assistant.understand.ask_back;
    const size_t count = reading.possible.size();
    const bool is_open = ask.margin > 0 && reading.is_in_scope && count >= 2 &&
                         count <= kIntentsMax && reading.chances.size() == count;
    if (!is_open || reading.order()) return {};
    std::vector<std::string> close;
    std::set<IntentKind> kinds;
    bool is_costly = false;
    for (size_t i = 0; i < count; ++i) {
        if (reading.chances[0] - reading.chances[i] > ask.margin) continue;
        const auto intent = assistant.intents.intents.find(reading.possible[i]);
        if (intent == assistant.intents.intents.end()) return {};
        if (!intent->second.ask_back.contains(std::string(language))) return {};
        close.push_back(intent->first);
        kinds.insert(intent->second.kind_value());
        is_costly = is_costly || commits(intent->second);
    }
    const bool is_worth_it = close.size() >= 2 && kinds.size() >= 2 && is_costly;
    return is_worth_it ? close : std::vector<std::string>();
}

std::vector<std::string> phrases_of(const std::vector<std::string>& intents,
                                    const config::AssistantConfig& assistant,
                                    std::string_view language) {
    std::vector<std::string> phrases;
    for (const std::string& name : intents) {
        const auto intent = assistant.intents.intents.find(name);
        if (intent == assistant.intents.intents.end()) continue;
        phrases.emplace_back(assistant.in(intent->second.ask_back, language));
    }
    return phrases;
}

std::string ask_back_text(const std::vector<std::string>& intents,
                          const config::AssistantConfig& assistant, std::string_view language) {
    config::TemplateValues values;
    const std::vector<std::string> phrases = phrases_of(intents, assistant, language);
    for (size_t i = 0; i < std::min(phrases.size(), kIntentsMax); ++i)
        values.emplace(config::kAskBackPlaceholders.at(i), phrases[i]);
    return config::render(assistant.in(assistant.understand.ask_back.text, language), values);
}

}  // namespace hayate::turn
