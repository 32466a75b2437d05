#pragma once
// A message as a sequence of words, numbers and Japanese characters, made once and read by
// everything that looks for something in it: names, patterns, the features of the classifier. Pure,
// thread-safe; reading into Units that were used before allocates nothing.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/script.hpp"

namespace hayate::text {

/// A word, a number, or one Japanese character.
struct Unit {
    uint32_t begin = 0;  // bytes in Units::text
    uint32_t end = 0;
    uint32_t first_letter = 0;  // in Units::letters
    uint32_t letter_count = 0;
    Script script = Script::kLatin;  // of its first character, before katakana was folded
    /// Equal for spellings that search treats as one: without case, width, diacritics and plural s,
    /// katakana as hiragana.
    uint64_t key = 0;
};

class Units {
  public:
    /// Replaces the content by that of `message`, at most its first `bytes_max` bytes.
    void read(std::string_view message, size_t bytes_max = kBytesMax);

    [[nodiscard]] std::string_view text() const { return text_; }  // normalised
    [[nodiscard]] std::span<const Unit> all() const { return units_; }
    /// Folded as keys are, but with the plural s.
    [[nodiscard]] std::span<const char32_t> letters(const Unit& unit) const {
        return std::span(letters_).subspan(unit.first_letter, unit.letter_count);
    }
    [[nodiscard]] std::string_view text(const Unit& unit) const {
        return text().substr(unit.begin, unit.end - unit.begin);
    }
    [[nodiscard]] size_t letter_count() const { return letters_.size(); }
    /// Nothing stands between the unit `index` and the one before it.
    [[nodiscard]] bool is_glued(size_t index) const {
        return index > 0 && units_[index - 1].end == units_[index].begin;
    }

    static constexpr size_t kBytesMax = 16384;

  private:
    void add(char32_t c, uint32_t begin, uint32_t end);
    size_t add_plain_letters(size_t begin);
    void close_word();

    std::string text_;
    std::vector<char32_t> letters_;
    std::vector<Unit> units_;
    bool is_word_open_ = false;
};

/// The key of a word in Latin letters or of a single Japanese character, as Unit::key has it.
[[nodiscard]] uint64_t unit_key(std::string_view word);

/// One more value of a running 64-bit hash; collisions are as rare as for random numbers.
[[nodiscard]] constexpr uint64_t mix(uint64_t hash, uint64_t value) {
    hash = ((hash * 0x9E3779B97F4A7C15U) ^ value) * 0xD6E8FEB86659FD93U;
    return hash ^ (hash >> 32U);
}

}  // namespace hayate::text
