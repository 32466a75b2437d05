#include "io/store/sqlite/catalog.hpp"

#include <algorithm>

#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/catalog_search.hpp"

namespace hayate::store {
SqliteCatalogStore::SqliteCatalogStore(std::shared_ptr<Database> database,
                                       std::unique_ptr<Connection> loader, std::string model_id)
    : database_(std::move(database)),
      index_(std::make_shared<CatalogIndex>(std::move(loader), std::move(model_id))) {}

Task<Result<std::vector<Hit>>> SqliteCatalogStore::search(std::string question,
                                                          std::vector<float> vector, int count,
                                                          ProductFilter filter, Wait wait) {
    const SearchQuestion asked{std::move(question), std::move(vector),
                               static_cast<size_t>(std::max(count, 0)), std::move(filter)};
    co_return co_await database_->read(
        [asked, index = index_](Connection& connection) {
            return search_catalog(connection, *index, asked);
        },
        wait);
}

Task<Result<std::vector<Hit>>> SqliteCatalogStore::find_products(ProductFilter filter,
                                                                 std::string question,
                                                                 std::vector<float> vector,
                                                                 int count, Wait wait) {
    const SearchQuestion asked{std::move(question), std::move(vector),
                               static_cast<size_t>(std::max(count, 0)), std::move(filter)};
    co_return co_await database_->read(
        [asked, index = index_](Connection& connection) {
            return find_in_catalog(connection, *index, asked);
        },
        wait);
}

Task<Result<std::optional<Product>>> SqliteCatalogStore::product(std::string sku, Wait wait) {
    co_return co_await database_->read(
        [sku = std::move(sku)](Connection& connection) { return find_product(connection, sku); },
        wait);
}

Task<Result<std::optional<Series>>> SqliteCatalogStore::series(std::string id, Wait wait) {
    co_return co_await database_->read(
        [id = std::move(id)](Connection& connection) { return find_series(connection, id); }, wait);
}

Result<Catalog> SqliteCatalogStore::whole() const {
    const auto connection = database_->open_reader();
    if (!connection) return fail(connection.error());
    return read_catalog(**connection);
}

}  // namespace hayate::store
