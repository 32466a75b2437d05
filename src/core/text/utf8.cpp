#include "core/text/utf8.hpp"

#include <algorithm>
#include <cstdint>

#include <unicode/utf8.h>

namespace hayate::text {

bool is_ascii(std::string_view text) {
    constexpr size_t kStep = 32;  // bytes that are looked at together
    size_t at = 0;
    unsigned char all = 0;
    for (; at + kStep <= text.size() && all < 0x80; at += kStep) {
        for (size_t i = 0; i < kStep; ++i) all |= static_cast<unsigned char>(text[at + i]);
    }
    for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
    return all < 0x80;
}

char32_t next_long_code_point(std::string_view text, size_t& at) {
    // ICU counts in int32_t: decode within a window, so that texts of any length work.
    const char* bytes = text.data() + at;
    const auto size = static_cast<int32_t>(std::min<size_t>(text.size() - at, 4));
    int32_t used = 0;
    UChar32 code_point = 0;
    U8_NEXT(bytes, used, size, code_point);  // NOLINT(bugprone-inc-dec-in-conditions): ICU macro
    at += static_cast<size_t>(used);
    return code_point < 0 ? kReplacement : static_cast<char32_t>(code_point);
}

void append_utf8(std::string& out, char32_t code_point) {
    char bytes[4];
    int32_t size = 0;
    UBool is_error = 0;
    U8_APPEND(reinterpret_cast<uint8_t*>(bytes), size, 4, static_cast<UChar32>(code_point),
              is_error);
    if (is_error) return append_utf8(out, kReplacement);
    out.append(bytes, static_cast<size_t>(size));
}

std::string_view utf8_prefix(std::string_view text, size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    size_t end = max_bytes;
    // A character has at most three continuation bytes; more of them in a row are malformed and may
    // be cut anywhere.
    const size_t furthest = max_bytes - std::min<size_t>(max_bytes, 3);
    while (end > furthest && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) end -= 1;
    return text.substr(0, end);
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) append_utf8(out, next_code_point(text, at));
    return out;
}

}  // namespace hayate::text
