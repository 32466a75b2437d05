#pragma once
// What two texts have in common, by their words (in Japanese: by pairs of characters). Pure,
// thread-safe.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/text/units.hpp"

namespace hayate::gate {

/// Normalised, in Latin letters, and no "the" or "with".
[[nodiscard]] bool is_content_word(std::string_view word);
/// Hashes of what carries meaning: Latin words that are no function words, numbers, pairs of
/// Japanese characters of which one is not hiragana (so that grammar does not count).
void append_content(const text::Units& units, std::vector<uint64_t>& tokens);
/// Hashes of all pairs of neighbours, grammar included: two texts that share them read the same.
void append_pairs(const text::Units& units, std::vector<uint64_t>& pairs);

/// Sorts and drops repetitions: what the following take.
void make_set(std::vector<uint64_t>& tokens);
[[nodiscard]] bool contains(std::span<const uint64_t> set, uint64_t token);
[[nodiscard]] size_t shared_count(std::span<const uint64_t> a, std::span<const uint64_t> b);
/// 2 |a and b| / (|a| + |b|) (Dice); 0 for empty sets.
[[nodiscard]] float likeness(std::span<const uint64_t> a, std::span<const uint64_t> b);
/// |a and b| / |a|: how much of `a` is in `b`; 0 for an empty `a`.
[[nodiscard]] float share_in(std::span<const uint64_t> a, std::span<const uint64_t> b);

}  // namespace hayate::gate
