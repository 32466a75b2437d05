#include "io/store/search/vector_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

// hnswlib 0.6.2 keeps its labels at addresses that are multiples of four alone, and prefetches one
// link beyond the end of a list (within what malloc rounds up to): harmless, but the sanitizers
// mind.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("undefined", "address"))), \
                             apply_to = function)
#endif
#include <hnswlib/hnswlib.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include "io/store/search/dot.hpp"

namespace hayate::store {
namespace {

constexpr uint32_t kGone = std::numeric_limits<uint32_t>::max();
constexpr float kNone = -2;  // below every cosine

// hnswlib's defaults for text embeddings of a few hundred dimensions; the width of a search is its
// recall.
constexpr size_t kLinks = 16;
constexpr size_t kBuildWidth = 120;
constexpr size_t kSearchWidth = 100;
constexpr size_t kVectorsPerDoc =
    4;  // about; a search for documents asks for that many times as many vectors

/// hnswlib's own inner product is compiled for the baseline CPU; this one dispatches.
class DotSpace final : public hnswlib::SpaceInterface<float> {
  public:
    explicit DotSpace(size_t dimensions) : dimensions_(dimensions) {}
    size_t get_data_size() override { return dimensions_ * sizeof(float); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
    void* get_dist_func_param() override { return &dimensions_; }

  private:
    static float distance(const void* a, const void* b, const void* dimensions) {
        return 1.0F - dot(static_cast<const float*>(a), static_cast<const float*>(b),
                          *static_cast<const size_t*>(dimensions));
    }
    size_t dimensions_;
};

auto identity(const StoredVector& vector) { return std::tie(vector.doc, vector.part, vector.hash); }

struct ByIdentity {
    bool operator()(const StoredVector* a, const StoredVector* b) const {
        return identity(*a) < identity(*b);
    }
};

}  // namespace

struct VectorGraph::Impl {
    Impl(size_t dimensions, size_t count)
        : space(dimensions), size(dimensions), graph(&space, count, kLinks, kBuildWidth) {}
    DotSpace space;
    size_t size;
    hnswlib::HierarchicalNSW<float> graph;
};

VectorGraph::VectorGraph(std::vector<StoredVectorPtr> vectors,
                         const std::function<bool()>& is_stopped)
    : vectors_(std::move(vectors)) {
    if (vectors_.empty()) return;
    impl_ = std::make_unique<Impl>(vectors_.front()->values.size(), vectors_.size());
    for (size_t i = 0; i < vectors_.size(); ++i) {
        if (is_stopped && is_stopped()) return;
        if (vectors_[i]->values.size() != impl_->size) continue;
        impl_->graph.addPoint(vectors_[i]->values.data(), i);
    }
    impl_->graph.setEf(kSearchWidth);
}

VectorGraph::~VectorGraph() = default;

std::vector<size_t> VectorGraph::nearest(std::span<const float> query, size_t count) const {
    std::vector<size_t> indexes;
    if (!impl_ || query.size() != impl_->size) return indexes;
    auto found = impl_->graph.searchKnn(query.data(), std::min(count, vectors_.size()));
    for (; !found.empty(); found.pop()) indexes.push_back(found.top().second);
    return indexes;
}

VectorIndex::VectorIndex(std::vector<StoredVectorPtr> live,
                         std::shared_ptr<const VectorGraph> graph)
    : live_(std::move(live)), graph_(std::move(graph)) {
    std::unordered_map<DocKey, uint32_t, DocKeyHash> numbers;
    std::map<const StoredVector*, uint32_t, ByIdentity> wanted;
    for (const StoredVectorPtr& vector : live_) {
        const auto [number, is_new] =
            numbers.try_emplace(vector->doc, static_cast<uint32_t>(docs_.size()));
        if (is_new) docs_.push_back(vector->doc);
        by_doc_[vector->doc].push_back(vector.get());
        wanted.emplace(vector.get(), number->second);
    }
    if (graph_) {
        for (const StoredVectorPtr& vector : graph_->vectors()) {
            const auto found = wanted.find(vector.get());
            graph_docs_.push_back(found == wanted.end() ? kGone : found->second);
            if (found == wanted.end()) ++gone_;
            if (found != wanted.end()) wanted.erase(found);
        }
    }
    for (const StoredVectorPtr& vector : live_) {
        const auto found = wanted.find(vector.get());
        if (found != wanted.end()) delta_.emplace_back(vector, found->second);
    }
}

std::vector<Neighbour> VectorIndex::nearest(std::span<const float> query, size_t count) const {
    std::vector<float> best(docs_.size(), kNone);
    for (const auto& [vector, doc] : delta_) {
        if (vector->values.size() != query.size()) continue;
        best[doc] = std::max(best[doc], dot(vector->values.data(), query.data(), query.size()));
    }
    if (graph_) {
        for (const size_t i :
             graph_->nearest(query, count * kVectorsPerDoc + std::min(gone_, count))) {
            const uint32_t doc = graph_docs_[i];
            const float* values = graph_->vectors()[i]->values.data();
            if (doc != kGone)
                best[doc] = std::max(best[doc], dot(values, query.data(), query.size()));
        }
    }
    std::vector<uint32_t> order;
    for (uint32_t doc = 0; doc < best.size(); ++doc) {
        if (best[doc] > kNone) order.push_back(doc);
    }
    const size_t kept = std::min(count, order.size());
    const auto is_nearer = [&](uint32_t a, uint32_t b) {
        return best[a] != best[b] ? best[a] > best[b] : a < b;
    };
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(kept), is_nearer);
    std::vector<Neighbour> neighbours;
    neighbours.reserve(kept);
    for (size_t i = 0; i < kept; ++i) neighbours.push_back({docs_[order[i]], best[order[i]]});
    return neighbours;
}

float VectorIndex::similarity(const DocKey& doc, std::span<const float> query) const {
    const auto found = by_doc_.find(doc);
    if (found == by_doc_.end()) return 0;
    float best = kNone;
    for (const StoredVector* vector : found->second) {
        if (vector->values.size() != query.size()) continue;
        best = std::max(best, dot(vector->values.data(), query.data(), query.size()));
    }
    return best == kNone ? 0 : best;
}

std::vector<float> VectorIndex::centre(std::span<const DocKey> docs) const {
    std::vector<float> sum;
    for (const DocKey& doc : docs) {
        const auto found = by_doc_.find(doc);
        if (found == by_doc_.end()) continue;
        for (const StoredVector* vector : found->second) {
            if (sum.empty()) sum.resize(vector->values.size());
            if (sum.size() != vector->values.size()) continue;
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += vector->values[i];
        }
    }
    const float length = std::sqrt(dot(sum.data(), sum.data(), sum.size()));
    if (length == 0) return {};
    for (float& value : sum) value /= length;
    return sum;
}

bool VectorIndex::wants_graph() const {
    if (live_.size() < kGraphMin) return false;
    constexpr size_t kDriftMax = 1000;
    return delta_.size() > kDriftMax || gone_ > kDriftMax;
}

}  // namespace hayate::store
