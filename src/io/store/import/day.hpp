#pragma once
// Calendar days of sample data. "today+12" keeps an assistant's orders and releases fresh whenever
// it is imported.

#include <optional>
#include <string>
#include <string_view>

namespace hayate::store {

/// "2026-11-24", or "today", "today-3", "today+12" counted from `today`, as "2026-11-24"; empty
/// when it is neither or no day of the calendar.
[[nodiscard]] std::optional<std::string> resolve_day(std::string_view text, std::string_view today);

}  // namespace hayate::store
