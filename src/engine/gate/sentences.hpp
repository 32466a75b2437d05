#pragma once
// Where a sentence of a growing text ends. Streaming asks "is one whole yet?", which ICU's break
// iterator cannot say: it takes the end of what is there for a boundary. Pure, thread-safe.

#include <cstddef>
#include <optional>
#include <string_view>

namespace hayate::gate {

/// The bytes of the first whole sentence, with the white space behind it: up to a line break, a
/// Japanese full stop with its closing brackets, or ".", "!" or "?" before white space. Not after a
/// list number ("2.") or a short form ("Vol."). A sentence over `bytes_max` ends between two
/// graphemes there. nullopt: more text is needed.
[[nodiscard]] std::optional<size_t> sentence_end(std::string_view text, size_t bytes_max);

}  // namespace hayate::gate
