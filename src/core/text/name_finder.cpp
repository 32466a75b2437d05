#include "core/text/name_finder.hpp"

#include <algorithm>
#include <numeric>

namespace hayate::text {
namespace {

constexpr size_t kUnitsMax = 24;         // of a name
constexpr size_t kJoinedLettersMin = 5;  // "DrStone" for "Dr. Stone", but not "op" for "O.P."
constexpr uint32_t kRoot = 0;

bool is_kana(Script script) { return script == Script::kHiragana || script == Script::kKatakana; }

bool is_too_short(std::span<const Unit> units) {
    if (units.empty()) return true;
    if (units.size() > 1) return false;
    return is_japanese(units[0].script) || units[0].script == Script::kDigit ||
           units[0].letter_count < 2;
}

/// A short kana name inside a longer word of the same script is a coincidence: "ナナ" in "バナナ".
/// So is one in katakana that hiragana sounds like: デスノ in "…ですので".
bool is_coincidence(const Units& units, const NameFinder::Match& match, bool is_katakana_name) {
    constexpr size_t kSafeLength = 4;
    const auto all = units.all();
    if (match.end - match.begin >= kSafeLength) return false;
    const Script script = all[match.begin].script;
    for (size_t i = match.begin; i < match.end; ++i) {
        if (!is_kana(all[i].script)) return false;
    }
    if (is_katakana_name && script == Script::kHiragana) return true;
    // Hiragana after the name is grammar ("ナナは"); before a katakana name it is a particle.
    const bool is_glued_before =
        units.is_glued(match.begin) && all[match.begin - 1].script == script;
    const bool is_glued_after = script == Script::kKatakana && match.end < all.size() &&
                                units.is_glued(match.end) && all[match.end].script == script;
    return is_glued_before || is_glued_after;
}

/// "DrStone" and "onepiece": a name of several words written as one.
std::string joined_words(const Units& units) {
    std::string joined;
    for (const Unit& unit : units.all()) {
        if (unit.script != Script::kLatin) return {};
        joined += units.text(unit);
    }
    const bool is_joined = units.all().size() > 1 && joined.size() >= kJoinedLettersMin;
    return is_joined ? joined : std::string();
}

}  // namespace

NameFinder::NameFinder(std::span<const Name> names) : states_(1), parents_(1) {
    std::vector<std::vector<uint32_t>> values(1);
    Units units;
    for (const Name& name : names) {
        units.read(name.text);
        if (is_too_short(units.all()) || units.all().size() > kUnitsMax) continue;
        add(units, name.value, values);
        if (const std::string joined = joined_words(units); !joined.empty()) {
            units.read(joined);
            add(units, name.value, values);
        }
    }
    for (size_t i = 0; i < states_.size(); ++i) {
        states_[i].first_value = static_cast<uint32_t>(values_.size());
        states_[i].value_count = static_cast<uint32_t>(values[i].size());
        values_.insert(values_.end(), values[i].begin(), values[i].end());
    }
    link(parents_);
    parents_ = {};
}

void NameFinder::add(const Units& name, uint32_t value,
                     std::vector<std::vector<uint32_t>>& values) {
    uint32_t state = kRoot;
    for (const Unit& unit : name.all()) {
        const uint64_t key = unit.key;
        const auto fresh = static_cast<uint32_t>(states_.size());
        const uint32_t step = steps_.add(mix(state, key), fresh);
        if (step == fresh) {
            states_.push_back({.depth = states_[state].depth + 1});
            parents_.emplace_back(state, key);
            values.emplace_back();
        }
        state = step;
    }
    states_[state].is_katakana |= name.all().front().script == Script::kKatakana;
    if (std::ranges::find(values[state], value) == values[state].end()) {
        values[state].push_back(value);
    }
}

/// Fallbacks lead to shorter states, so the shorter ones are linked first.
void NameFinder::link(std::span<const std::pair<uint32_t, uint64_t>> parents) {
    std::vector<uint32_t> order(states_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](uint32_t state) { return states_[state].depth; });
    for (const uint32_t index : order) {
        if (states_[index].depth < 2) continue;
        const auto& [parent, key] = parents[index];
        State& state = states_[index];
        state.fallback = next(states_[parent].fallback, key);
        const State& fallback = states_[state.fallback];
        state.shorter = fallback.value_count > 0 ? state.fallback : fallback.shorter;
    }
}

uint32_t NameFinder::next(uint32_t state, uint64_t key) const {
    while (true) {
        const uint32_t step = steps_.find(mix(state, key));
        if (step != KeyTable::kNone) return step;
        if (state == kRoot) return kRoot;
        state = states_[state].fallback;
    }
}

void NameFinder::find(const Units& units, std::vector<Match>& matches) const {
    const auto first = static_cast<std::ptrdiff_t>(matches.size());
    uint32_t state = kRoot;
    for (uint32_t i = 0; i < units.all().size(); ++i) {
        state = next(state, units.all()[i].key);
        uint32_t ended = states_[state].value_count > 0 ? state : states_[state].shorter;
        for (; ended != kRoot; ended = states_[ended].shorter) {
            const State& name = states_[ended];
            const Match match{i + 1 - name.depth, i + 1,
                              std::span(values_).subspan(name.first_value, name.value_count)};
            if (!is_coincidence(units, match, name.is_katakana)) matches.push_back(match);
        }
    }
    const auto found = std::ranges::subrange(matches.begin() + first, matches.end());
    std::ranges::sort(found, [](const Match& a, const Match& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    uint32_t free_from = 0;
    const auto overlapping = std::ranges::remove_if(found, [&](const Match& match) {
        if (match.begin < free_from) return true;
        free_from = match.end;
        return false;
    });
    matches.erase(overlapping.begin(), overlapping.end());
}

}  // namespace hayate::text
