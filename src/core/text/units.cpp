#include "core/text/units.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "core/text/normalise.hpp"
#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

constexpr uint64_t kKeySeed = 0x48415941'54450001U;

bool is_mark(char32_t c) {
    if (c < 0x300) return false;
    const auto type = u_charType(static_cast<UChar32>(c));
    return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

/// "é" as "e": what is left of a letter when its marks are split off.
char32_t base_letter(char32_t c) {
    if (c < 0x80) return c;
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfd = icu::Normalizer2::getNFDInstance(status);
    icu::UnicodeString parts;  // short: no memory is taken
    while (U_SUCCESS(status) && nfd->getRawDecomposition(static_cast<UChar32>(c), parts)) {
        c = static_cast<char32_t>(parts.char32At(0));
    }
    return c;
}

/// "editions" and "edition" are one word to a customer. Cruder than a stemmer, and unlike one
/// predictable for names.
size_t length_without_plural(std::span<const char32_t> word) {
    constexpr size_t kShortest = 4;
    if (word.size() < kShortest || word.back() != U's') return word.size();
    const char32_t before = word[word.size() - 2];
    return before == U's' || before == U'u' || before == U'i' ? word.size() : word.size() - 1;
}

uint64_t key_of(std::span<const char32_t> letters) {
    uint64_t key = kKeySeed;
    for (const char32_t c : letters) key = mix(key, c);
    return key;
}

/// Of normalised text.
bool is_plain_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'\u2019'; }

}  // namespace

void Units::close_word() {
    if (!is_word_open_) return;
    is_word_open_ = false;
    Unit& word = units_.back();
    const auto spelled = letters(word);
    const bool is_number = word.script == Script::kDigit;
    word.key = key_of(is_number ? spelled : spelled.first(length_without_plural(spelled)));
}

void Units::add(char32_t c, uint32_t begin, uint32_t end) {
    const Script script = script_of(c);
    if (script == Script::kNone) {
        const bool is_in_word = is_word_open_ && units_.back().script != Script::kDigit;
        // "don't" is one word, and a combining mark belongs to the letter before it.
        if (is_mark(c) && !units_.empty() && units_.back().end == begin) units_.back().end = end;
        if (!is_mark(c) && !(is_in_word && is_apostrophe(c))) close_word();
        return;
    }
    if (is_japanese(script)) {
        close_word();
        const auto first = static_cast<uint32_t>(letters_.size());
        letters_.push_back(fold_kana(c));
        units_.push_back({begin, end, first, 1, script, key_of({&letters_.back(), 1})});
        return;
    }
    const bool is_digit = script == Script::kDigit;
    if (is_word_open_ && (units_.back().script == Script::kDigit) != is_digit) close_word();
    if (!is_word_open_) {
        units_.push_back({begin, end, static_cast<uint32_t>(letters_.size()), 0, script, 0});
        is_word_open_ = true;
    }
    letters_.push_back(base_letter(c));
    ++units_.back().letter_count;
    units_.back().end = end;
}

/// Words of ASCII letters are read in one loop, whose end is all that cannot be foreseen. Returns
/// where they end, with the word open, or closed when it is plain that it ends there.
size_t Units::add_plain_letters(size_t begin) {
    const auto first = static_cast<uint32_t>(letters_.size());
    uint64_t before = kKeySeed;  // the key without the last letter
    uint64_t key = kKeySeed;
    size_t end = begin;
    for (; end < text_.size() && is_plain_letter(text_[end]); ++end) {
        letters_.push_back(static_cast<unsigned char>(text_[end]));
        before = key;
        key = mix(key, letters_.back());
    }
    units_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end), first,
                      static_cast<uint32_t>(end - begin), Script::kLatin, 0});
    is_word_open_ = end < text_.size() && text_[end] != ' ';
    if (is_word_open_) return end;  // an apostrophe, an accent: it may go on
    const auto spelled = letters(units_.back());
    units_.back().key = length_without_plural(spelled) < spelled.size() ? before : key;
    return end;
}

void Units::read(std::string_view message, size_t bytes_max) {
    units_.clear();
    letters_.clear();
    is_word_open_ = false;
    normalise(utf8_prefix(message, bytes_max), text_);
    for (size_t at = 0; at < text_.size();) {
        if (!is_word_open_ && is_plain_letter(text_[at])) at = add_plain_letters(at);
        if (at == text_.size()) break;
        const auto begin = static_cast<uint32_t>(at);
        const char32_t c = next_code_point(text_, at);
        add(c, begin, static_cast<uint32_t>(at));
    }
    close_word();
}

uint64_t unit_key(std::string_view word) {
    Units units;
    units.read(word);
    return units.all().empty() ? 0 : units.all().front().key;
}

}  // namespace hayate::text
