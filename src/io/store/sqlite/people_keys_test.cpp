#include <gtest/gtest.h>

#include "io/store/sqlite/customer_rows.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

class PeopleTest : public StoreTest {
  protected:
    PeopleTest() {
        const Status filled =
            stores_->database->write_blocking([](Connection& connection) -> Status {
                Status status = insert(connection, Customer{.id = "c-001",
                                                            .name = {"Yuki", "ゆき"},
                                                            .favorite_genres = {"fantasy", "a\"b"},
                                                            .owned = {"x-1"},
                                                            .points = 5});
                if (status) status = insert(connection, Customer{.id = "c-002"});
                for (const char* day : {"2026-01-02", "2026-03-04", "2026-02-03"}) {
                    if (status) {
                        status = insert(
                            connection,
                            Order{.id = std::string("o-") + day,
                                  .customer = "c-001",
                                  .placed = day,
                                  .items = {{.sku = "x-1", .quantity = 2, .price_yen = 500}}});
                    }
                }
                return status;
            });
        EXPECT_TRUE(filled);
    }
};

TEST_F(PeopleTest, AnotherCustomersOrderLooksLikeNone) {
    const auto own = run([&] { return stores_->orders.order("o-2026-01-02", "c-001", {}); });
    ASSERT_TRUE(own && *own);
    EXPECT_EQ((*own)->items.at(0).quantity, 2);
    EXPECT_EQ((*own)->items.at(0).title.en, "x-1");  // no longer sold: its number
    EXPECT_FALSE(*run([&] { return stores_->orders.order("o-2026-01-02", "c-002", {}); }));
    EXPECT_FALSE(*run([&] { return stores_->orders.order("nothing", "c-001", {}); }));
    EXPECT_TRUE(run([&] { return stores_->orders.orders_of("c-002", 9, {}); })->empty());
}

TEST_F(PeopleTest, OrdersComeNewestFirst) {
    const auto orders = run([&] { return stores_->orders.orders_of("c-001", 2, {}); });
    ASSERT_TRUE(orders);
    ASSERT_EQ(orders->size(), 2U);
    EXPECT_EQ(orders->at(0).placed, "2026-03-04");
    EXPECT_EQ(orders->at(1).placed, "2026-02-03");
}

TEST_F(PeopleTest, CustomersAreReadWhole) {
    const auto customer = run([&] { return stores_->profiles.customer("c-001", {}); });
    ASSERT_TRUE(customer && *customer);
    EXPECT_EQ((*customer)->favorite_genres, (std::vector<std::string>{"fantasy", "a\"b"}));
    EXPECT_EQ((*customer)->name.ja, "ゆき");
    EXPECT_FALSE(*run([&] { return stores_->profiles.customer("c-999", {}); }));
    EXPECT_EQ(run([&] { return stores_->profiles.customers(1, {}); })->size(), 1U);
}

TEST_F(PeopleTest, KeysAreFoundByHashUntilRevoked) {
    const ApiKey key{.id = "k1",
                     .tenant = "shop",
                     .role = "admin",
                     .label = "ci",
                     .created_ms = 7,
                     .revoked_ms = {}};
    ASSERT_TRUE(run([&] { return stores_->keys.add(key, "hash1", {}); }));
    EXPECT_EQ(run([&] { return stores_->keys.add(key, "hash2", {}); }).error().kind,
              ErrorKind::kConflict);
    const auto found = run([&] { return stores_->keys.find("hash1", {}); });
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->role, "admin");
    EXPECT_FALSE(*run([&] { return stores_->keys.find("hash", {}); }));
    ASSERT_TRUE(run([&] { return stores_->keys.revoke("k1", {}); }));
    ASSERT_TRUE(run([&] { return stores_->keys.revoke("k1", {}); }));
    EXPECT_FALSE(*run([&] { return stores_->keys.find("hash1", {}); }));
    EXPECT_TRUE(run([&] { return stores_->keys.list({}); })->at(0).revoked_ms);
    EXPECT_EQ(run([&] { return stores_->keys.revoke("k9", {}); }).error().kind,
              ErrorKind::kNotFound);
}

}  // namespace
}  // namespace hayate::store
