#pragma once
// The words of a text that claim something: without grammar, and without what any clerk of any shop
// may say ("please check the product page", "ご案内いたします"). Pure, thread-safe.

#include <cstdint>
#include <span>
#include <vector>

#include "core/text/units.hpp"
#include "engine/gate/facts.hpp"

namespace hayate::gate {

struct Claim {
    uint64_t key = 0;
    uint32_t begin = 0;  // units
    uint32_t end = 0;
    /// Claims nothing, and is found only so that its neighbours can be told from it.
    bool is_courtesy = false;
};

/// Hashes of Latin words, without common endings ("published" and "publisher" are one word, and so
/// are "shipping" and "postage"), of pairs of Japanese characters other than hiragana (a single one
/// between others stands for itself: "猫は"), and of the topics among `facts`, the text's own,
/// whatever they are called. Not of what is checked as another fact: names, days, numbers.
void append_claims(const text::Units& units, std::span<const Fact> facts,
                   std::vector<Claim>& claims);
/// Without courtesies.
void append_claims(const text::Units& units, std::span<const Fact> facts,
                   std::vector<uint64_t>& tokens);
/// A Japanese character that is only joined to words: 在庫数 says no more than 在庫.
[[nodiscard]] bool is_joined_only(uint64_t character);

}  // namespace hayate::gate
