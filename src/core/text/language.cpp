#include "core/text/language.hpp"

#include <algorithm>
#include <cstddef>

#include "core/text/script.hpp"
#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

struct Letters {
    size_t latin_words = 0;
    size_t latin = 0;
    size_t hiragana = 0;
    size_t japanese = 0;  // kana and kanji
    size_t other = 0;
};

Letters count_letters(std::string_view text) {
    Letters letters;
    bool is_in_word = false;
    for (size_t at = 0; at < text.size();) {
        const Script script = script_of(next_code_point(text, at));
        const bool is_latin = script == Script::kLatin;
        if (is_latin && !is_in_word) ++letters.latin_words;
        is_in_word = is_latin;
        letters.latin += is_latin ? 1 : 0;
        letters.hiragana += script == Script::kHiragana ? 1 : 0;
        letters.japanese += is_japanese(script) ? 1 : 0;
        letters.other += script == Script::kOtherLetter ? 1 : 0;
    }
    return letters;
}

// Japanese sentences need hiragana for their grammar, English ones need a few words; a title in the
// other language brings less than that.
constexpr size_t kSentenceHiragana = 4;
constexpr size_t kSentenceWords = 3;

}  // namespace

std::string_view name_of(Language language) {
    switch (language) {
        case Language::kEnglish:
            return "en";
        case Language::kJapanese:
            return "ja";
        case Language::kMixed:
            return "mixed";
        case Language::kOther:
            return "other";
    }
    return "other";
}

Language language_of(std::string_view text) {
    if (is_ascii(text)) {  // most messages: a letter is enough
        const bool has_letter = std::ranges::any_of(text, [](char c) {
            return script_of(static_cast<unsigned char>(c)) == Script::kLatin;
        });
        return has_letter ? Language::kEnglish : Language::kOther;
    }
    const Letters letters = count_letters(text);
    if (letters.other > letters.latin + letters.japanese) return Language::kOther;
    if (letters.japanese == 0) return letters.latin > 0 ? Language::kEnglish : Language::kOther;
    const bool is_english = letters.latin_words >= kSentenceWords;
    const bool is_japanese_sentence = letters.hiragana >= kSentenceHiragana;
    if (is_english && is_japanese_sentence) return Language::kMixed;
    // "Is 鬼滅の刃 in stock?" against "SPY×FAMILYの3巻": words decide, unless kana hold them
    // together.
    if (is_english && letters.latin > letters.japanese) return Language::kEnglish;
    return Language::kJapanese;
}

std::string_view reply_language(std::string_view text) {
    const Language language = language_of(text);
    return language == Language::kJapanese || language == Language::kMixed ? "ja" : "en";
}

}  // namespace hayate::text
