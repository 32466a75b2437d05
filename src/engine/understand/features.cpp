#include "engine/understand/features.hpp"

#include <algorithm>
#include <bit>

namespace hayate::understand {
namespace {

using text::mix;

// Of a very long message the beginning and the end say what is wanted.
constexpr size_t kFirstUnits = 400;
constexpr size_t kLastUnits = 100;

constexpr size_t kPlacesEach = 4;  // for a feature; few find theirs taken by another

constexpr size_t kPairDistance = 8;
constexpr size_t kPairs = 128;  // about so many; long messages pair closer words, not more of them
constexpr size_t kCharactersMax = 3;

// What kind of feature a hash stands for: equal letters in two kinds are different features.
enum Kind : uint64_t {
    kWord = 0x11,
    kBigram,
    kSkip,
    kPair,
    kPieces,
    kRun,
    kJapanesePieces,
    kWordEdge = 0x110001,  // beyond Unicode: a word's begin and end
};

size_t pair_distance(size_t words) {
    return std::clamp(kPairs / std::max<size_t>(words, 1), size_t{2}, kPairDistance);
}

}  // namespace

/// Without a branch on whether the feature is new, which nobody could predict: it is written down
/// in any case, and stays only if it is.
[[gnu::always_inline]] inline void Features::Writer::add(uint64_t hash) {
    size_t at = hash & mask;
    while (places[at] != 0 && hashes[places[at]] != hash) [[unlikely]]
        at = (at + 1) & mask;
    const uint32_t place = places[at];
    hashes[last + 1] = hash;
    last += place == 0 ? 1 : 0;
    places[at] = place == 0 ? static_cast<uint32_t>(last) : place;
    if (rows != nullptr) rows->prefetch(hash);
}

void Features::forget_all(size_t features_max) {
    words_.clear();
    stretches_ = {};
    if (hashes_.size() < features_max + 2) hashes_.resize(features_max + 2);
    places_.assign(std::bit_ceil(kPlacesEach * features_max + 1), 0);
    writer_ = {.hashes = hashes_.data(), .places = places_.data(), .mask = places_.size() - 1};
}

/// What was added since another block was closed is of this one.
void Features::close(Block block) {
    size_t begin = 1;
    for (const Stretch& stretch : stretches_) begin = std::max(begin, stretch.end);
    stretches_[static_cast<size_t>(block)] = {begin, writer_.last + 1};
}

/// Pieces of all lengths that begin at each character of the run, and its words by script. Returns
/// where the run ends.
size_t Features::read_japanese(const text::Units& units, size_t begin, size_t end) {
    const auto all = units.all();
    size_t run_end = begin + 1;
    while (run_end < end && is_japanese(all[run_end].script) && units.is_glued(run_end)) ++run_end;
    Writer writer = writer_;
    for (size_t at = begin; at < run_end; ++at) {
        uint64_t hash = kJapanesePieces;
        for (size_t i = at; i < std::min(at + kCharactersMax, run_end); ++i) {
            hash = mix(hash, all[i].key);
            writer.add(hash);
        }
    }
    writer_ = writer;
    for (size_t at = begin; at < run_end;) {
        uint64_t hash = kRun;
        const text::Script script = all[at].script;
        for (; at < run_end && all[at].script == script; ++at) hash = mix(hash, all[at].key);
        words_.push_back(hash);
    }
    return run_end;
}

/// Pieces of all lengths that begin at each letter and at the word's begin. All loops of a word are
/// one, for none of their ends can be foreseen.
void Features::read_word(const text::Units& units, const text::Unit& word) {
    words_.push_back(word.key);
    const auto letters = units.letters(word);
    Writer writer = writer_;
    uint64_t first = kWordEdge;
    uint64_t second = letters.front();
    for (size_t next = 1; next < letters.size(); ++next) {
        const uint64_t third = letters[next];
        const uint64_t fourth = next + 1 < letters.size() ? letters[next + 1] : kWordEdge;
        const uint64_t pair = mix(mix(kPieces, first), second);
        const uint64_t three = mix(pair, third);
        writer.add(pair);
        writer.add(three);
        writer.add(mix(three, fourth));
        first = second;
        second = third;
    }
    const uint64_t pair = mix(mix(kPieces, first), second);
    writer.add(pair);
    writer.add(mix(pair, kWordEdge));
    writer.add(mix(mix(kPieces, second), kWordEdge));
    writer_ = writer;
}

void Features::read_units(const text::Units& units, std::span<const Placeholder> placeholders,
                          size_t begin, size_t end) {
    const auto all = units.all();
    auto next = placeholders.begin();
    for (size_t at = begin; at < end;) {
        while (next != placeholders.end() && next->begin < at) ++next;
        if (next != placeholders.end() && next->begin == at) {
            words_.push_back(next->key);
            writer_.add(next->key);
            const bool is_hidden = next->hides_words;
            const size_t stretch_end = std::min<size_t>(end, next->end);
            ++next;
            if (is_hidden) {
                at = stretch_end;
                continue;
            }
        }
        const size_t stop = next == placeholders.end() ? end : std::min<size_t>(end, next->begin);
        if (is_japanese(all[at].script)) {
            at = read_japanese(units, at, stop);
        } else {
            read_word(units, all[at++]);
        }
    }
}

void Features::combine_words() {
    const size_t count = words_.size();
    Writer writer = writer_;
    for (size_t i = 0; i < count; ++i) {
        const uint64_t word = words_[i];
        writer.add(mix(kWord, word));
        if (i + 1 < count) writer.add(mix(mix(kBigram, word), words_[i + 1]));
        if (i + 2 < count) writer.add(mix(mix(kSkip, word), words_[i + 2]));
    }
    writer_ = writer;
}

void Features::pair_words() {
    const size_t count = words_.size();
    Writer writer = writer_;
    const size_t distance = pair_distance(count);
    for (size_t i = 0; i < count; ++i) {
        for (size_t j = i + 1; j < std::min(count, i + 1 + distance); ++j) {
            const auto [low, high] = std::minmax(words_[i], words_[j]);
            writer.add(mix(mix(kPair, low), high));
        }
    }
    writer_ = writer;
}

void Features::read(const text::Units& units, std::span<const Placeholder> placeholders,
                    const FeatureRows* rows) {
    const size_t count = units.all().size();
    const size_t first_end = count > kFirstUnits + kLastUnits ? kFirstUnits : count;
    // A word has three pieces a letter, a character of Japanese begins at most as many; a word
    // begins three n-grams and its pairs.
    const size_t words = std::min(count, kFirstUnits + kLastUnits) + placeholders.size();
    forget_all(3 * units.letter_count() + placeholders.size() + words * (3 + kPairDistance));
    writer_.rows = rows;
    read_units(units, placeholders, 0, first_end);
    if (first_end < count) read_units(units, placeholders, count - kLastUnits, count);
    close(Block::kLetters);
    combine_words();
    close(Block::kWords);
    pair_words();
    close(Block::kPairs);
}

}  // namespace hayate::understand
