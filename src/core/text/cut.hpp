#pragma once
// Shortening texts where a reader would. All results are prefixes of `text`, never longer than
// `max_bytes`, and valid UTF-8 when `text` is. Thread-safe.

#include <cstddef>
#include <string_view>

namespace hayate::text {

/// Cuts between grapheme clusters: never inside an emoji sequence or between a letter and its
/// marks. A first cluster longer than `max_bytes` gives an empty text.
[[nodiscard]] std::string_view cut_graphemes(std::string_view text, size_t max_bytes);

/// Cuts at the last sentence end that fits, without trailing white space; where none fits, between
/// graphemes.
[[nodiscard]] std::string_view cut_sentences(std::string_view text, size_t max_bytes);

}  // namespace hayate::text
