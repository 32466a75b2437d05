#pragma once
// What compares two titles in a way that documents can tell: which began first, which is longer,
// which costs less. Pure, thread-safe.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/text/units.hpp"
#include "engine/gate/facts.hpp"

namespace hayate::gate {

enum class Measure : uint8_t { kBegin, kVolumes, kPrice };

/// From the smallest to the largest that documents give: years, volumes, yen.
struct Extent {
    int64_t low = 0;
    int64_t high = 0;
};

/// "X is longer than Y", "Xの方が長い": X has more volumes.
struct Comparison {
    Measure measure = Measure::kBegin;
    bool is_more = false;
    bool is_denied = false;         // "X is not longer than Y"
    bool names_other = false;       // it is compared with something: Y, or "before 2000"
    const Fact* subject = nullptr;  // X, of the facts given
    const Fact* other = nullptr;    // Y; null if the sentence does not name it as a title
};

/// Which of several a question asks for: the one that has more, or less.
struct Ranking {
    Measure measure = Measure::kBegin;
    bool is_more = false;
};
/// "Which is longer?", "どちらが先に始まった?"; nothing if it does not ask that.
[[nodiscard]] std::optional<Ranking> ranking_asked(std::string_view question);

/// `facts` are the text's own. Nothing if it compares no title, or more than two.
[[nodiscard]] std::optional<Comparison> comparison_in(const text::Units& units,
                                                      std::span<const Fact> facts);

/// That the subject has more (or less) cannot be, whichever of its values is meant.
[[nodiscard]] bool is_impossible(const Comparison& comparison, const Extent& subject,
                                 const Extent& other);

}  // namespace hayate::gate
