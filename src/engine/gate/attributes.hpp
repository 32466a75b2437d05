#pragma once
// What customers ask of what the shop sells and its documents may not tell: the publisher, the
// number of pages, whether there is a film. A model rarely admits that it does not know. Immutable,
// thread-safe.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/text/pattern.hpp"

namespace hayate::gate {

class Attributes {
  public:
    Attributes() = default;
    /// One attribute a string: words for it, in any language, divided by blanks; "_" stands for a
    /// blank inside one ("how_many_pages"). Latin words are found as whole words, with or without a
    /// plural "s", others anywhere. Fails if one has no word.
    [[nodiscard]] static Result<Attributes> make(std::vector<std::string> words);

    /// Indexes of those that the normalised text names.
    [[nodiscard]] std::vector<size_t> named_in(std::string_view text) const;
    [[nodiscard]] bool is_named_in(std::string_view text, size_t index) const {
        return patterns_[index].find(text).has_value();
    }
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  private:
    std::vector<std::string> words_;
    std::vector<text::Pattern> patterns_;
};

}  // namespace hayate::gate
