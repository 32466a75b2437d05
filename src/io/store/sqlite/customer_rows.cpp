#include "io/store/sqlite/customer_rows.hpp"

#include "io/store/sqlite/lists.hpp"

namespace hayate::store {
namespace {

Customer read_customer(const Rows& rows) {
    Customer customer;
    customer.id = rows.text(0);
    customer.name = {rows.text(1), rows.text(2)};
    customer.language = rows.text(3);
    customer.city = {rows.text(4), rows.text(5)};
    customer.favorite_genres = texts_from_json(rows.view(6));
    customer.owned = texts_from_json(rows.view(7));
    customer.points = rows.integer(8);
    customer.member_since = rows.text(9);
    return customer;
}

Order read_order(const Rows& rows) {
    Order order;
    order.id = rows.text(0);
    order.customer = rows.text(1);
    order.placed = rows.text(2);
    order.status = rows.text(3);
    order.shipping_yen = rows.integer(4);
    order.total_yen = rows.integer(5);
    order.carrier = rows.text(6);
    order.tracking = rows.text(7);
    order.eta = rows.text(8);
    order.city = rows.text(9);
    order.note = {rows.text(10), rows.text(11)};
    return order;
}

/// A product that is no longer sold is shown by its number.
Status read_items(Connection& connection, Order& order) {
    Rows rows = connection.query(
        "SELECT i.sku, coalesce(p.title_en, i.sku), coalesce(p.title_ja, i.sku), i.quantity, "
        "i.price_yen "
        "FROM order_items AS i LEFT JOIN products AS p ON p.sku = i.sku "
        "WHERE i.order_id = ?1 ORDER BY i.position",
        order.id);
    while (rows.next()) {
        order.items.push_back(
            {rows.text(0), {rows.text(1), rows.text(2)}, rows.integer(3), rows.integer(4)});
    }
    return rows.status();
}

Result<std::vector<Order>> collect_orders(Connection& connection, Rows rows) {
    std::vector<Order> orders;
    while (rows.next()) orders.push_back(read_order(rows));
    if (!rows.status()) return fail(rows.error());
    for (Order& order : orders) {
        if (Status items = read_items(connection, order); !items) return fail(items.error());
    }
    return orders;
}

}  // namespace

Result<std::optional<Customer>> find_customer(Connection& connection, std::string_view id) {
    Rows rows = connection.query("SELECT * FROM customers WHERE id = ?1", id);
    std::optional<Customer> customer;
    if (rows.next()) customer = read_customer(rows);
    if (!rows.status()) return fail(rows.error());
    return customer;
}

Result<std::vector<Customer>> first_customers(Connection& connection, int count) {
    Rows rows = connection.query("SELECT * FROM customers ORDER BY id LIMIT ?1", count);
    std::vector<Customer> customers;
    while (rows.next()) customers.push_back(read_customer(rows));
    if (!rows.status()) return fail(rows.error());
    return customers;
}

Result<std::optional<Order>> find_order(Connection& connection, std::string_view id,
                                        std::string_view customer) {
    auto orders = collect_orders(
        connection,
        connection.query("SELECT * FROM orders WHERE id = ?1 AND customer = ?2", id, customer));
    if (!orders) return fail(orders.error());
    return orders->empty() ? std::nullopt : std::optional(std::move(orders->front()));
}

Result<std::vector<Order>> orders_of_customer(Connection& connection, std::string_view customer,
                                              int count) {
    return collect_orders(
        connection,
        connection.query(
            "SELECT * FROM orders WHERE customer = ?1 ORDER BY placed DESC, id DESC LIMIT ?2",
            customer, count));
}

Status insert(Connection& connection, const Customer& customer) {
    const auto inserted =
        connection.run("INSERT INTO customers VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                       customer.id, customer.name.en, customer.name.ja, customer.language,
                       customer.city.en, customer.city.ja, to_json(customer.favorite_genres),
                       to_json(customer.owned), customer.points, customer.member_since);
    return inserted ? Status{} : fail(inserted.error());
}

Status insert(Connection& connection, const Order& order) {
    const auto inserted = connection.run(
        "INSERT INTO orders VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", order.id,
        order.customer, order.placed, order.status, order.shipping_yen, order.total_yen,
        order.carrier, order.tracking, order.eta, order.city, order.note.en, order.note.ja);
    if (!inserted) return fail(inserted.error());
    int position = 0;
    for (const OrderItem& item : order.items) {
        const auto added =
            connection.run("INSERT INTO order_items VALUES(?1, ?2, ?3, ?4, ?5)", order.id,
                           position++, item.sku, item.quantity, item.price_yen);
        if (!added) return fail(added.error());
    }
    return {};
}

}  // namespace hayate::store
