#pragma once
// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): lists that were ranked by scores of
// different nature become one, by ranks alone. Pure.

#include <cstddef>
#include <span>
#include <vector>

#include "io/store/search/doc_key.hpp"

namespace hayate::store {

struct RankedList {
    double weight = 1;
    std::vector<DocKey> docs;  // best first
};

struct Fused {
    DocKey doc;
    double score = 0;
};

inline constexpr double kFusionK = 60;

/// The sum of weight / (k + rank) over the lists that hold a document, rank from 1; best first, at
/// most `count`, ties by key so that the order is stable.
[[nodiscard]] std::vector<Fused> fuse(std::span<const RankedList> lists, size_t count);

}  // namespace hayate::store
