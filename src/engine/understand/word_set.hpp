#pragma once
// WordSet: a few words known at compile time. Nearly every other word is told by its length and
// first letter alone, without a comparison.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hayate::understand {

template <size_t kCount>
class WordSet {
  public:
    /// Words of at most 15 bytes, none of them empty.
    template <class... Words>
    consteval explicit WordSet(const Words&... words) : words_{std::string_view(words)...} {
        for (const std::string_view word : words_) starts_.at(word.size()) |= start_of(word);
    }

    [[nodiscard]] constexpr bool contains(std::string_view word) const {
        if (word.size() - 1 >= kSizes - 1) return false;
        if ((starts_[word.size()] & start_of(word)) == 0) return false;
        return std::ranges::find(words_, word) != words_.end();
    }

  private:
    static constexpr size_t kSizes = 16;
    static constexpr uint32_t start_of(std::string_view word) {
        return uint32_t{1} << (static_cast<uint32_t>(word.front()) % 32);
    }

    std::array<std::string_view, kCount> words_;
    std::array<uint32_t, kSizes> starts_{};  // of the words of each length
};
template <class... Words>
WordSet(const Words&...) -> WordSet<sizeof...(Words)>;

}  // namespace hayate::understand
