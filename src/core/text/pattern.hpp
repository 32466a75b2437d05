#pragma once
// Pattern: a regular expression from a configuration, looked for in customers' messages. RE2: the
// time is linear in the message whatever the pattern, so neither can be made to cost more. Letter
// case does not count. Immutable, thread-safe.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace re2 {
class RE2;
}

namespace hayate::text {

class Pattern {
  public:
    /// An empty expression is found nowhere.
    explicit Pattern(std::string_view expression);
    ~Pattern();
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;

    /// What is wrong with the expression; then it is found nowhere.
    [[nodiscard]] std::optional<std::string> problem() const;

    /// Begin and end of the first place at or after `from`, in bytes. Places are never empty.
    [[nodiscard]] std::optional<std::pair<size_t, size_t>> find(std::string_view text,
                                                                size_t from = 0) const;

  private:
    std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace hayate::text
