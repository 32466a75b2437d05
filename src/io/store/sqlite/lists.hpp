#pragma once
// Lists inside one column, as JSON: ["a", "b"] and [{"en": "...", "ja": "..."}]. What cannot be
// read is an empty list.

#include <string>
#include <string_view>
#include <vector>

#include "io/store/types.hpp"

namespace hayate::store {

[[nodiscard]] std::string to_json(const std::vector<std::string>& texts);
[[nodiscard]] std::string to_json(const std::vector<LocalText>& texts);
[[nodiscard]] std::vector<std::string> texts_from_json(std::string_view json);
[[nodiscard]] std::vector<LocalText> local_texts_from_json(std::string_view json);

}  // namespace hayate::store
