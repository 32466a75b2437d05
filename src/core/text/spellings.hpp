#pragma once
// How else a foreign name is written in katakana: ヴィンランド and ビンランド, プルートウ and
// プルートゥ, ハンター and ハンタ are one to everybody but a computer. Pure, thread-safe.

#include <string>
#include <string_view>
#include <vector>

namespace hayate::text {

/// The other spellings of a name, each once, without the name itself; none if it has no katakana or
/// is so short that it might be an ordinary word.
/// Valid UTF-8 is expected in composed form (NFC).
[[nodiscard]] std::vector<std::string> katakana_spellings(std::string_view name);

}  // namespace hayate::text
