#pragma once
// NameIndex: finds titles, aliases and people inside a question, exactly. "Is AoT finished?" and
// "進撃の特装版" name a series without any doubt, which no ranking of words or vectors may
// overrule. Immutable, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/name_finder.hpp"

namespace hayate::store {

class NameIndex {
  public:
    /// How much a found name says about what is meant.
    enum class Kind : uint8_t {
        kTitle,       // nothing else is meant
        kPerson,      // who made it: all of their works are meant
        kCommonWord,  // also an ordinary word ("Monster"): a hint, no proof
    };
    struct Name {
        std::string doc;
        std::string name;
        Kind kind = Kind::kTitle;
    };
    struct Found {
        std::string doc;
        Kind kind = Kind::kTitle;
        size_t at = 0;      // where the name begins, in words or Japanese characters
        size_t length = 0;  // of the name, in the same
    };

    explicit NameIndex(std::vector<Name> names);

    /// The documents that the question names, the longest name at each place, in order of
    /// appearance, each once.
    [[nodiscard]] std::vector<Found> find(std::string_view question) const;
    /// The key of a name that is a single word in Latin letters, else empty: the names that may be
    /// ordinary words.
    [[nodiscard]] static std::string single_word(std::string_view name);

  private:
    std::vector<Name> names_;
    text::NameFinder finder_;  // its values are indexes of names_
};

}  // namespace hayate::store
