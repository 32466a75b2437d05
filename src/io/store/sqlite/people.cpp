#include "io/store/sqlite/people.hpp"

#include "io/store/sqlite/customer_rows.hpp"

namespace hayate::store {

Task<Result<std::optional<Customer>>> SqliteProfileStore::customer(std::string id, Wait wait) {
    co_return co_await database_->read(
        [id = std::move(id)](Connection& connection) { return find_customer(connection, id); },
        wait);
}

Task<Result<std::vector<Customer>>> SqliteProfileStore::customers(int count, Wait wait) {
    co_return co_await database_->read(
        [count](Connection& connection) { return first_customers(connection, count); }, wait);
}

Task<Result<std::optional<Order>>> SqliteOrderStore::order(std::string id, std::string customer,
                                                           Wait wait) {
    co_return co_await database_->read(
        [=](Connection& connection) { return find_order(connection, id, customer); }, wait);
}

Task<Result<std::vector<Order>>> SqliteOrderStore::orders_of(std::string customer, int count,
                                                             Wait wait) {
    co_return co_await database_->read(
        [=](Connection& connection) { return orders_of_customer(connection, customer, count); },
        wait);
}

}  // namespace hayate::store
