#pragma once
// Which language a message is written in, by its scripts. Pure, thread-safe, about a microsecond.

#include <cstdint>
#include <string_view>

namespace hayate::text {

enum class Language : uint8_t {
    kEnglish,   // or another language in Latin letters
    kJapanese,  // Latin titles inside do not change it
    kMixed,     // sentences of both
    kOther,     // another script, or no letters at all
};
/// "en", "ja", "mixed", "other".
[[nodiscard]] std::string_view name_of(Language language);

[[nodiscard]] Language language_of(std::string_view text);

/// "en" or "ja": what to answer in. Mixed messages get the language that holds the sentence
/// together.
[[nodiscard]] std::string_view reply_language(std::string_view text);

}  // namespace hayate::text
