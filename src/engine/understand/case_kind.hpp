#pragma once
// What a complaint asks for, by its words in English or Japanese. Pure, thread-safe.

#include "core/text/units.hpp"
#include "io/store/types.hpp"

namespace hayate::understand {

/// A replacement or a refund, whichever is asked for first; a return when neither is; and a
/// hand-over to a person when nothing of these is asked for. What is refused ("not a refund",
/// 返金ではなく) does not count.
[[nodiscard]] store::CaseKind case_kind_of(const text::Units& units);

}  // namespace hayate::understand
