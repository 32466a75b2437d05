#pragma once
// ProfileStore and OrderStore on SQLite.

#include <memory>

#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteProfileStore final : public ProfileStore {
  public:
    explicit SqliteProfileStore(std::shared_ptr<Database> database)
        : database_(std::move(database)) {}
    Task<Result<std::optional<Customer>>> customer(std::string id, Wait wait) override;
    Task<Result<std::vector<Customer>>> customers(int count, Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
};

class SqliteOrderStore final : public OrderStore {
  public:
    explicit SqliteOrderStore(std::shared_ptr<Database> database)
        : database_(std::move(database)) {}
    Task<Result<std::optional<Order>>> order(std::string id, std::string customer,
                                             Wait wait) override;
    Task<Result<std::vector<Order>>> orders_of(std::string customer, int count, Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace hayate::store
