#include "engine/gate/facts.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/gate/content.hpp"
#include "engine/gate/dates.hpp"

namespace hayate::gate {
namespace {

using text::Script;
using understand::Entity;
using understand::EntityKind;

constexpr uint64_t kIdSeed = 0x48415941'54450007U;
constexpr int64_t kSlightMax = 10;
constexpr size_t kDigitsMax = 15;

uint64_t id_of(std::string_view value) {
    uint64_t id = kIdSeed;
    for (const char c : value) {
        if (c != '-' && c != ' ') id = text::mix(id, static_cast<unsigned char>(c));
    }
    return id;
}

std::optional<FactKind> kind_of(EntityKind kind) {
    switch (kind) {
        case EntityKind::kTitle:
            return FactKind::kTitle;
        case EntityKind::kPerson:
            return FactKind::kPerson;
        case EntityKind::kPrice:
            return FactKind::kPrice;
        case EntityKind::kVolume:
        case EntityKind::kVolumeCount:
            return FactKind::kVolume;
        case EntityKind::kYear:
            return FactKind::kDate;
        case EntityKind::kOrder:
        case EntityKind::kIsbn:
            return FactKind::kOrder;
        case EntityKind::kGenre:
        case EntityKind::kAudience:
        case EntityKind::kFormat:
        case EntityKind::kLanguage:
        case EntityKind::kState:
            return FactKind::kTopic;
    }
    return std::nullopt;
}

bool is_taken(const std::vector<Fact>& facts, uint32_t begin, uint32_t end) {
    return std::ranges::any_of(
        facts, [&](const Fact& fact) { return fact.begin < end && begin < fact.end; });
}

/// A year is a date without month and day.
int64_t scale_of(EntityKind kind) { return kind == EntityKind::kYear ? 10000 : 1; }

void add_entity(const Entity& entity, std::vector<Fact>& facts) {
    const auto kind = kind_of(entity.kind);
    if (!kind) return;
    Fact fact{.kind = *kind,
              .begin = entity.begin,
              .end = entity.end,
              .topic = entity.kind,
              .is_count = entity.kind == EntityKind::kVolumeCount,
              .is_slight = !entity.is_certain || *kind == FactKind::kTopic};
    if (entity.kind == EntityKind::kPrice) fact.counted_in = CountedIn::kYen;
    if (entity.kind == EntityKind::kVolumeCount) fact.counted_in = CountedIn::kCopies;
    if (entity.low || entity.high) {
        fact.low = entity.low.value_or(*entity.high) * scale_of(entity.kind);
        fact.high = entity.high.value_or(*entity.low) * scale_of(entity.kind);
    } else {
        fact.id = id_of(entity.value);
    }
    facts.push_back(fact);
}

class NumberScanner {
  public:
    NumberScanner(const text::Units& units, std::vector<Fact>& facts)
        : units_(units), all_(units.all()), facts_(facts), taken_(facts) {}

    void run() {
        for (uint32_t at = 0; at < all_.size();) {
            const bool is_number = all_[at].script == Script::kDigit &&
                                   all_[at].letter_count <= kDigitsMax &&
                                   !is_taken(taken_, at, at + 1);
            if (!is_number) read_word(at);
            at = is_number ? read(at) : at + 1;
        }
    }

