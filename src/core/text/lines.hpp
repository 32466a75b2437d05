#pragma once
// Small text files of the kind "name value", a line each, "#" before a comment.

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <type_traits>

namespace hayate::text {

/// Takes the first line off, without its comment and its end.
[[nodiscard]] std::string_view take_line(std::string_view& text);
/// Takes the first word off, and the white space before it. Empty: there is none.
[[nodiscard]] std::string_view take_word(std::string_view& line);

/// The word as a whole is a number that is finite.
template <class Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view word) {
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(value)) return std::nullopt;
    }
    return value;
}

}  // namespace hayate::text
