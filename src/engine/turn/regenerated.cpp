#include "engine/turn/regenerated.hpp"

#include <map>

namespace hayate::turn {
namespace {

/// Turn number -> the number under which it is shown. `turns` are oldest first.
std::map<int64_t, int64_t> places_of(const std::vector<store::Turn>& turns) {
    std::map<int64_t, int64_t> places;
    for (const store::Turn& turn : turns) {
        const auto original = turn.regenerates ? places.find(*turn.regenerates) : places.end();
        places[turn.number] = original == places.end() ? turn.number : original->second;
    }
    return places;
}

}  // namespace

int64_t latest_of(const std::vector<store::Turn>& turns, int64_t shown) {
    int64_t latest = shown;
    for (const auto& [number, place] : places_of(turns)) {
        if (place == shown) latest = number;
    }
    return latest;
}

std::vector<store::Turn> as_shown(const std::vector<store::Turn>& turns) {
    const auto places = places_of(turns);
    std::map<int64_t, store::Turn> shown;
    for (const store::Turn& turn : turns) {
        store::Turn& at = shown[places.at(turn.number)] = turn;
        at.number = places.at(turn.number);
    }
    std::vector<store::Turn> all;
    for (auto& [number, turn] : shown) all.push_back(std::move(turn));
    return all;
}

}  // namespace hayate::turn
