#include "engine/gate/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdlib>

#include "core/text/pattern.hpp"

namespace hayate::gate {
namespace {

constexpr size_t kOperandsMax = 12;
constexpr int64_t kWhole = 100;     // per cent
constexpr int64_t kYear = 10000;    // of a Fact's date
constexpr int64_t kTimesMax = 10;   // "a dozen" is counted by somebody
constexpr int64_t kCountMax = 200;  // volumes of a series

void put(std::vector<int64_t>& values, int64_t value) {
    if (values.size() < kOperandsMax && std::ranges::count(values, value) == 0)
        values.push_back(value);
}

/// Rounded: "about 1,060 yen each".
bool is_about(int64_t value, int64_t exact) {
    constexpr int64_t kHundredth = 100;
    return std::abs(value - exact) <= std::max<int64_t>(1, exact / kHundredth);
}

bool is_multiple(int64_t value, const Operands& operands) {
    return std::ranges::any_of(operands.prices(), [&](int64_t price) {
        if (price <= 0 || value % price != 0) return false;
        const int64_t times = value / price;
        return times > 1 &&
               (times <= kTimesMax || std::ranges::count(operands.counts(), times) > 0);
    });
}

/// A set's price for each of its volumes.
bool is_share_of_price(int64_t value, const Operands& operands) {
    return std::ranges::any_of(operands.prices(), [&](int64_t price) {
        const bool is_each = std::ranges::any_of(operands.counts(), [&](int64_t count) {
            return count > 1 && is_about(value, price / count);
        });
        // "You save 424 yen: 1,480 against 2 x 528".
        const bool is_beyond_several = std::ranges::any_of(operands.prices(), [&](int64_t each) {
            return each > 0 && price > value && (price - value) % each == 0 &&
                   std::ranges::count(operands.counts(), (price - value) / each) > 0;
        });
        return is_each || is_beyond_several ||
               std::ranges::any_of(operands.percents(), [&](int64_t percent) {
                   const int64_t part = price * percent / kWhole;
                   return is_about(value, part) || is_about(value, price - part);
               });
    });
}

constexpr int64_t kMonthsAYear = 12;

struct Day {
    int64_t year = 0;  // 0: not said
    int64_t month = 0;
    int64_t day = 0;
};

Day day_of(const Fact& fact) { return {fact.low / kYear, fact.low / 100 % 100, fact.low % 100}; }

/// Of a year that is not said, one with all days.
std::chrono::sys_days sys_day_of(const Day& day) {
    constexpr int kLeapYear = 2024;
    return std::chrono::year{day.year == 0 ? kLeapYear : static_cast<int>(day.year)} /
           std::chrono::month{static_cast<unsigned>(day.month)} /
           std::chrono::day{static_cast<unsigned>(day.day)};
}

bool is_shifted(const Fact& said, const Day& from, int64_t days) {
    const std::chrono::year_month_day to{sys_day_of(from) + std::chrono::days{days}};
    const auto day = static_cast<int64_t>(static_cast<unsigned>(to.day()));
    if (said.kind == FactKind::kNumber) return said.low == day;
    const Day want = day_of(said);
    return want.day == day && want.month == static_cast<int64_t>(static_cast<unsigned>(to.month()));
}

}  // namespace

Computation computation_in(std::string_view normalised) {
    static const text::Pattern total(
        R"(\b(altogether|together|total|totals|in all|sum|combined|all (two|three|four|five))\b)"
        R"(|合計|合わせて|あわせて|全部で|総額|計)");
    static const text::Pattern difference(
        R"(\b(more|less|fewer|cheaper|dearer|difference|differ|apart|save|saves|saving|higher)"
        R"(|lower|longer|shorter|taller|left|remaining|short|missing|over|rest|earlier|later)"
        R"(|extra)\b|差|違い|違う|より|高い|高く|安い|安く|得|多い|多く|少な|足りな)"
        R"(|不足|あと|残り|開き|早い|遅い|長い|短い)");
    // "In all 400 yen cheaper" is a difference.
    if (difference.find(normalised)) return Computation::kDifference;
    return total.find(normalised) ? Computation::kTotal : Computation::kUnsaid;
}

void Operands::add(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::kPrice:
            put(prices_, fact.low);
            if (fact.high != fact.low) put(prices_, fact.high);
            return;
        case FactKind::kVolume:
            if (fact.is_count) put(counts_, fact.low);
            // "Volumes 1-14", of which a price may be shared.
            if (!fact.is_count && fact.high > fact.low) put(counts_, fact.high - fact.low + 1);
            return;
        case FactKind::kNumber:
            if (fact.counted_in == CountedIn::kPercent) return put(percents_, fact.low);
            if (fact.low <= kCountMax) put(counts_, fact.low);
            if (counted_.size() < kOperandsMax) counted_.push_back({fact.low, fact.counted_in});
            return;
        default:
            return;
    }
}

void Operands::add_asked(const Fact& fact) {
    constexpr int64_t kLeast = 50;
    const bool is_bare = fact.kind == FactKind::kNumber && fact.counted_in == CountedIn::kNone;
    if (is_bare && fact.low >= kLeast) put(prices_, fact.low);
    add(fact);
}

