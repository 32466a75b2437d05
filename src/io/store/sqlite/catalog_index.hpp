#pragma once
// CatalogIndex: what a search needs in memory (names, vectors, vocabulary), as one immutable
// snapshot of one version of the catalog. A search that sees a newer version in its database loads
// it; the graph over many vectors is built by a thread of its own and swapped in when ready, while
// searches go on with the flat list.
//
// Thread-safe.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/result.hpp"
#include "io/store/search/name_index.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/search/sales_index.hpp"
#include "io/store/search/topic_index.hpp"
#include "io/store/search/vector_index.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/sqlite/search_tokenizer.hpp"

namespace hayate::store {

class CatalogIndex {
  public:
    struct Snapshot {
        int64_t version = -1;
        std::shared_ptr<const NameIndex> names;
        std::shared_ptr<const TopicIndex> topics;
        std::shared_ptr<const VectorIndex> vectors;
        std::shared_ptr<const Vocabulary> vocabulary;
        std::shared_ptr<const TokenCounts> tokens;
        std::shared_ptr<const SalesIndex> sales;
    };
    using SnapshotPtr = std::shared_ptr<const Snapshot>;

    /// Vectors of another model than `model_id` are not loaded.
    explicit CatalogIndex(std::string model_id);
    ~CatalogIndex();
    CatalogIndex(const CatalogIndex&) = delete;
    CatalogIndex& operator=(const CatalogIndex&) = delete;

    /// The snapshot for the version that `connection` sees. While another thread is loading it, the
    /// one before.
    [[nodiscard]] Result<SnapshotPtr> current(Connection& connection);
    /// Waits until no graph is being built. For tests and benchmarks.
    void wait_until_built();

  private:
    [[nodiscard]] SnapshotPtr load_snapshot() const;
    [[nodiscard]] Result<SnapshotPtr> load(Connection& connection, int64_t version,
                                           std::shared_ptr<const VectorGraph> graph) const;
    void publish(SnapshotPtr snapshot);
    void build_loop();

    const std::string model_id_;
    std::mutex load_mutex_;  // held while a version is loaded
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    SnapshotPtr snapshot_;      // guarded by mutex_
    SnapshotPtr wants_graph_;   // guarded by mutex_: what the builder should look at next
    bool is_building_ = false;  // guarded by mutex_
    std::atomic<bool> is_closing_ = false;  // set under mutex_; the builder looks in between
    std::thread builder_;
};

/// The catalog's version: it grows with every change.
[[nodiscard]] Result<int64_t> catalog_version(Connection& connection);
[[nodiscard]] Status bump_catalog_version(Connection& connection);

}  // namespace hayate::store
