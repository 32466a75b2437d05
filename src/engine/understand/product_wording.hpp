#pragma once
// Wording: what stands around the names and numbers of a question, and what that makes of them.
// "not horror", "like X", X以外: a name that is wanted, one that is not, and one that is only
// compared with. Pure; lives as long as the message and its entities.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "core/text/name_finder.hpp"
#include "core/text/units.hpp"
#include "engine/understand/entities.hpp"
#include "engine/understand/product_cues.hpp"

namespace hayate::understand {

struct CuePlace {
    Cue cue = Cue::kNothing;
    uint32_t begin = 0;  // units
    uint32_t end = 0;
};

class Wording {
  public:
    using Words = std::initializer_list<std::string_view>;
    enum class Role : uint8_t {
        kPlain,    // wanted
        kNot,      // not wanted
        kLike,     // compared with
        kIgnored,  // said by the way, or an ordinary word
    };

    /// `finder`: of cues, its values are those of Cue.
    Wording(const text::Units& units, std::span<const Entity> entities,
            const text::NameFinder& finder);

    [[nodiscard]] std::span<const Entity> entities() const { return entities_; }
    [[nodiscard]] Role role(size_t entity) const { return roles_[entity]; }
    [[nodiscard]] std::span<const CuePlace> cues() const { return cues_; }
    [[nodiscard]] std::span<const text::Unit> all() const { return all_; }
    [[nodiscard]] std::span<const char32_t> letters(size_t at) const {
        return units_.letters(all_[at]);
    }
    [[nodiscard]] std::string_view word(size_t at) const { return units_.text(all_[at]); }

    // ---- looking around -------------------------------------------------------------------------

    /// The unit `at`, normalised, is one of these. Beyond the end nothing is.
    [[nodiscard]] bool is_word(size_t at, Words words) const;
    /// One of the units before `at`, no further than `within`, is one of these.
    [[nodiscard]] bool is_preceded(size_t at, Words words, size_t within) const;
    /// The text from the unit `at` on, or from the end.
    [[nodiscard]] std::string_view rest(size_t at) const;
    /// That text begins with one of these.
    [[nodiscard]] bool is_text(size_t at, Words texts) const;
    /// What stands before the unit `at`.
    [[nodiscard]] std::string_view before(size_t at) const;
    /// What stands between the units `from` and `to`, without the blanks around it.
    [[nodiscard]] std::string_view between(size_t from, size_t to) const;
    [[nodiscard]] static bool is_one_of(std::string_view text, Words texts);
    /// Two neighbours of one kind, with nothing but "and", や and the like between them.
    [[nodiscard]] bool are_listed(const Entity& a, const Entity& b) const;
    /// "or", か: either will do.
    [[nodiscard]] bool are_alternatives(const Entity& a, const Entity& b) const;

    // ---- cues -----------------------------------------------------------------------------------

    [[nodiscard]] bool has(Cue cue) const;
    /// The cue stands before the entity, with nothing of weight between them.
    [[nodiscard]] bool is_after(Cue cue, const Entity& entity) const;
    /// The cue follows the entity.
    [[nodiscard]] bool is_before(const Entity& entity, Cue cue) const;

  private:
    void find_cues(const text::NameFinder& finder);
    void find_roles();
    /// "no horror or drama", "NARUTOやBLEACHみたいな": what is said of one is said of the list.
    void spread_roles();
    /// In a list a title is a title, even when it is an ordinary word.
    [[nodiscard]] bool can_take_role(size_t i) const;
    /// The entity and the next one are joined by more than standing side by side.
    [[nodiscard]] bool are_one_list(size_t i) const;
    /// Its role comes from a cue of this kind, its own or that of the list's beginning.
    [[nodiscard]] bool is_cued(size_t i, Cue cue) const;

    [[nodiscard]] bool is_said_by_the_way(const Entity& entity) const;
    /// An ordinary word is a title when a volume or an edition of it is asked for, when it is
    /// quoted, or when nothing else is said.
    [[nodiscard]] bool is_meant_as_title(const Entity& entity) const;
    /// A pen name such as "ONE" is a word of every second sentence.
    [[nodiscard]] bool is_short_word(const Entity& entity) const;
    [[nodiscard]] bool is_meant_as_person(const Entity& entity) const;
    /// "in Japanese", 日本語版; not "a Japanese story", "answer in English", 英語で答えて.
    [[nodiscard]] bool is_language_of_goods(const Entity& entity) const;
    [[nodiscard]] bool is_japanese(const Entity& entity) const;

    const text::Units& units_;
    std::span<const text::Unit> all_;
    std::span<const Entity> entities_;
    std::vector<CuePlace> cues_;
    std::vector<Role> roles_;  // of the entities
};

}  // namespace hayate::understand
