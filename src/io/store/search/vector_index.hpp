#pragma once
// VectorIndex: the nearest documents to a question's vector. One version of the catalog is one
// immutable index; readers hold it by shared_ptr while the next one is made.
//
// hnswlib 0.6.2 can neither replace a deleted vector nor filter a search, and its search takes no
// locks. So a graph is never changed: what is new lies beside it in a flat list (searched whole),
// what is gone is marked, and when either grows large the graph is built anew in the background.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/store/search/doc_key.hpp"

namespace hayate::store {

/// One embedded text of a document. A document has several: titles, descriptions, questions.
struct StoredVector {
    DocKey doc;
    std::string part;  // "title_en", "variant_ja_3"
    std::string hash;  // of the text
    std::vector<float> values;
};
using StoredVectorPtr = std::shared_ptr<const StoredVector>;

struct Neighbour {
    DocKey doc;
    float similarity = 0;  // of its nearest vector: the cosine, for vectors of length 1
};

/// A search graph over a fixed set of vectors of one dimension. Immutable, thread-safe.
class VectorGraph {
  public:
    /// Blocks: about 1 ms a vector. When `is_stopped` turns true the graph stays incomplete and
    /// must not be used.
    explicit VectorGraph(std::vector<StoredVectorPtr> vectors,
                         const std::function<bool()>& is_stopped = {});
    ~VectorGraph();
    VectorGraph(const VectorGraph&) = delete;
    VectorGraph& operator=(const VectorGraph&) = delete;

    [[nodiscard]] const std::vector<StoredVectorPtr>& vectors() const { return vectors_; }
    /// Indexes into `vectors()` of about `count` nearest.
    [[nodiscard]] std::vector<size_t> nearest(std::span<const float> query, size_t count) const;

  private:
    struct Impl;
    std::vector<StoredVectorPtr> vectors_;
    std::unique_ptr<Impl> impl_;
};

class VectorIndex {
  public:
    /// Fewer vectors than this are searched whole: as fast, and exact.
    static constexpr size_t kGraphMin = 4000;

    /// `graph` may be null, or be of an earlier version of the catalog.
    VectorIndex(std::vector<StoredVectorPtr> live, std::shared_ptr<const VectorGraph> graph);

    /// The `count` nearest documents, best first. Vectors of another dimension are passed over.
    [[nodiscard]] std::vector<Neighbour> nearest(std::span<const float> query, size_t count) const;
    /// The cosine of a document's nearest vector; 0 for a document without any.
    [[nodiscard]] float similarity(const DocKey& doc, std::span<const float> query) const;
    /// The mean of the documents' vectors, at length 1; empty when they have none.
    [[nodiscard]] std::vector<float> centre(std::span<const DocKey> docs) const;

    [[nodiscard]] const std::vector<StoredVectorPtr>& live() const { return live_; }
    [[nodiscard]] const std::shared_ptr<const VectorGraph>& graph() const { return graph_; }
    /// True when a new graph over `live()` is worth building.
    [[nodiscard]] bool wants_graph() const;

  private:
    std::vector<StoredVectorPtr> live_;
    std::shared_ptr<const VectorGraph> graph_;
    std::vector<uint32_t>
        graph_docs_;  // document of each vector of the graph; kGone when it is not live
    std::vector<std::pair<StoredVectorPtr, uint32_t>>
        delta_;  // live vectors that the graph has not
    std::vector<DocKey> docs_;
    std::unordered_map<DocKey, std::vector<const StoredVector*>, DocKeyHash> by_doc_;
    size_t gone_ = 0;
};

}  // namespace hayate::store