  private:
    [[nodiscard]] int64_t digits(uint32_t at) const {
        int64_t value = 0;
        for (const char32_t c : units_.letters(all_[at]))
            value = value * 10 + (c >= U'0' && c <= U'9' ? c - U'0' : 0);
        return value;
    }
    [[nodiscard]] std::string_view gap(uint32_t at) const {
        const size_t begin = at == 0 ? 0 : all_[at - 1].end;
        const size_t end = at < all_.size() ? all_[at].begin : units_.text().size();
        return units_.text().substr(begin, end - begin);
    }
    [[nodiscard]] bool is_group(uint32_t at) const {
        return at < all_.size() && gap(at) == "," && all_[at].script == Script::kDigit &&
               all_[at].letter_count == 3;
    }
    [[nodiscard]] CountedIn counted_at(uint32_t at) const {
        struct Name {
            std::string_view word;
            CountedIn counted;
        };
        using enum CountedIn;
        static constexpr std::array<Name, 34> kNames{
            {{"day", kDays},        {"days", kDays},       {"hour", kHours},    {"hours", kHours},
             {"minute", kMinutes},  {"minutes", kMinutes}, {"week", kWeeks},    {"weeks", kWeeks},
             {"month", kMonths},    {"months", kMonths},   {"year", kYears},    {"years", kYears},
             {"percent", kPercent}, {"point", kPoints},    {"points", kPoints}, {"copy", kCopies},
             {"copies", kCopies},   {"in", kCopies},       {"left", kCopies},   {"yen", kYen},
             {"日", kDays},         {"営", kDays},         {"時", kHours},      {"分", kMinutes},
             {"週", kWeeks},        {"か", kMonths},       {"ヶ", kMonths},     {"ヵ", kMonths},
             {"カ", kMonths},       {"月", kMonths},       {"年", kYears},      {"割", kPercent},
             {"ポ", kPoints},       {"部", kCopies}}};
        if (at >= all_.size()) return kNone;
        const auto found = std::ranges::find(kNames, units_.text(all_[at]), &Name::word);
        return found == kNames.end() ? kNone : found->counted;
    }
    /// What is counted stands behind the number, or one word further ("2 business days").
    [[nodiscard]] CountedIn counted(uint32_t end) const {
        if (gap(end).contains('%')) return CountedIn::kPercent;
        const CountedIn next = counted_at(end);
        if (next != CountedIn::kNone || end >= all_.size() || all_[end].script != Script::kLatin)
            return next;
        const CountedIn second = counted_at(end + 1);
        return second == CountedIn::kCopies ? CountedIn::kNone : second;
    }
    [[nodiscard]] bool is_decimal(uint32_t end) const {
        return gap(end) == "." && end < all_.size() && all_[end].script == Script::kDigit;
    }
    /// "1600 against 1500", "JP: April 2021, 770."; but "1480 calories", "100人".
    [[nodiscard]] bool counts_nothing(uint32_t end) const {
        if (end >= all_.size()) return true;
        const std::string_view link = gap(end);
        static constexpr std::array<std::string_view, 3> kSigns{"×", "＋", "−"};
        if (link.find_first_of(".,;:!?=)+*/") != std::string_view::npos) return true;
        if (std::ranges::any_of(kSigns, [&](auto sign) { return link.contains(sign); }))
            return true;
        return all_[end].script == Script::kLatin && !is_content_word(units_.text(all_[end]));
    }
    /// "Three years": a number only where it counts time; "one day" is a turn of phrase.
    void read_word(uint32_t at) {
        static constexpr std::array<std::string_view, 11> kWords{"two", "three",  "four",  "five",
                                                                 "six", "seven",  "eight", "nine",
                                                                 "ten", "eleven", "twelve"};
        const auto found = std::ranges::find(kWords, units_.text(all_[at]));
        if (found == kWords.end() || is_taken(taken_, at, at + 1)) return;
        const CountedIn of = counted(at + 1);
        if (of < CountedIn::kMinutes || of > CountedIn::kYears) return;
        const int64_t value = 2 + (found - kWords.begin());
        facts_.push_back(
            {.begin = at, .end = at + 1, .low = value, .high = value, .counted_in = of});
    }
    uint32_t read(uint32_t at) {
        int64_t value = digits(at);
        uint32_t end = at + 1;
        while (is_group(end) && value < 1'000'000'000) value = value * 1000 + digits(end++);
        // 1割 is 10 %.
        constexpr int64_t kTenth = 10;
        if (end < all_.size() && units_.text(all_[end]).starts_with("割")) value *= kTenth;
        facts_.push_back({.kind = FactKind::kNumber,
                          .begin = at,
                          .end = end,
                          .low = value,
                          .high = value,
                          .counted_in = counted(end),
                          .is_slight = value <= kSlightMax && !is_decimal(end)});
        Fact& fact = facts_.back();
        if (fact.counted_in != CountedIn::kNone) fact.is_slight = false;
        fact.stands_alone = fact.counted_in == CountedIn::kNone && counts_nothing(end);
        return end;
    }

    const text::Units& units_;
    std::span<const text::Unit> all_;
    std::vector<Fact>& facts_;
    const std::vector<Fact> taken_;
};

/// "Two weeks" for "14 days", "a day" is not read; "15:00" for "3 in the afternoon".
bool is_as_long(const Fact& known, const Fact& said) {
    constexpr int64_t kDaysAWeek = 7;
    constexpr int64_t kHoursADay = 24;
    const auto hours = [](const Fact& fact) -> int64_t {
        switch (fact.counted_in) {
            case CountedIn::kHours:
                return fact.low;
            case CountedIn::kDays:
                return fact.low * kHoursADay;
            case CountedIn::kWeeks:
                return fact.low * kDaysAWeek * kHoursADay;
            default:
                return 0;
        }
    };
    const bool is_single = known.low == known.high && said.low == said.high;
    return is_single && known.kind == FactKind::kNumber && said.kind == FactKind::kNumber &&
           hours(known) != 0 && hours(known) == hours(said);
}

bool supports_volume(const Fact& known, const Fact& said) {
    const bool is_within = known.low <= said.low && said.high <= known.high;
    if (known.is_count && !said.is_count) return said.high <= known.high;
    if (said.is_count && !known.is_count)
        return said.low == known.high || said.low == known.high - known.low + 1;
    return is_within;
}

bool is_same_day(int64_t known, int64_t said) {
    const auto agrees = [](int64_t a, int64_t b) { return b == 0 || a == b; };
    return agrees(known / 10000, said / 10000) && agrees(known / 100 % 100, said / 100 % 100) &&
           agrees(known % 100, said % 100);
}

/// Somebody may be called ONE, but "the longer one" is nobody.
bool is_function_word(const Entity& entity, const text::Units& units) {
    const text::Unit& unit = units.all()[entity.begin];
    return entity.end == entity.begin + 1 && unit.script == Script::kLatin &&
           !is_content_word(units.text(unit));
}

}  // namespace

bool supports(const Fact& known, const Fact& said) {
    using enum FactKind;
    const bool counts_the_same = known.counted_in == CountedIn::kNone ||
                                 said.counted_in == CountedIn::kNone ||
                                 known.counted_in == said.counted_in;
    if (!counts_the_same) return is_as_long(known, said);
    if (known.id != 0 || said.id != 0) return known.kind == said.kind && known.id == said.id;
    if (said.kind == kDate && known.kind == kDate) return is_same_day(known.low, said.low);
    if (said.kind == kVolume && known.kind == kVolume) return supports_volume(known, said);
    if (known.kind == said.kind) return known.low <= said.low && said.high <= known.high;
    // A bare number may stand for anything, but "1480 calories" is not what costs 1480 yen.
    if (known.kind == kPrice && said.kind == kNumber && !said.stands_alone) return false;
    if (said.kind == kDate) return known.kind == kNumber && known.low == said.low / 10000;
    if (said.kind == kNumber && known.kind == kDate) {
        return said.low == known.low / 10000 || said.low == known.low / 100 % 100 ||
               said.low == known.low % 100;
    }
    const bool is_equal = said.low == known.low || said.low == known.high;
    return is_equal && (said.kind == kNumber || known.kind == kNumber);
}

uint64_t edition_in(std::span<const Fact> facts) {
    uint64_t edition = 0;
    for (const Fact& fact : facts) {
        if (fact.kind != FactKind::kTopic || fact.topic != EntityKind::kLanguage) continue;
        if (edition != 0 && edition != fact.id) return 0;
        edition = fact.id;
    }
    return edition;
}

namespace {

/// "The 1980s", "2070年代": no year.
bool is_decade(const text::Units& units, const Fact& year) {
    const std::string_view behind = units.text().substr(units.all()[year.end - 1].end);
    const bool is_plural =
        behind.starts_with("s") && (behind.size() == 1 || behind[1] < 'a' || behind[1] > 'z');
    return year.kind == FactKind::kDate &&
           (is_plural || behind.starts_with("年代") || behind.starts_with("代"));
}

/// "748 and 770 yen", "1,800〜3,800円": the first is a price, too.
void price_by_next(const text::Units& units, std::vector<Fact>& facts) {
    static constexpr std::array<std::string_view, 9> kLinks{" and ", " or ", " to ", "-", "〜",
                                                            "~",     "と",   "・",   "、"};
    for (size_t i = facts.size(); i-- > 1;) {
        Fact& fact = facts[i - 1];
        const Fact& next = facts[i];
        const size_t end = units.all()[fact.end - 1].end;
        const size_t begin = units.all()[next.begin].begin;
        const bool is_bare = fact.kind == FactKind::kNumber && fact.counted_in == CountedIn::kNone;
        if (!is_bare || next.kind != FactKind::kPrice || begin < end) continue;
        const std::string_view link = units.text().substr(end, begin - end);
        if (std::ranges::count(kLinks, link) == 0) continue;
        fact.kind = FactKind::kPrice;
        fact.counted_in = CountedIn::kYen;
        fact.is_slight = false;
    }
}

}  // namespace

void read_facts(const text::Units& units, const understand::EntityFinder& finder,
                FactScratch& scratch, std::vector<Fact>& facts) {
    facts.clear();
    finder.find(units, scratch.matches, scratch.entities);
    // Names first: "20th Century Boys" is no number. Then dates, whose numbers are no others'.
    for (const Entity& entity : scratch.entities) {
        if (entity.kind == EntityKind::kTitle || entity.kind == EntityKind::kPerson ||
            entity.kind == EntityKind::kOrder || entity.kind == EntityKind::kIsbn) {
            add_entity(entity, facts);
            if (!facts.empty() && is_function_word(entity, units)) facts.back().is_slight = true;
        }
    }
    const size_t names = facts.size();
    find_dates(units, facts);
    const auto overlaps_name = [&](const Fact& date) {
        return std::ranges::any_of(
            facts.begin(), facts.begin() + static_cast<ptrdiff_t>(names),
            [&](const Fact& name) { return name.begin < date.end && date.begin < name.end; });
    };
    std::erase_if(facts, [&](const Fact& fact) {
        return fact.kind == FactKind::kDate && overlaps_name(fact);
    });
    const std::vector<Fact> taken = facts;
    for (const Entity& entity : scratch.entities) {
        const bool is_number = entity.low || entity.high;
        if (is_number && !is_taken(taken, entity.begin, entity.end)) add_entity(entity, facts);
    }
    NumberScanner(units, facts).run();
    for (const Entity& entity : scratch.entities) {
        if (kind_of(entity.kind) == FactKind::kTopic) add_entity(entity, facts);
    }
    std::ranges::sort(facts, {}, &Fact::begin);
    std::erase_if(facts, [&](const Fact& fact) { return is_decade(units, fact); });
    price_by_next(units, facts);
}

}  // namespace hayate::gate
