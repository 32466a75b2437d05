#pragma once
// Numbers that mean something by what stands around them: "under 1,000 yen", "¥500-800",
// "千円以下", "vol. 3", "1〜5巻", "since 2010", "978-4-08-870001-3".

#include <vector>

#include "core/text/units.hpp"
#include "engine/understand/entities.hpp"

namespace hayate::understand {

/// Appends what is found outside of the entities that are there already.
void find_number_patterns(const text::Units& units, std::vector<Entity>& entities);

}  // namespace hayate::understand
