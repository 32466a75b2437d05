#pragma once
// Reading: what was understood of a message, as plain values that outlive the memory it was
// understood in. A turn keeps one; the trace and the admin pages show it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/understand/understander.hpp"

namespace hayate::understand {

struct Mention {
    EntityKind kind = EntityKind::kTitle;
    std::string value;  // as Entity::value
    std::optional<int64_t> low;
    std::optional<int64_t> high;
    bool is_certain = true;
};

struct Reading {
    std::string intent;  // the likeliest; empty when the assistant has no intents
    float probability = 0;
    std::vector<std::string> possible;  // the conformal set, likeliest first; may be empty
    bool is_in_scope = true;
    bool had_second_opinion = false;
    text::Language language = text::Language::kOther;
    float complexity = 0;
    std::vector<Mention> mentions;

    [[nodiscard]] Tier tier() const { return tier_of(complexity); }
    /// The first order number, in upper case (ASCII).
    [[nodiscard]] std::optional<std::string> order() const;
    /// Something that the assistant deals in is named for certain.
    [[nodiscard]] bool names_something() const;
};

[[nodiscard]] Reading reading_of(const Understander& understander, const Understood& understood);

}  // namespace hayate::understand
