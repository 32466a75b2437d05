#pragma once
// Which language a sentence reads as, once the names in it are left out. Coarser and more careful
// than text::language_of: "ONE PIECE" is a good answer to a Japanese question. Pure.

#include <cstddef>
#include <string_view>

#include "core/text/script.hpp"

namespace hayate::gate {

class ScriptCounts {
  public:
    /// A word, number or Japanese character of the sentence, normalised.
    void add(std::string_view unit, text::Script script);

    [[nodiscard]] bool reads_english() const;
    [[nodiscard]] bool reads_japanese() const;
    /// Characters that Japanese does not write, or a long run of Han without any kana.
    [[nodiscard]] bool reads_chinese() const;
    /// Hangul, Cyrillic, Arabic ...
    [[nodiscard]] bool reads_foreign() const;

  private:
    bool begins_english_ = false;  // "Yes, ..."
    size_t units_ = 0;
    size_t english_words_ = 0;  // function words: "the", "is"
    size_t latin_ = 0;          // words
    size_t kana_ = 0;
    size_t hiragana_ = 0;
    size_t han_ = 0;
    size_t chinese_only_ = 0;
    size_t other_ = 0;
};

}  // namespace hayate::gate
