#include "io/store/search/fusion.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace hayate::store {

std::vector<Fused> fuse(std::span<const RankedList> lists, size_t count) {
    std::unordered_map<DocKey, double, DocKeyHash> scores;
    for (const RankedList& list : lists) {
        std::unordered_set<DocKey, DocKeyHash> seen;
        for (const DocKey& doc : list.docs) {
            if (!seen.insert(doc).second) continue;
            scores[doc] += list.weight / (kFusionK + static_cast<double>(seen.size()));
        }
    }
    std::vector<Fused> fused;
    fused.reserve(scores.size());
    for (const auto& [doc, score] : scores) fused.push_back({doc, score});
    std::ranges::sort(fused, [](const Fused& a, const Fused& b) {
        return a.score != b.score ? a.score > b.score : a.doc < b.doc;
    });
    fused.resize(std::min(fused.size(), count));
    return fused;
}

}  // namespace hayate::store
