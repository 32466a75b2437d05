#pragma once
// Small questions about the texts of an import file. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace hayate::store {

inline constexpr size_t kIdMax = 100;

/// Letters, digits, '-', '_' and '.', at most kIdMax.
[[nodiscard]] bool is_id(std::string_view text);
/// An id without capitals.
[[nodiscard]] bool is_word(std::string_view text);
/// Line feeds and tabs do not count.
[[nodiscard]] bool has_control_character(std::string_view text);
[[nodiscard]] std::string trimmed(std::string_view text);
/// The trimmed parts between separators, without empty ones.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

}  // namespace hayate::store
