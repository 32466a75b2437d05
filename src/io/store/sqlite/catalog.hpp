#pragma once
// CatalogStore on SQLite: words from FTS5, meanings from vectors, titles by name, fused by rank.

#include <memory>
#include <string>

#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteCatalogStore final : public CatalogStore {
  public:
    /// `loader` is a connection to the same file, for the index alone; `model_id` names the model
    /// whose vectors `search` is called with.
    SqliteCatalogStore(std::shared_ptr<Database> database, std::unique_ptr<Connection> loader,
                       std::string model_id);

    using CatalogStore::search;
    Task<Result<std::vector<Hit>>> search(std::string question, std::vector<float> vector,
                                          int count, ProductFilter filter, Wait wait) override;
    Task<Result<std::vector<Hit>>> find_products(ProductFilter filter, std::string question,
                                                 std::vector<float> vector, int count,
                                                 Wait wait) override;
    Task<Result<std::optional<Product>>> product(std::string sku, Wait wait) override;
    Task<Result<std::optional<Series>>> series(std::string id, Wait wait) override;

    /// Everything that is stored, by a connection of its own: searches are not kept waiting.
    /// Blocks.
    [[nodiscard]] Result<Catalog> whole() const;
    /// Waits until the in-memory part is that of what is stored now. Blocks.
    [[nodiscard]] Status warm_up() { return index_->refresh(); }
    [[nodiscard]] CatalogIndex& index() { return *index_; }

  private:
    std::shared_ptr<Database> database_;
    std::shared_ptr<CatalogIndex> index_;  // shared with searches whose caller has given up
};

}  // namespace hayate::store
