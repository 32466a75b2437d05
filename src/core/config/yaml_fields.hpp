#pragma once
// Reading YAML into declared fields. Nothing throws: all that is wrong is collected, each with its
// line.

#include <string_view>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"

namespace hayate::config {

/// Fills what `declare` declares from `text`, one YAML document of at most 1 MiB; fields that it
/// does not give keep their values. `places` names the file and learns the line of each key. Empty
/// result: all is well.
[[nodiscard]] Problems read_yaml(std::string_view text, KeyPlaces& places,
                                 const Declaration& declare);

}  // namespace hayate::config
