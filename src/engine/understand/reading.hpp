#pragma once
// Reading: what was understood of a message, as plain values that outlive the memory it was
// understood in. A turn keeps one; the trace and the admin pages show it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// Who has said last what is meant.
enum class ReadBy : uint8_t {
    kWords,     // n-grams alone
    kSentence,  // with the sentence vector
    kModel,     // a language model chose among what may be meant
    kCustomer,  // asked back, the customer did
};
/// "words", "sentence", "model", "customer".
[[nodiscard]] std::string_view name_of(ReadBy reader);

struct Reading {
    std::string intent;  // the likeliest; empty when the assistant has no intents
    float probability = 0;
    std::vector<std::string> possible;  // the conformal set, likeliest first; may be empty
    std::vector<float> chances;         // the probability of each of them
    bool is_in_scope = true;
    /// The customer was asked which of several is meant, and did not say so that it is plain.
    bool is_unsettled = false;
    ReadBy reader = ReadBy::kWords;
    text::Language language = text::Language::kOther;
    float complexity = 0;
    std::vector<Mention> mentions;

    [[nodiscard]] Tier tier() const { return tier_of(complexity); }
    /// The first order number, in upper case (ASCII).
    [[nodiscard]] std::optional<std::string> order() const;
    /// Something that the assistant deals in is named for certain.
    [[nodiscard]] bool names_something() const;
    /// Several intents may be meant, or none is likely: what examples tell ends here.
    [[nodiscard]] bool is_open() const { return !intent.empty() && possible.size() != 1; }
    /// Somebody who understands the message chose the intent.
    [[nodiscard]] bool is_decided() const {
        return is_in_scope && (reader == ReadBy::kModel || reader == ReadBy::kCustomer);
    }
    /// From now on this intent is meant, and no other.
    void decide(std::string_view chosen, ReadBy by);
    /// From now on none is.
    void reject(ReadBy by);
};

[[nodiscard]] Reading reading_of(const Understander& understander, const Understood& understood);

}  // namespace hayate::understand
