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
    for (const uint32_t label : prediction.set)
        reading.possible.push_back(understander.label(label));
    reading.is_in_scope = prediction.is_in_scope;
    reading.complexity = understood.complexity.score;
    return reading;
}

}  // namespace hayate::understand
