#pragma once
// An answer that is made again is a turn of its own in the store, but takes the place of the first
// one for the customer.

#include <vector>

#include "io/store/types.hpp"

namespace hayate::turn {

/// The turn that now stands where the customer sees number `shown`; `shown` itself when it was
/// never answered again.
[[nodiscard]] int64_t latest_of(const std::vector<store::Turn>& turns, int64_t shown);

/// The conversation as the customer sees it: of turns that were answered again only the latest,
/// under the number of the first.
[[nodiscard]] std::vector<store::Turn> as_shown(const std::vector<store::Turn>& turns);

}  // namespace hayate::turn
