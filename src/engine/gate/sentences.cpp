#include "engine/gate/sentences.hpp"

#include <algorithm>
#include <array>

#include "core/text/cut.hpp"
#include "core/text/utf8.hpp"

namespace hayate::gate {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_full_stop(char32_t c) { return c == U'。' || c == U'！' || c == U'？' || c == U'｡'; }

bool is_closing(char32_t c) {
    return c == U'」' || c == U'』' || c == U'）' || c == U'"' || c == U'\'' || c == U'”' ||
           c == U'’' || c == U')' || c == U'*';
}

/// What stands before the "." at `at` is a list number or a short form.
bool is_no_end(std::string_view text, size_t at) {
    static constexpr std::array<std::string_view, 10> kShort{"Vol", "vol", "Vols", "vols", "No",
                                                             "Mr",  "Mrs", "Dr",   "vs",   "St"};
    constexpr size_t kListDigits = 2;
    size_t begin = at;
    while (begin > 0 && !is_space(text[begin - 1])) --begin;
    const std::string_view word = text.substr(begin, at - begin);
    const bool is_number =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number && word.size() <= kListDigits) return true;
    // Initials: "Monkey D. Luffy".
    const bool is_initial = word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z';
    return is_initial || std::ranges::count(kShort, word) > 0;
}

size_t after_spaces(std::string_view text, size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at;
}

/// The end of a sentence whose last mark ends at `at`, if what follows is known to be another.
std::optional<size_t> end_after_mark(std::string_view text, size_t at, bool needs_space) {
    while (at < text.size()) {
        size_t next = at;
        const char32_t c = text::next_code_point(text, next);
        if (!is_closing(c) && !is_full_stop(c) && c != U'.' && c != U'!' && c != U'?') break;
        at = next;
    }
    if (at >= text.size()) return std::nullopt;
    if (needs_space && !is_space(text[at])) return std::nullopt;
    const size_t next = after_spaces(text, at);
    // "Haikyu!! is a series".
    const bool goes_on = next < text.size() && text[next] >= 'a' && text[next] <= 'z';
    return needs_space && goes_on ? std::nullopt : std::optional(next);
}

}  // namespace

std::optional<size_t> sentence_end(std::string_view text, size_t bytes_max) {
    // White space in front belongs to the sentence; it does not end it.
    for (size_t at = after_spaces(text, 0); at < text.size();) {
        if (at > bytes_max) break;
        const size_t begin = at;
        const char32_t c = text::next_code_point(text, at);
        if (c == U'\n') return after_spaces(text, at);
        const bool is_latin_end = (c == U'.' && !is_no_end(text, begin)) || c == U'!' || c == U'?';
        if (!is_latin_end && !is_full_stop(c)) continue;
        if (const auto end = end_after_mark(text, at, is_latin_end)) return end;
    }
    if (text.size() <= bytes_max) return std::nullopt;
    const size_t cut = text::cut_graphemes(text, bytes_max).size();
    return cut > 0 ? cut : text.size();
}

}  // namespace hayate::gate
