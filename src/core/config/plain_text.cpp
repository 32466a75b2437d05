#include "core/config/plain_text.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/base/json_text.hpp"

namespace hayate::config {

bool parse_dollars(std::string_view text, int64_t& micros) {
    const size_t dot = text.find('.');
    std::string digits(text.substr(0, dot));
    std::string decimals(dot == std::string_view::npos ? "" : text.substr(dot + 1));
    const bool has_point = dot != std::string_view::npos;
    if (digits.empty() || digits.size() > 6 || decimals.size() > 6) return false;
    if (has_point && decimals.empty()) return false;
    decimals.resize(6, '0');
    digits += decimals;
    if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return false;
    std::from_chars(digits.data(), digits.data() + digits.size(), micros);
    return true;
}

int first_bad_line(std::string_view text) {
    int line = 1;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const std::string_view piece = text.substr(0, end);
        // A line feed is never part of a longer UTF-8 sequence, so lines can be judged alone.
        const bool has_control = std::ranges::any_of(piece, [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r') || c == '\x7f';
        });
        if (has_control || !base::is_valid_utf8(piece)) return line;
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
    }
    return 0;
}

}  // namespace hayate::config
