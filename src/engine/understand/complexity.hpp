#pragma once
// How much thought a message needs, from 0 to 1, as a sum of named contributions that can be shown.
// The intents give the base, weighted by their probability; what makes any message harder is added.
// It is an input of the route and not the route: whether a stronger model helps is another
// question.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/text/units.hpp"
#include "engine/understand/entities.hpp"

namespace hayate::understand {

enum class Tier : uint8_t { kLow, kMedium, kHigh };
/// "L", "M", "H".
[[nodiscard]] std::string_view name_of(Tier tier);

inline constexpr float kMediumFrom = 0.3F;
inline constexpr float kHighFrom = 0.6F;
[[nodiscard]] Tier tier_of(float complexity);

struct Complexity {
    struct Contribution {
        std::string_view name;
        float amount = 0;
    };
    /// intent, names, comparison, conditions, sentences, length, turns.
    std::array<Contribution, 7> contributions;
    float score = 0;
    [[nodiscard]] Tier tier() const { return tier_of(score); }
};

/// `bases`: the base complexity of each label. `turns` of the conversation so far.
[[nodiscard]] Complexity complexity_of(std::span<const float> probabilities,
                                       std::span<const float> bases, const text::Units& units,
                                       std::span<const Entity> entities, size_t turns);

}  // namespace hayate::understand
