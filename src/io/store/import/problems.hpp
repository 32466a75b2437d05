#pragma once
// What is wrong with the files of an import, said so that a person can put it right: file, line,
// field, what is expected.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::store {

struct Problem {
    std::string file;   // as in the folder: "catalog/products.jsonl"
    size_t line = 0;    // from 1; 0: the file as a whole
    std::string field;  // "items[0].sku"; empty: the row as a whole
    std::string text;   // "must be a whole number from 0 to 10000000, not "abc""
};
/// "catalog/products.jsonl:12: price_yen: must be ..."
[[nodiscard]] std::string describe(const Problem& problem);

/// Keeps the first problems and counts the rest: a wrong column would otherwise fill the screen.
class Problems {
  public:
    static constexpr size_t kShownMax = 50;
    void add(Problem problem);
    [[nodiscard]] size_t count() const { return count_; }
    [[nodiscard]] std::vector<Problem> take() { return std::move(shown_); }

  private:
    std::vector<Problem> shown_;
    size_t count_ = 0;
};

/// `text` in quotes, cut, and safe to print on a terminal.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace hayate::store