void Operands::add_number_words(const text::Units& units) {
    static constexpr std::array<std::string_view, 19> kWords{
        "two",     "three",     "four",     "five",     "six",      "seven",    "eight",
        "nine",    "ten",       "eleven",   "twelve",   "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
    for (const text::Unit& unit : units.all()) {
        const auto found = std::ranges::find(kWords, units.text(unit));
        if (found != kWords.end()) put(counts_, 2 + (found - kWords.begin()));
    }
}

std::vector<int64_t> Operands::counted(CountedIn in) const {
    std::vector<int64_t> values;
    for (const Counted& counted : counted_) {
        const bool is_alike =
            in == CountedIn::kNone || counted.in == in || counted.in == CountedIn::kNone;
        if (is_alike && std::ranges::count(values, counted.value) == 0)
            values.push_back(counted.value);
    }
    return values;
}

bool is_sum_or_difference(int64_t value, std::span<const int64_t> of) {
    constexpr int kTermsMax = 5;
    constexpr size_t kTermsOfMax = 8;
    if (value <= 0) return false;
    for (const int64_t a : of) {
        if (std::ranges::any_of(of, [&](int64_t b) { return a - b == value; })) return true;
    }
    // All subsets: what more amounts than these might add up to is chance.
    of = of.first(std::min(of.size(), kTermsOfMax));
    for (uint32_t chosen = 1; chosen < (1U << of.size()); ++chosen) {
        const int terms = std::popcount(chosen);
        if (terms < 2 || terms > kTermsMax) continue;
        int64_t sum = 0;
        for (size_t i = 0; i < of.size(); ++i) sum += (chosen >> i & 1U) != 0 ? of[i] : 0;
        if (sum == value) return true;
    }
    return false;
}

bool is_day_apart(const Fact& said, std::span<const Fact> known) {
    constexpr int64_t kDaysAWeek = 7;
    constexpr int64_t kDaysMax = 100;
    const bool is_day_number =
        said.kind == FactKind::kNumber && said.low <= 31 &&
        (said.counted_in == CountedIn::kNone || said.counted_in == CountedIn::kDays);
    if (said.kind != FactKind::kDate && !is_day_number) return false;
    return std::ranges::any_of(known, [&](const Fact& span) {
        if (span.kind != FactKind::kNumber || span.low > kDaysMax) return false;
        return std::ranges::any_of(known, [&](const Fact& date) {
            if (date.kind != FactKind::kDate) return false;
            const Day from = day_of(date);
            if (span.counted_in == CountedIn::kYears) {
                return said.kind == FactKind::kDate && from.year != 0 &&
                       day_of(said).year == from.year + span.low;
            }
            if (from.day == 0 || from.month == 0) return false;
            const int64_t days = span.counted_in == CountedIn::kWeeks  ? span.low * kDaysAWeek
                                 : span.counted_in == CountedIn::kDays ? span.low
                                                                       : 0;
            return days != 0 && (is_shifted(said, from, days) || is_shifted(said, from, -days));
        });
    });
}

bool is_time_between(const Fact& said, std::span<const Fact> known) {
    const bool is_in_months = said.counted_in == CountedIn::kMonths;
    if (said.kind != FactKind::kNumber || (!is_in_months && said.counted_in != CountedIn::kYears))
        return false;
    const auto months_of = [](const Fact& fact) {
        const Day day = day_of(fact);
        return day.year * kMonthsAYear + day.month;
    };
    const auto is_dated = [](const Fact& fact) {
        return fact.kind == FactKind::kDate && fact.low >= kYear;
    };
    return std::ranges::any_of(known, [&](const Fact& a) {
        return is_dated(a) && std::ranges::any_of(known, [&](const Fact& b) {
                   const int64_t months = is_dated(b) ? months_of(a) - months_of(b) : 0;
                   if (months <= 0) return false;
                   return is_in_months ? std::abs(months % kMonthsAYear - said.low) <= 1
                                       : std::abs(months / kMonthsAYear - said.low) <= 1;
               });
    });
}

bool is_at_rate(const Fact& said, std::span<const int64_t> prices, std::span<const Fact> rate) {
    if (said.kind != FactKind::kNumber || said.counted_in != CountedIn::kPoints) return false;
    return std::ranges::any_of(rate, [&](const Fact& points) {
        if (points.counted_in != CountedIn::kPoints) return false;
        return std::ranges::any_of(rate, [&](const Fact& per) {
            if (per.kind != FactKind::kPrice || per.low <= 0) return false;
            return std::ranges::any_of(prices, [&](int64_t price) {
                return said.low > 0 && price / per.low * points.low == said.low;
            });
        });
    });
}

bool follows(const Fact& said, const Operands& operands) {
    const int64_t value = said.low;
    if (value != said.high || value <= 0) return false;
    if (said.kind == FactKind::kPrice) {
        return is_sum_or_difference(value, operands.prices()) || is_multiple(value, operands) ||
               is_share_of_price(value, operands);
    }
    if (said.kind == FactKind::kVolume && said.is_count)
        return is_sum_or_difference(value, operands.counts());
    if (said.kind != FactKind::kNumber) return false;
    // Nothing tells of a bare number what it counts: it may be yen.
    if (said.counted_in == CountedIn::kNone) {
        Fact price = said;
        price.kind = FactKind::kPrice;
        if (follows(price, operands)) return true;
    }
    return is_sum_or_difference(value, operands.counted(said.counted_in));
}

}  // namespace hayate::gate
