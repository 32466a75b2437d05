#pragma once
// Which of a series' products a question is about. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/store/types.hpp"

namespace hayate::store {

/// What customers call a genre, a kind of product, a language: key to words of all languages, one a
/// line.
using Vocabulary = std::unordered_map<std::string, std::string>;

inline constexpr size_t kProductsPerHit = 6;

/// The volumes a question names ("vol. 3", "第3巻", "#3"); numbers that are prices or years are not
/// volumes.
[[nodiscard]] std::vector<int> volumes_named(std::string_view question);

/// Best match first: volume named, words of the edition, language named or spoken, then volume
/// ascending; at most `count`.
[[nodiscard]] std::vector<Product> best_products(std::vector<Product> products,
                                                 std::string_view question,
                                                 const Vocabulary& vocabulary,
                                                 size_t count = kProductsPerHit);

}  // namespace hayate::store
