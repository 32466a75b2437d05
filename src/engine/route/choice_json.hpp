#pragma once
// A choice as JSON, for the trace of a turn and for `hayate classify`.

#include <string>

#include "engine/route/choice.hpp"

namespace hayate::route {

/// {"model", "reason", "fits", "exploration", "considered": [{"model", "verdict", "quality",
/// "chance", "first_ms": {"p50", "p95"}, "total_ms": {...}, "wait_ms", "cost_micro_dollars",
/// "score"}]}, in the order of preference.
[[nodiscard]] std::string json_of(const Choice& choice);

}  // namespace hayate::route
