#pragma once
// EntityFinder: what a message names, found in one pass: the assistant's names (titles, people,
// kinds of things) and what can be told by its form (order numbers, ISBNs, prices, volumes, years).
// Immutable, thread-safe: when the catalog changes, another one is built beside it and swapped in.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/name_finder.hpp"
#include "core/text/pattern.hpp"
#include "core/text/units.hpp"
#include "engine/understand/features.hpp"

namespace hayate::understand {

enum class EntityKind : uint8_t {
    // By name.
    kTitle,
    kPerson,
    kGenre,
    kAudience,
    kFormat,  // a box set, an art book
    kLanguage,
    kState,  // finished, ongoing
    // By form.
    kOrder,
    kIsbn,
    kPrice,
    kVolume,
    kVolumeCount,  // "in fewer than 5 volumes"
    kYear,
};
/// "title", "volume_count" ...
[[nodiscard]] std::string_view name_of(EntityKind kind);

struct Entity {
    EntityKind kind = EntityKind::kTitle;
    uint32_t begin = 0;  // units
    uint32_t end = 0;
    /// By name: the value of EntityName. Prices: the currency. Orders, ISBNs: what was written,
    /// normalised. Lives as long as both the finder and the message.
    std::string_view value;
    /// Numbers: the range that is meant, both ends inclusive ("from 500 yen": no high).
    std::optional<int64_t> low;
    std::optional<int64_t> high;
    bool is_strict = false;  // "under", 未満, "over": the one end that is given is not meant itself
    bool is_certain = true;  // false: the name is an ordinary word, too
};

/// One way to call something.
struct EntityName {
    EntityKind kind = EntityKind::kTitle;
    std::string value;  // a series' id, a genre's key
    std::string text;
    bool is_certain = true;
    friend bool operator==(const EntityName&, const EntityName&) = default;
};

class EntityFinder {
  public:
    /// `order_pattern`: a regular expression, or empty.
    explicit EntityFinder(std::vector<EntityName> names = {}, std::string_view order_pattern = {});
    EntityFinder(const EntityFinder&) = delete;
    EntityFinder& operator=(const EntityFinder&) = delete;

    /// Replaces `entities` by those of the message, from left to right. Things that share a name
    /// are found at one place; apart from that none overlap. `matches` is memory to work with.
    void find(const text::Units& units, std::vector<text::NameFinder::Match>& matches,
              std::vector<Entity>& entities) const;

  private:
    void find_orders(const text::Units& units, std::vector<Entity>& entities) const;
    void find_names(const text::Units& units, std::vector<text::NameFinder::Match>& matches,
                    std::vector<Entity>& entities) const;

    std::vector<EntityName> names_;
    text::NameFinder finder_;  // its values are indexes of names_
    text::Pattern order_pattern_;
};

/// What the classifier sees in place of the entities: any title is like any other.
void placeholders_of(std::span<const Entity> entities, std::vector<Placeholder>& placeholders);

}  // namespace hayate::understand
