#include "core/text/script.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace hayate::text {

Script script_of_wide(char32_t c) {
    // The long-vowel mark and the iteration mark have no script of their own, but belong to the
    // word around them.
    if (c == U'ー' || c == U'ｰ') return Script::kKatakana;
    if (c == U'々' || c == U'〆') return Script::kHan;
    const auto code_point = static_cast<UChar32>(c);
    if (!u_isalnum(code_point)) return Script::kNone;
    if (u_isdigit(code_point)) return Script::kDigit;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(code_point, &status)) {
        case USCRIPT_LATIN:
            return Script::kLatin;
        case USCRIPT_HIRAGANA:
            return Script::kHiragana;
        case USCRIPT_KATAKANA:
            return Script::kKatakana;
        case USCRIPT_HAN:
            return Script::kHan;
        default:
            return Script::kOtherLetter;
    }
}

}  // namespace hayate::text
