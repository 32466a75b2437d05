#include "engine/turn/approach.hpp"

#include <algorithm>

namespace hayate::turn {
namespace {

using config::IntentConfig;
using config::IntentKind;
using understand::EntityKind;
using understand::Reading;

/// From this probability on an intent's own ways are taken; below it the message is a question.
constexpr float kSure = 0.5F;
/// Small talk closes the books unread, so it has to be surer.
constexpr float kSureOfSmallTalk = 0.7F;

/// The intent's row. Without one, simple messages prefer the assistant's last model, which is its
/// fastest, and all others its first.
std::vector<std::string> models_for(const config::ModelMatrix& matrix,
                                    const std::vector<std::string>& models, understand::Tier tier) {
    const bool is_low = tier == understand::Tier::kLow;
    const auto& row = is_low                              ? matrix.low
                      : tier == understand::Tier::kMedium ? matrix.medium
                                                          : matrix.high;
    if (!row.empty()) return row;
    return is_low ? std::vector(models.rbegin(), models.rend()) : models;
}

void add_once(std::vector<std::string>& names, const std::vector<std::string>& more) {
    for (const std::string& name : more) {
        if (std::ranges::count(names, name) == 0) names.push_back(name);
    }
}

bool is_sure(const Reading& reading, IntentKind kind) {
    const bool has_order = reading.order().has_value();
    if (reading.is_decided()) return kind != IntentKind::kGreeting || !reading.names_something();
    if (kind == IntentKind::kGreeting) {
        return reading.is_in_scope && reading.probability >= kSureOfSmallTalk &&
               !reading.names_something();
    }
    // An order's number says as much as the words do.
    if (kind == IntentKind::kOrderStatus && has_order) return true;
    // Nobody is asked, and then taken at a guess.
    if (reading.is_unsettled) return false;
    return reading.is_in_scope && reading.probability >= kSure;
}

/// The intents that may be meant, the likeliest first.
std::vector<const IntentConfig*> candidates(const Reading& reading,
                                            const config::IntentsConfig& config) {
    std::vector<const IntentConfig*> found;
    const auto add = [&](const std::string& name) {
        const auto intent = config.intents.find(name);
        if (intent == config.intents.end()) return;
        if (std::ranges::count(found, &intent->second) == 0) found.push_back(&intent->second);
    };
    add(reading.intent);
    for (const std::string& name : reading.possible) add(name);
    return found;
}

}  // namespace

bool Approach::gathers_all() const { return std::ranges::count(sources, "all") > 0; }

Approach approach_to(const Reading& reading, const config::AssistantConfig& assistant) {
    Approach approach{.models = assistant.models,
                      .deadline = milliseconds(assistant.deadline_ms),
                      .soft_wait = milliseconds(assistant.soft_wait_ms),
                      .sources = {"all"}};
    approach.may_be_out_of_scope = !reading.is_in_scope && !reading.names_something();
    const std::vector<const IntentConfig*> meant = candidates(reading, assistant.intents);
    if (meant.empty()) return approach;

    const IntentConfig& likeliest = *meant.front();
    const IntentKind kind = likeliest.kind_value();
    const bool is_chosen = is_sure(reading, kind);
    if (is_chosen) {
        approach.kind = kind;
        approach.intent = reading.intent;
        approach.is_from_template = likeliest.is_from_template();
        approach.sources = likeliest.sources;
        approach.budget_ms = likeliest.budget.ms;
        if (kind != IntentKind::kGreeting) {
            for (const IntentConfig* other : meant) add_once(approach.sources, other->sources);
        }
    }
    if (reading.order()) add_once(approach.sources, {"orders"});

    const IntentConfig& hardest =
        **std::ranges::max_element(meant, {}, &IntentConfig::base_complexity);
    const IntentConfig& deciding = is_chosen && meant.size() == 1 ? likeliest : hardest;
    approach.models = models_for(deciding.models, assistant.models, reading.tier());
    approach.gate = deciding.gate;
    if (deciding.deadline_ms > 0) approach.deadline = milliseconds(deciding.deadline_ms);
    if (deciding.soft_wait_ms > 0) approach.soft_wait = milliseconds(deciding.soft_wait_ms);
    return approach;
}

}  // namespace hayate::turn
