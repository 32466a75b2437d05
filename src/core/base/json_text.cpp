#include "core/base/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <simdjson.h>

namespace hayate::base {
namespace {

/// Without a branch, so that a loop over it compares many bytes at once.
uint8_t needs_escape(char c) {
    const auto byte = static_cast<uint8_t>(c);
    return static_cast<uint8_t>((byte < 0x20) | (byte == '"') | (byte == '\\') | (byte == 0x7f));
}

constexpr size_t kBlock = 32;

bool any_needs_escape(const char* block) {
    uint8_t any = 0;
    for (size_t i = 0; i < kBlock; ++i) any |= needs_escape(block[i]);
    return any != 0;
}

/// The first character at or after `from` that needs an escape, or the end.
size_t find_escape(std::string_view text, size_t from) {
    while (from + kBlock <= text.size() && !any_needs_escape(text.data() + from)) from += kBlock;
    while (from < text.size() && !needs_escape(text[from])) ++from;
    return from;
}

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    size_t begin = 0;
    while (true) {
        const size_t end = find_escape(text, begin);
        out.append(text, begin, end - begin);
        if (end == text.size()) break;
        append_escape(out, text[end]);
        begin = end + 1;
    }
    out += '"';
}

void append_number(std::string& out, int64_t value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end.ptr);
}

void append_number(std::string& out, double value, int decimals) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    fmt::format_to(std::back_inserter(out), "{:.{}f}", value, decimals);
}

bool is_valid_utf8(std::string_view text) {
    return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace hayate::base
