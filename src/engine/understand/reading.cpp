#include "engine/understand/reading.hpp"

#include <algorithm>
#include <array>

namespace hayate::understand {

std::optional<std::string> Reading::order() const {
    const auto found = std::ranges::find(mentions, EntityKind::kOrder, &Mention::kind);
    if (found == mentions.end()) return std::nullopt;
    // Messages are read in lower case; order numbers are stored as they are printed.
    std::string number = found->value;
    for (char& c : number) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return number;
}

bool Reading::names_something() const {
    // Years, languages and numbers are in messages about anything.
    constexpr std::array kOfTheShop{EntityKind::kTitle,    EntityKind::kPerson, EntityKind::kGenre,
                                    EntityKind::kAudience, EntityKind::kFormat, EntityKind::kOrder,
                                    EntityKind::kIsbn};
    return std::ranges::any_of(mentions, [&](const Mention& mention) {
        return mention.is_certain && std::ranges::count(kOfTheShop, mention.kind) > 0;
    });
}

void Reading::decide(std::string_view chosen, ReadBy by) {
    const auto found = std::ranges::find(possible, chosen);
    const auto place = static_cast<size_t>(found - possible.begin());
    if (chosen != intent) probability = place < chances.size() ? chances[place] : 0;
    intent = chosen;
    possible = {intent};
    chances = {probability};
    is_in_scope = true;
    reader = by;
}

void Reading::reject(ReadBy by) {
    possible.clear();
    chances.clear();
    is_in_scope = false;
    reader = by;
}

std::string_view name_of(ReadBy reader) {
    static constexpr std::array<std::string_view, 4> kNames{"words", "sentence", "model",
                                                            "customer"};
    return kNames.at(static_cast<size_t>(reader));
}

Reading reading_of(const Understander& understander, const Understood& understood) {
    Reading reading{.language = understood.language};
    for (const Entity& entity : understood.entities) {
        reading.mentions.push_back({.kind = entity.kind,
                                    .value = std::string(entity.value),
                                    .low = entity.low,
                                    .high = entity.high,
                                    .is_certain = entity.is_certain});
    }
    if (!understander.has_intents()) return reading;
    const Prediction& prediction = understood.prediction;
    reading.intent = understander.label(prediction.label);
    reading.probability = prediction.probabilities[prediction.label];
    for (const uint32_t label : prediction.set) {
        reading.possible.push_back(understander.label(label));
        reading.chances.push_back(prediction.probabilities[label]);
    }
    reading.is_in_scope = prediction.is_in_scope;
    reading.complexity = understood.complexity.score;
    return reading;
}

}  // namespace hayate::understand
