#pragma once
// What full-text search indexes and looks up. The same function serves both sides, so whatever it
// does to a word it does to the question as well. Pure, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::text {

/// A stretch of one kind of text.
struct Run {
    enum class Kind : uint8_t { kWord, kNumber, kJapanese };
    Kind kind = Kind::kWord;
    /// Normalised. Words: without diacritics and plural s. Japanese: katakana as hiragana.
    std::string folded;
    std::string plain;  // normalised only
};
/// The runs of a text in order; punctuation and spaces separate them and are dropped.
[[nodiscard]] std::vector<Run> runs_of(std::string_view text);

/// Words and numbers as they are, Japanese runs as overlapping pairs of characters (a run of one:
/// that character). Tokens of a token are that token.
[[nodiscard]] std::vector<std::string> search_tokens(std::string_view text);

/// The words of one of the phrases stand in a row among the tokens, folded as these are.
[[nodiscard]] bool has_any_phrase(const std::vector<std::string>& tokens,
                                  const std::vector<std::string>& phrases);

/// Adds the tokens of one run to `tokens`.
void append_tokens(const Run& run, std::vector<std::string>& tokens);

}  // namespace hayate::text
