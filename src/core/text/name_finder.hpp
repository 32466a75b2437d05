#pragma once
// NameFinder: which of many names a message contains, however many there are, in one pass over its
// units (Aho and Corasick, "Efficient string matching", 1975). Names match whole words and whole
// Japanese characters, in any spelling that Unit::key treats as one. Immutable, thread-safe.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/key_table.hpp"
#include "core/text/units.hpp"

namespace hayate::text {

class NameFinder {
  public:
    struct Name {
        std::string_view text;
        uint32_t value = 0;  // what is found; several names may have one, and the other way round
    };
    struct Match {
        uint32_t begin = 0;  // units
        uint32_t end = 0;
        std::span<const uint32_t> values;  // in the order given; lives as long as the finder
    };

    /// Left out: names that are empty, longer than 24 units, or too short to mean anything (one
    /// letter, one number, one Japanese character).
    explicit NameFinder(std::span<const Name> names);

    /// Appends the longest name at each place, from left to right, none overlapping another.
    void find(const Units& units, std::vector<Match>& matches) const;

  private:
    struct State {
        uint32_t depth = 0;     // units from the root
        uint32_t fallback = 0;  // the state of the longest other beginning that ends here
        uint32_t shorter = 0;   // the next state on the way of fallbacks that ends a name; 0: none
        uint32_t first_value = 0;
        uint32_t value_count = 0;
        bool is_katakana = false;  // some name that ends here is written so
    };

    void add(const Units& name, uint32_t value, std::vector<std::vector<uint32_t>>& values);
    void link(std::span<const std::pair<uint32_t, uint64_t>> parents);
    [[nodiscard]] uint32_t next(uint32_t state, uint64_t key) const;

    std::vector<State> states_;
    std::vector<std::pair<uint32_t, uint64_t>> parents_;  // of each state; empty once built
    KeyTable steps_;                                      // (state, unit) to state
    std::vector<uint32_t> values_;
};

}  // namespace hayate::text
