#include "core/base/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <simdjson.h>

namespace hayate::base {
namespace {

bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '\x7f';
}

/// Whether one of eight bytes needs an escape: a comparison in every byte of a word at once ("bit
/// twiddling hacks", hasless and haszero).
bool any_needs_escape(uint64_t word) {
    constexpr uint64_t kOnes = 0x0101010101010101;
    constexpr uint64_t kHighBits = kOnes * 0x80;
    const auto has_zero = [](uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHighBits; };
    const auto has = [&](char c) { return has_zero(word ^ (kOnes * static_cast<uint8_t>(c))); };
    const uint64_t has_control = (word - kOnes * 0x20) & ~word & kHighBits;
    return (has_control | has('"') | has('\\') | has('\x7f')) != 0;
}

/// The first character at or after `from` that needs an escape, or the end.
size_t find_escape(std::string_view text, size_t from) {
    uint64_t word = 0;
    for (; from + sizeof word <= text.size(); from += sizeof word) {
        std::memcpy(&word, text.data() + from, sizeof word);
        if (any_needs_escape(word)) break;
    }
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
