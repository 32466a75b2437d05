#pragma once
// "Did you mean ...?": the known word closest to what somebody wrote.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hayate::base {

/// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string
/// alignment), in bytes; letter case and '-' for '_' do not count.
[[nodiscard]] size_t edit_distance(std::string_view a, std::string_view b);

/// The closest of `known`, if it is close enough to be a slip of the pen: at most a third of the
/// word is different.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> known);

/// "; did you mean 'price'?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> known);

}  // namespace hayate::base
