#include "engine/understand/features.hpp"

#include <algorithm>
#include <bit>

namespace hayate::understand {
namespace {

using text::mix;

// Of a very long message the beginning and the end say what is wanted.
constexpr size_t kFirstUnits = 400;
constexpr size_t kLastUnits = 100;

constexpr size_t kPairDistance = 8;
constexpr size_t kPairs = 128;  // about so many; long messages pair closer words, not more of them
constexpr size_t kLettersMin = 2;
constexpr size_t kLettersMax = 4;
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

}  // namespace

void Features::forget_all(size_t expected) {
    for (auto& hashes : hashes_) hashes.clear();
    words_.clear();
    seen_.assign(std::bit_ceil(2 * expected + 1), 0);
}

void Features::add(Block block, uint64_t hash) {
    const size_t mask = seen_.size() - 1;
    size_t at = hash & mask;
    for (; seen_[at] != 0; at = (at + 1) & mask) {
        if (seen_[at] == hash) return;
    }
    seen_[at] = hash;
    hashes_[static_cast<size_t>(block)].push_back(hash);
}

/// Pieces of all lengths that begin at each character of the run, and its words by script. Returns
/// where the run ends.
size_t Features::read_japanese(const text::Units& units, size_t begin, size_t end) {
    const auto all = units.all();
    size_t run_end = begin + 1;
    while (run_end < end && is_japanese(all[run_end].script) && units.is_glued(run_end)) ++run_end;
    for (size_t at = begin; at < run_end; ++at) {
        uint64_t hash = kJapanesePieces;
        for (size_t i = at; i < std::min(at + kCharactersMax, run_end); ++i) {
            hash = mix(hash, all[i].key);
            add(Block::kLetters, hash);
        }
    }
    for (size_t at = begin; at < run_end;) {
        uint64_t hash = kRun;
        const text::Script script = all[at].script;
        for (; at < run_end && all[at].script == script; ++at) hash = mix(hash, all[at].key);
        words_.push_back(hash);
    }
    return run_end;
}

void Features::read_word(const text::Units& units, const text::Unit& word) {
    words_.push_back(word.key);
    const auto letters = units.letters(word);
    const size_t size = letters.size() + 2;
    const auto letter = [&](size_t i) {
        return i == 0 || i + 1 == size ? static_cast<uint64_t>(kWordEdge) : letters[i - 1];
    };
    for (size_t at = 0; at + 1 < size; ++at) {
        uint64_t hash = kPieces;
        for (size_t length = 1; length <= kLettersMax && at + length <= size; ++length) {
            hash = mix(hash, letter(at + length - 1));
            if (length >= kLettersMin) add(Block::kLetters, hash);
        }
    }
}

void Features::read_units(const text::Units& units, std::span<const Placeholder> placeholders,
                          size_t begin, size_t end) {
    const auto all = units.all();
    auto next = placeholders.begin();
    for (size_t at = begin; at < end;) {
        while (next != placeholders.end() && next->begin < at) ++next;
        if (next != placeholders.end() && next->begin == at) {
            words_.push_back(next->key);
            add(Block::kLetters, next->key);
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
    const size_t distance =
        std::clamp(kPairs / std::max<size_t>(count, 1), size_t{2}, kPairDistance);
    for (size_t i = 0; i < count; ++i) {
        const uint64_t word = words_[i];
        add(Block::kWords, mix(kWord, word));
        if (i + 1 < count) add(Block::kWords, mix(mix(kBigram, word), words_[i + 1]));
        if (i + 2 < count) add(Block::kWords, mix(mix(kSkip, word), words_[i + 2]));
        for (size_t j = i + 1; j < std::min(count, i + 1 + distance); ++j) {
            const auto [low, high] = std::minmax(word, words_[j]);
            add(Block::kPairs, mix(mix(kPair, low), high));
        }
    }
}

void Features::read(const text::Units& units, std::span<const Placeholder> placeholders) {
    const size_t count = units.all().size();
    const size_t first_end = count > kFirstUnits + kLastUnits ? kFirstUnits : count;
    // A letter begins at most three pieces, a word takes part in three n-grams and seven pairs, and
    // its edges begin and end pieces as well.
    forget_all(3 * units.letter_count() + 16 * std::min(count, kFirstUnits + kLastUnits));
    read_units(units, placeholders, 0, first_end);
    if (first_end < count) read_units(units, placeholders, count - kLastUnits, count);
    combine_words();
}

}  // namespace hayate::understand
