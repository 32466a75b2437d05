#pragma once
// Words that say which products are meant and in what order, in English and Japanese: "new this
// week", 人気, "like ...", 以外. They belong to every shop; what a shop sells is named by its
// assistant, as entities are.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::understand {

enum class Cue : uint8_t {
    kNothing,  // takes words away from other cues: "would like"
    // Order and release.
    kNew,
    kUpcoming,
    kRelease,  // "came out": says what a date beside it is of
    kTrending,
    kCheapest,
    kDearest,
    kInStock,
    kShort,  // a series that is soon read
    kFirstVolume,
    kLatestVolume,
    // Days.
    kToday,
    kThisWeek,
    kLastWeek,
    kNextWeek,
    kThisMonth,
    kLastMonth,
    kNextMonth,
    kThisYear,
    kLastYear,
    kNextYear,
    // What becomes of the names beside them.
    kLikeBefore,  // "like X"
    kLikeAfter,   // Xみたいな
    kNotBefore,   // "except X"
    kNotAfter,    // X以外
};
/// "new", "in_stock" ...: how an assistant may name a cue to add words to it. Empty for an unknown
/// name, and for the cues whose place in a sentence matters.
[[nodiscard]] std::optional<Cue> cue_of(std::string_view name);

struct CuePhrase {
    Cue cue = Cue::kNothing;
    std::string text;
};
/// The general ones.
[[nodiscard]] std::vector<CuePhrase> general_cues();

}  // namespace hayate::understand
