#include "io/model/llama/utf8_assembler.hpp"

#include <cstdint>

namespace hayate::model::llama {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// The length that a first byte announces; 0 for a byte that cannot be first (Unicode 15, table
/// 3-7).
size_t announced_length(uint8_t first) {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

/// The second byte is where overlong forms, surrogates and values over U+10FFFF are refused.
bool may_be_second(uint8_t first, uint8_t second) {
    const uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

/// How many bytes from the front of `text` belong together, at most the announced length.
size_t matching_bytes(std::string_view text, size_t announced) {
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
    size_t count = 1;
    while (count < announced && count < text.size()) {
        const bool fits =
            count == 1 ? may_be_second(byte(0), byte(1)) : (byte(count) & 0xc0) == 0x80;
        if (!fits) break;
        ++count;
    }
    return count;
}

}  // namespace

void Utf8Assembler::push(std::string_view bytes, std::string& out) {
    held_ += bytes;
    std::string_view rest = held_;
    while (!rest.empty()) {
        const size_t announced = announced_length(static_cast<uint8_t>(rest[0]));
        const size_t count = matching_bytes(rest, announced);
        if (announced > 0 && count == announced) {
            out += rest.substr(0, count);
        } else if (announced > 0 && count == rest.size()) {
            break;
        } else {
            out += kReplacement;
        }
        rest.remove_prefix(count);
    }
    held_.erase(0, held_.size() - rest.size());
}

}  // namespace hayate::model::llama
