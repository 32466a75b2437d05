#pragma once
// Judging and reading plain text from configuration files.

#include <cstdint>
#include <string_view>

namespace hayate::config {

/// "3.25" -> 3'250'000. At most 6 decimals, no sign, no exponent, below a million dollars; false
/// when it is not that.
[[nodiscard]] bool parse_dollars(std::string_view text, int64_t& micros);

/// The first line (from 1) with bytes that are not UTF-8 or a control character other than tab, CR
/// and LF; 0: none.
[[nodiscard]] int first_bad_line(std::string_view text);

}  // namespace hayate::config
