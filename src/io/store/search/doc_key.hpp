#pragma once
// DocKey: which document a search found.

#include <compare>
#include <functional>
#include <string>

#include "io/store/stores.hpp"

namespace hayate::store {

struct DocKey {
    HitKind kind = HitKind::kSeries;
    std::string id;
    friend auto operator<=>(const DocKey&, const DocKey&) = default;
};

struct DocKeyHash {
    size_t operator()(const DocKey& key) const {
        return std::hash<std::string>()(key.id) * 2 + static_cast<size_t>(key.kind);
    }
};

/// How the tables call a kind: "series", "faq".
[[nodiscard]] constexpr std::string_view name_of(HitKind kind) {
    return kind == HitKind::kSeries ? "series" : "faq";
}
[[nodiscard]] constexpr HitKind hit_kind_of(std::string_view name) {
    return name == name_of(HitKind::kFaq) ? HitKind::kFaq : HitKind::kSeries;
}

}  // namespace hayate::store
