#pragma once
// The few classes of characters that search and language detection tell apart. Pure, thread-safe.

#include <cstdint>

namespace hayate::text {

enum class Script : uint8_t { kNone, kDigit, kLatin, kHiragana, kKatakana, kHan, kOtherLetter };

/// Of a character beyond ASCII.
[[nodiscard]] Script script_of_wide(char32_t c);

[[nodiscard]] constexpr Script script_of_ascii(char32_t c) {
    const bool is_letter = (c | 0x20U) - U'a' < 26;
    return is_letter ? Script::kLatin : c - U'0' < 10 ? Script::kDigit : Script::kNone;
}
[[nodiscard]] inline Script script_of(char32_t c) {
    return c < 0x80 ? script_of_ascii(c) : script_of_wide(c);
}

[[nodiscard]] constexpr bool is_japanese(Script script) {
    return script == Script::kHiragana || script == Script::kKatakana || script == Script::kHan;
}

/// Katakana as hiragana, so that both spellings of a word meet; other characters as they are.
[[nodiscard]] constexpr char32_t fold_kana(char32_t c) {
    constexpr char32_t kDistance = 0x60;
    const bool is_foldable = (c >= U'\u30A1' && c <= U'\u30F6') || c == U'\u30FD' || c == U'\u30FE';
    return is_foldable ? c - kDistance : c;
}

}  // namespace hayate::text
