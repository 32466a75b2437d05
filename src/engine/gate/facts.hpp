#pragma once
// Facts: what a text says that can be right or wrong: titles, people, prices, dates, volumes, order
// numbers, other numbers and topics, in one form however they are written. "¥1,980", "1980円" and
// "1,980 yen" are one price, "3巻" and "Vol. 3" one volume, "2024-03-04" and "March 4, 2024" one
// day. Pure, thread-safe.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/text/units.hpp"
#include "engine/understand/entities.hpp"

namespace hayate::gate {

enum class FactKind : uint8_t {
    kTitle,
    kPerson,
    kPrice,
    kDate,
    kVolume,
    kNumber,
    kOrder,
    /// A word of the assistant's vocabulary: a genre, a format, "finished". Always slight: what is
    /// said of topics is checked as claims (claims.hpp).
    kTopic,
};

/// What a number counts. kNone goes with everything.
enum class CountedIn : uint8_t {
    kNone,
    kPercent,
    kMinutes,
    kHours,
    kDays,
    kWeeks,
    kMonths,
    kYears,
    kPoints,
    kCopies,
    kYen,
};

struct Fact {
    FactKind kind = FactKind::kNumber;
    uint32_t begin = 0;  // units
    uint32_t end = 0;
    /// Numbers, prices, volumes: the range, both ends inclusive. Dates: year * 10000 + month * 100
    /// + day, with 0 for a part that is not said. Others: 0.
    int64_t low = 0;
    int64_t high = 0;
    uint64_t id = 0;  // titles, people, orders, ISBNs: the same for every way to write one
    CountedIn counted_in = CountedIn::kNone;
    understand::EntityKind topic = understand::EntityKind::kGenre;  // of kTopic
    bool is_count = false;  // volumes: "23 volumes", not the 23rd
    /// A number behind which nothing stands that it could count: it may be a price.
    bool stands_alone = false;
    /// Not worth checking: a small number that counts nothing ("these 3", "1."), a title that is an
    /// ordinary word, too.
    bool is_slight = false;
};

/// True if whoever said `known` may say `said`: the same thing, or a part of it (a volume of a
/// range, the year of a day).
[[nodiscard]] bool supports(const Fact& known, const Fact& said);

/// The language that editions are said to be in; 0 if none or several are named.
[[nodiscard]] uint64_t edition_in(std::span<const Fact> facts);

/// Memory to work with, so that reading allocates nothing once it has grown.
struct FactScratch {
    std::vector<text::NameFinder::Match> matches;
    std::vector<understand::Entity> entities;
};

/// Replaces `facts` by those of the text, from left to right. A name that several things share
/// gives a fact for each, all at one place.
void read_facts(const text::Units& units, const understand::EntityFinder& finder,
                FactScratch& scratch, std::vector<Fact>& facts);

}  // namespace hayate::gate
