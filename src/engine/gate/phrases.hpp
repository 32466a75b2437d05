#pragma once
// Turns of phrase in English and Japanese that tell what kind of sentence one is. All take
// normalised text (text::Units::text()). Linear in the text, pure, thread-safe.

#include <cstdint>
#include <string_view>

namespace hayate::gate {

/// Says that it cannot answer or does not know. An apology alone is none: a complaint deserves one.
[[nodiscard]] bool is_refusal(std::string_view text);
/// Speaks as a machine, or leaves open whether what it says is so.
[[nodiscard]] bool is_hedge(std::string_view text);
/// Says that something was done for the customer just now, which an answer cannot do.
[[nodiscard]] bool is_deed(std::string_view text);
/// "We do not carry it", "取り扱いがございません".
[[nodiscard]] bool denies_listing(std::string_view text);
/// Speaks about the prompt or of the customer in the third person.
[[nodiscard]] bool is_prompt_talk(std::string_view text);
/// Role names and marks of chat templates, tags.
[[nodiscard]] bool is_template_mark(std::string_view text);
/// Words that only Chinese has, whatever characters they are written with.
[[nodiscard]] bool has_chinese_words(std::string_view text);
/// Code or JSON.
[[nodiscard]] bool is_code(std::string_view text);
/// The speaker says what he has not: "I'm afraid I don't have a similar series".
[[nodiscard]] bool is_own_lack(std::string_view text);
/// Speaks of what the customer said rather than of the shop: "sorry that ...", "if it is bent".
[[nodiscard]] bool is_taken_up(std::string_view text);
[[nodiscard]] bool is_question(std::string_view text);

enum class Polarity : int8_t { kNo = -1, kNeither = 0, kYes = 1 };
/// By the word it begins with: "Yes, we do", "いいえ".
[[nodiscard]] Polarity opening_polarity(std::string_view text);
/// A question that "yes" or "no" could answer: it asks for no thing, time, amount or reason.
[[nodiscard]] bool asks_whether(std::string_view question);
/// "not", "cannot", "ません" anywhere in it.
[[nodiscard]] bool is_negative(std::string_view text);

/// What a question wants to hear, as far as its words tell.
enum class Wanted : uint8_t { kAnything, kTitle, kOtherTitle, kPrice, kTime, kCount };
[[nodiscard]] Wanted wanted_by(std::string_view question);

/// Whether things are by one person or several: "the same author", "別の作家".
enum class Makers : uint8_t { kUnsaid, kSame, kDifferent };
[[nodiscard]] Makers makers_of(std::string_view text);

/// Which of all that are listed: "the cheapest", "最新刊".
enum class Superlative : uint8_t { kNone, kCheapest, kDearest, kLatest };
[[nodiscard]] Superlative superlative_in(std::string_view text);

enum class Stock : uint8_t { kUnsaid, kIn, kOut };
[[nodiscard]] Stock stock_of(std::string_view text);

}  // namespace hayate::gate
