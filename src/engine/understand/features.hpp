#pragma once
// What the classifier sees of a message: hashes of words, of pairs of words, and of pieces of
// words. Japanese needs no dictionary: its pieces are runs of characters, and the places where the
// script changes stand in for the ends of words.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/text/units.hpp"
#include "engine/understand/feature_rows.hpp"

namespace hayate::understand {

/// Stretches of a message that are one thing to the classifier, such as any title.
struct Placeholder {
    uint32_t begin = 0;  // units
    uint32_t end = 0;
    uint64_t key = 0;         // of the kind of thing
    bool hides_words = true;  // false: the words count as well
};

/// A feature counts once, however often it occurs. Each block is scaled to a fixed length of its
/// own, so that neither a long message nor a long word outweighs the rest.
enum class Block : uint8_t {
    kWords,    // 1-2-grams, and pairs with one word left out between
    kPairs,    // words close to each other, in any order
    kLetters,  // 2-4-grams of the letters of a word; 1-3-grams of Japanese characters
};
inline constexpr size_t kBlocks = 3;
inline constexpr std::array<float, kBlocks> kBlockLengths{1.0F, 0.5F, 1.6F};

/// Buffers that are filled for each message; reusing them allocates nothing.
class Features {
  public:
    /// `placeholders` from left to right, not overlapping. While the features are read, what finds
    /// their `rows` is brought into the cache.
    void read(const text::Units& units, std::span<const Placeholder> placeholders,
              const FeatureRows* rows = nullptr);

    [[nodiscard]] std::span<const uint64_t> of(Block block) const {
        const Stretch& stretch = stretches_[static_cast<size_t>(block)];
        return std::span(hashes_).subspan(stretch.begin, stretch.end - stretch.begin);
    }

  private:
    struct Stretch {
        size_t begin = 0;
        size_t end = 0;
    };
    /// Where features are written. Copied while many are added, so that it stays in registers.
    struct Writer {
        uint64_t* hashes = nullptr;  // from the second place on
        uint32_t* places = nullptr;  // of hashes, by hash; open addressing, 0 is free
        size_t mask = 0;             // of `places`
        size_t last = 0;             // of `hashes`
        const FeatureRows* rows = nullptr;

        void add(uint64_t hash);
    };
    /// Makes room for so many features, and forgets those of the last message.
    void forget_all(size_t features_max);
    void close(Block block);
    void read_units(const text::Units& units, std::span<const Placeholder> placeholders,
                    size_t begin, size_t end);
    size_t read_japanese(const text::Units& units, size_t begin, size_t end);
    void read_word(const text::Units& units, const text::Unit& word);
    void combine_words();
    void pair_words();

    std::vector<uint64_t> hashes_;  // block by block
    std::array<Stretch, kBlocks> stretches_;
    std::vector<uint32_t> places_;
    std::vector<uint64_t> words_;  // of the message, placeholders included, in order
    Writer writer_;
};

}  // namespace hayate::understand
