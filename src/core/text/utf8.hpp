#pragma once
// UTF-8 without surprises: every function accepts any bytes, and none reads past the end. Pure,
// thread-safe.

#include <cstddef>
#include <string>
#include <string_view>

namespace hayate::text {

/// What stands for bytes that are no character.
inline constexpr char32_t kReplacement = U'\uFFFD';

[[nodiscard]] bool is_ascii(std::string_view text);

/// As next_code_point, which is for those of a single byte as well.
[[nodiscard]] char32_t next_long_code_point(std::string_view text, size_t& at);

/// The code point at `at`, which is moved behind it; kReplacement for a malformed sequence. `at`
/// must be < text.size().
[[nodiscard]] inline char32_t next_code_point(std::string_view text, size_t& at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first >= 0x80) return next_long_code_point(text, at);
    ++at;
    return first;
}
void append_utf8(std::string& out, char32_t code_point);

/// The longest prefix of at most `max_bytes` that cuts no code point in two.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, size_t max_bytes);

/// `text` with U+FFFD in place of every malformed sequence.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

}  // namespace hayate::text
