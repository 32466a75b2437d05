#pragma once
// One spelling for texts that mean the same to a reader: the form in which questions are compared,
// keyed and indexed.

#include <string>
#include <string_view>

namespace hayate::text {

/// Unicode NFKC_Casefold (full and half width joined, case folded, invisible characters dropped),
/// then every run of white space or control characters becomes one space and the ends are trimmed.
/// Malformed bytes become U+FFFD. Applying it twice changes nothing. Thread-safe.
[[nodiscard]] std::string normalise(std::string_view text);
/// The same into `out`, whose memory is reused: hot paths allocate nothing.
void normalise(std::string_view text, std::string& out);

}  // namespace hayate::text
