#pragma once
// The query of a request: "state=open&count=50".

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace hayate::front {

/// Calls `read(key, value)` for each field in order, until one is refused. False: it was, or a
/// field has no "=". Values are given as they stand; nothing is percent-decoded.
[[nodiscard]] bool each_field(
    std::string_view query,
    const std::function<bool(std::string_view key, std::string_view value)>& read);

/// A whole number from 1; empty for anything else.
[[nodiscard]] std::optional<int64_t> number_of(std::string_view text);

}  // namespace hayate::front
