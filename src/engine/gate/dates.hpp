#pragma once
// Days, months and years as people write them: "2024-03-04", "2024/3/4", "March 4, 2024", "4 Mar
// 2024", "2024年3月4日", "3月4日". Pure, thread-safe.

#include <vector>

#include "core/text/units.hpp"
#include "engine/gate/facts.hpp"

namespace hayate::gate {

/// Appends the dates of the text that name at least a month.
void find_dates(const text::Units& units, std::vector<Fact>& facts);

}  // namespace hayate::gate
