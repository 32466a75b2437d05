#pragma once
// Arithmetic: whether an amount that no text has follows from amounts that they have, by what is
// computed in a shop: totals, differences, so many at a price, a price for each, a share, the years
// between two days. It does not judge whether that was the computation asked for.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/gate/facts.hpp"

namespace hayate::gate {

/// What may be computed with: amounts that the customer named or that the answer has, rightly,
/// stated. Bounded: of each sort the first twelve.
class Operands {
  public:
    /// Prices, numbers and numbers of volumes; others are passed over.
    void add(const Fact& fact);
    /// The customer's: a number of 50 or more that counts nothing may be a price: "at 528".
    void add_asked(const Fact& fact);
    /// "Fourteen volumes", to compute with: two to twenty.
    void add_number_words(const text::Units& units);

    [[nodiscard]] std::span<const int64_t> prices() const { return prices_; }
    [[nodiscard]] std::span<const int64_t> counts() const { return counts_; }
    [[nodiscard]] std::span<const int64_t> percents() const { return percents_; }
    /// What is counted so (days, points), or may be; everything for kNone.
    [[nodiscard]] std::vector<int64_t> counted(CountedIn in) const;

  private:
    struct Counted {
        int64_t value = 0;
        CountedIn in = CountedIn::kNone;
    };
    std::vector<int64_t> prices_;
    std::vector<int64_t> counts_;  // of copies, of volumes, of nothing that is said
    std::vector<int64_t> percents_;
    std::vector<Counted> counted_;
};

/// What a sentence says that it computes; of amounts that it need not name.
enum class Computation : uint8_t { kUnsaid, kTotal, kDifference };
[[nodiscard]] Computation computation_in(std::string_view normalised);

/// A sum or a difference of these: of up to five. Not a single one of them.
[[nodiscard]] bool is_sum_or_difference(int64_t value, std::span<const int64_t> of);
/// A day, or a part of one, that lies so many days, weeks or years before or behind a known one:
/// both are taken from `known`. Numbers of days are days of a month, too.
[[nodiscard]] bool is_day_apart(const Fact& said, std::span<const Fact> known);
/// The years, or the months beyond full years, between two known days.
[[nodiscard]] bool is_time_between(const Fact& said, std::span<const Fact> known);
/// Points that are given for one of the prices at a rate ("1 point for every 100 yen": facts of one
/// sentence).
[[nodiscard]] bool is_at_rate(const Fact& said, std::span<const int64_t> prices,
                              std::span<const Fact> rate);
/// A price, or a number, that follows from the operands.
[[nodiscard]] bool follows(const Fact& said, const Operands& operands);

}  // namespace hayate::gate
