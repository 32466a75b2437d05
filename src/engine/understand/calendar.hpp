#pragma once
// Calendar days as texts ("2026-11-24"), and the stretches that people name. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "engine/understand/product_cues.hpp"

namespace hayate::understand {

struct Days {
    std::string first;  // both inclusive
    std::string last;
};

/// The stretch that a cue names, counted from `today`; weeks begin on Monday. Empty for other cues
/// and when `today` is no day.
[[nodiscard]] std::optional<Days> days_of(Cue cue, std::string_view today);
/// A month; without a year, the one nearest to today.
[[nodiscard]] std::optional<Days> days_of_month(int month, std::optional<int> year,
                                                std::string_view today);
[[nodiscard]] std::string day_after(std::string_view day, int days);

}  // namespace hayate::understand
