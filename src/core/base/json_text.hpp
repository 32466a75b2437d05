#pragma once
// Writing JSON by hand where it is hot: escaped strings and numbers appended to a buffer. Reading
// is done with simdjson or Boost.JSON.

#include <cstdint>
#include <string>
#include <string_view>

namespace hayate::base {

/// Appends `text` as a JSON string with its quotes. `text` must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);
void append_number(std::string& out, int64_t value);
/// Milliseconds and the like: at most `decimals` digits after the point; non-finite values become
/// null.
void append_number(std::string& out, double value, int decimals = 3);

[[nodiscard]] inline std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace hayate::base
