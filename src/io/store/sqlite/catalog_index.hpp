#pragma once
// CatalogIndex: what a search needs in memory (names, facets, vectors, vocabulary), as one
// immutable snapshot of one version of the catalog. A thread of its own looks for a newer version
// once a second, and at once when a search has seen one; it loads it and swaps the pointer, while
// searches go on with the version before. So does another thread with the graph over many vectors,
// which takes seconds.
//
// Thread-safe.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/result.hpp"
#include "io/store/search/facet_index.hpp"
#include "io/store/search/name_index.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/search/sales_index.hpp"
#include "io/store/search/topic_index.hpp"
#include "io/store/search/vector_index.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/sqlite/search_table.hpp"
#include "io/store/sqlite/search_tokenizer.hpp"

namespace hayate::store {

class CatalogIndex {
  public:
    struct Snapshot {
        int64_t version = -1;
        std::shared_ptr<const FacetIndex> facets;
        std::shared_ptr<const NameIndex> names;
        std::shared_ptr<const TopicIndex> topics;
        std::shared_ptr<const VectorIndex> vectors;
        std::shared_ptr<const Vocabulary> vocabulary;
        std::shared_ptr<const TokenCounts> tokens;
        std::shared_ptr<const SalesIndex> sales;
        std::shared_ptr<const SearchDocs> docs;
    };
    using SnapshotPtr = std::shared_ptr<const Snapshot>;

    /// `connection` is for loading alone. Vectors of another model than `model_id` are not loaded.
    CatalogIndex(std::unique_ptr<Connection> connection, std::string model_id);
    /// Waits for a load in progress.
    ~CatalogIndex();
    CatalogIndex(const CatalogIndex&) = delete;
    CatalogIndex& operator=(const CatalogIndex&) = delete;

    struct Current {
        SnapshotPtr snapshot;                    // the newest that is loaded
        std::shared_ptr<const SearchDocs> docs;  // of the version that the connection sees
    };
    /// Waits for nothing but the very first snapshot.
    [[nodiscard]] Result<Current> current(Connection& connection);

    /// Waits until the version that is stored now is loaded.
    [[nodiscard]] Status refresh();
    /// `changed` is called on the loading thread whenever another version than the first one has
    /// been loaded; it should be quick. Empty: no longer. Returns when no call is going on.
    void on_change(std::function<void()> changed);
    /// Waits until no graph is being built. For tests and benchmarks.
    void wait_until_built();

  private:
    [[nodiscard]] SnapshotPtr newest() const;
    void request_check();
    void load_loop();
    void build_loop();
    [[nodiscard]] Status check();
    [[nodiscard]] Result<SnapshotPtr> load(int64_t version,
                                           std::shared_ptr<const VectorGraph> graph);
    void publish(SnapshotPtr snapshot);

    const std::unique_ptr<Connection> connection_;  // of the loading thread
    const std::string model_id_;
    std::mutex change_mutex_;
    std::function<void()> changed_;  // guarded by change_mutex_
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    SnapshotPtr snapshot_;        // guarded by mutex_
    uint64_t checks_wanted_ = 0;  // guarded by mutex_
    uint64_t checks_done_ = 0;    // guarded by mutex_: all that were wanted when it began
    Status checked_;              // guarded by mutex_: how the last one ended
    SnapshotPtr wants_graph_;     // guarded by mutex_: what the builder should look at next
    bool is_building_ = false;    // guarded by mutex_
    std::atomic<bool> is_closing_ = false;  // set under mutex_; the builder looks in between
    std::thread loader_;
    std::thread builder_;
};

/// The catalog's version: it grows with every change.
[[nodiscard]] Result<int64_t> catalog_version(Connection& connection);
[[nodiscard]] Status bump_catalog_version(Connection& connection);

}  // namespace hayate::store
