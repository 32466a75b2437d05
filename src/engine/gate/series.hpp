#pragma once
// What a sentence says of whole series: whether they have ended, and what it says of several at
// once ("both", "each", "the same"). All take normalised text (text::Units::text()). Pure,
// thread-safe.

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/gate/comparison.hpp"

namespace hayate::gate {

/// What a text leaves possible, in bits: "not finished" leaves two.
enum Progress : uint8_t { kUnsaid = 0, kFinished = 1, kRunning = 2, kPaused = 4 };

/// "Has ended", "連載中", "hasn't finished"; kUnsaid if it does not speak of that. What runs may
/// pause: "still running" leaves both.
[[nodiscard]] uint8_t progress_in(std::string_view clause);
/// The same, with the bytes where it is said.
struct ProgressCue {
    uint8_t progress = kUnsaid;
    size_t begin = 0;
    size_t end = 0;
};
[[nodiscard]] ProgressCue progress_cue_in(std::string_view clause);

/// "Both", "それぞれ", "all three": what follows is said of each.
[[nodiscard]] bool is_of_each(std::string_view clause);

/// "The same price", "equally long": of what it says that it is equal.
[[nodiscard]] std::optional<Measure> equal_in(std::string_view clause);

/// "Which of them ...": the answer is one of those named.
[[nodiscard]] bool asks_which(std::string_view question);

/// Begin and end, in bytes, of the parts that commas, "while", "but" and "が、" divide it into.
[[nodiscard]] std::vector<std::pair<size_t, size_t>> clauses_of(std::string_view sentence);

}  // namespace hayate::gate
