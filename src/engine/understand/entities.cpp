#include "engine/understand/entities.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text/spellings.hpp"
#include "engine/understand/number_patterns.hpp"

namespace hayate::understand {
namespace {

constexpr uint64_t kPlaceholderSeed = 0x48415941'54450002U;

text::NameFinder make_finder(const std::vector<EntityName>& names) {
    std::vector<text::NameFinder::Name> all;
    std::vector<std::pair<std::string, uint32_t>> respelled;
    // One number for all the names of a thing, so that it is found once where two of them are
    // alike.
    std::map<std::pair<EntityKind, std::string_view>, uint32_t> numbers;
    for (uint32_t i = 0; i < names.size(); ++i) {
        const EntityName& name = names[i];
        const uint32_t number =
            name.is_certain ? numbers.try_emplace({name.kind, name.value}, i).first->second : i;
        all.push_back({name.text, number});
        const bool is_foreign = name.kind == EntityKind::kTitle || name.kind == EntityKind::kPerson;
        if (!name.is_certain || !is_foreign) continue;
        for (std::string& spelling : text::katakana_spellings(name.text))
            respelled.emplace_back(std::move(spelling), number);
    }
    for (const auto& [spelling, number] : respelled) all.push_back({spelling, number});
    return text::NameFinder(all);
}

bool overlaps(std::span<const Entity> entities, uint32_t begin, uint32_t end) {
    return std::ranges::any_of(
        entities, [&](const Entity& entity) { return entity.begin < end && begin < entity.end; });
}

/// A title says nothing about what is wanted of it; "finished" and "box set" do.
bool hides_words(EntityKind kind) {
    return kind == EntityKind::kTitle || kind == EntityKind::kPerson || kind == EntityKind::kOrder;
}

}  // namespace

std::string_view name_of(EntityKind kind) {
    static constexpr std::array<std::string_view, 13> kNames{
        "title", "person", "genre", "audience", "format",       "language", "state",
        "order", "isbn",   "price", "volume",   "volume_count", "year"};
    return kNames.at(static_cast<size_t>(kind));
}

EntityFinder::EntityFinder(std::vector<EntityName> names, std::string_view order_pattern)
    : names_(std::move(names)), finder_(make_finder(names_)), order_pattern_(order_pattern) {}

void EntityFinder::find_orders(const text::Units& units, std::vector<Entity>& entities) const {
    const auto all = units.all();
    size_t from = 0;
    while (const auto place = order_pattern_.find(units.text(), from)) {
        const auto [begin, end] = *place;
        from = end;
        const auto first = std::ranges::upper_bound(all, begin, {}, &text::Unit::end);
        const auto last = std::ranges::lower_bound(all, end, {}, &text::Unit::begin);
        if (first >= last) continue;
        entities.push_back({.kind = EntityKind::kOrder,
                            .begin = static_cast<uint32_t>(first - all.begin()),
                            .end = static_cast<uint32_t>(last - all.begin()),
                            .value = units.text().substr(begin, end - begin)});
    }
}

void EntityFinder::find_names(const text::Units& units,
                              std::vector<text::NameFinder::Match>& matches,
                              std::vector<Entity>& entities) const {
    matches.clear();
    finder_.find(units, matches);
    const size_t orders = entities.size();
    for (const text::NameFinder::Match& match : matches) {
        if (overlaps(std::span(entities).first(orders), match.begin, match.end)) continue;
        for (const uint32_t index : match.values) {
            const EntityName& name = names_[index];
            entities.push_back({.kind = name.kind,
                                .begin = match.begin,
                                .end = match.end,
                                .value = name.value,
                                .is_certain = name.is_certain});
        }
    }
}

void EntityFinder::find(const text::Units& units, std::vector<text::NameFinder::Match>& matches,
                        std::vector<Entity>& entities) const {
    entities.clear();
    find_orders(units, entities);
    find_names(units, matches, entities);
    find_number_patterns(units, entities);
    // Insertion order is kept among things that share a name, and nothing is allocated.
    const auto by_place = [](const Entity& a, const Entity& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.kind < b.kind;
    };
    std::ranges::sort(entities, by_place);
}

void placeholders_of(std::span<const Entity> entities, std::vector<Placeholder>& placeholders) {
    placeholders.clear();
    for (const Entity& entity : entities) {
        if (!entity.is_certain) continue;
        if (!placeholders.empty() && placeholders.back().end > entity.begin) continue;
        placeholders.push_back({entity.begin, entity.end,
                                text::mix(kPlaceholderSeed, static_cast<uint64_t>(entity.kind)),
                                hides_words(entity.kind)});
    }
}

}  // namespace hayate::understand
