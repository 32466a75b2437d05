#include "io/store/sqlite/database.hpp"

#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::HasSubstr;

class DatabaseTest : public StoreTest {
  protected:
    Database& database() { return *stores_->database; }
    Status add(const std::string& key, size_t bytes = 10) {
        return database().write_blocking([&](Connection& connection) -> Status {
            const auto added =
                connection.run("INSERT INTO words VALUES(?1, ?2)", key, std::string(bytes, 'x'));
            return added ? Status{} : fail(added.error());
        });
    }
};

TEST_F(DatabaseTest, AFailedWriteUndoesItselfAlone) {
    // The writer is held, so that the three share one transaction.
    std::latch released(1);
    std::promise<void> held;
    database().post_write([&](Connection&) -> Status {
        held.set_value();
        released.wait();
        return {};
    });
    held.get_future().wait();
    std::vector<std::future<Status>> writes;
    for (const bool is_good : {true, false, true}) {
        writes.push_back(std::async(std::launch::async, [this, is_good, i = writes.size()] {
            return database().write_blocking([&](Connection& connection) -> Status {
                const auto added =
                    connection.run("INSERT INTO words VALUES(?1, '')", std::to_string(i));
                if (!added) return fail(added.error());
                return is_good ? Status{} : fail(ErrorKind::kConflict, "test", "changed my mind");
            });
        }));
    }
    released.count_down();
    EXPECT_TRUE(writes[0].get());
    EXPECT_EQ(writes[1].get().error().kind, ErrorKind::kConflict);
    EXPECT_TRUE(writes[2].get());
    EXPECT_EQ(number("SELECT count(*) FROM words"), 2);
}

TEST_F(DatabaseTest, AFullDiskFailsThatWriteAndHealsWhenSpaceReturns) {
    ASSERT_TRUE(add("before"));
    const auto pages = number("SELECT page_count FROM pragma_page_count");
    reopen({.pages_max = pages + 4});
    const Status large = add("large", 200'000);
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(large.error().internal, HasSubstr("no space left"));
    EXPECT_TRUE(add("small"));  // the writer goes on
    ASSERT_FALSE(add("large", 200'000));
    EXPECT_EQ(number("SELECT count(*) FROM words"), 2);
    ASSERT_TRUE(database().write_blocking(
        [](Connection& connection) { return connection.script("PRAGMA max_page_count=100000"); }));
    EXPECT_TRUE(add("large", 200'000));
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
              1);
}

TEST_F(DatabaseTest, AFullDiskSparesTheSmallWritesOfTheSameTransaction) {
    const auto pages = number("SELECT page_count FROM pragma_page_count");
    reopen({.pages_max = pages + 4});
    std::latch released(1);
    std::promise<void> held;
    database().post_write([&](Connection&) -> Status {
        held.set_value();
        released.wait();
        return {};
    });
    held.get_future().wait();
    std::vector<std::future<Status>> writes;
    for (const size_t bytes : {10UL, 200'000UL, 20UL}) {
        writes.push_back(std::async(std::launch::async,
                                    [this, bytes] { return add(std::to_string(bytes), bytes); }));
    }
    released.count_down();
    EXPECT_TRUE(writes[0].get());
    EXPECT_FALSE(writes[1].get());
    EXPECT_TRUE(writes[2].get());
    EXPECT_EQ(number("SELECT count(*) FROM words"), 2);
}

TEST_F(DatabaseTest, ForeignAndDamagedFilesAreRefusedWithTheReason) {
    const std::string path = folder_.file("other.db");
    folder_.write("other.db", std::string(4096, 'x'));
    EXPECT_THAT(Database::open({.path = path}).error().internal, HasSubstr("not a database"));
    std::filesystem::remove(path);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE theirs(x)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    const auto refused = Database::open({.path = path});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(refused.error().internal, HasSubstr("another program"));
    EXPECT_FALSE(Database::open({.path = "/proc/no/such/folder/x.db"}));
}

TEST_F(DatabaseTest, AFileOfANewerProgramIsRefused) {
    ASSERT_TRUE(database().write_blocking(
        [](Connection& connection) { return connection.script("PRAGMA user_version=99"); }));
    stores_.reset();
    const auto refused = Database::open({.path = folder_.file("hayate.db")});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().internal, HasSubstr("newer program"));
}

TEST_F(DatabaseTest, ReadersSeeOneSnapshotAndCannotWrite) {
    ASSERT_TRUE(add("one"));
    const auto seen = database().read_blocking([&](Connection& connection) -> Result<int64_t> {
        Rows first = connection.query("SELECT count(*) FROM words");
        if (!first.next()) return fail(first.error());
        const int64_t before = first.integer(0);
        if (Status added = add("two"); !added) return fail(added.error());
        Rows second = connection.query("SELECT -count(*) FROM words");
        if (!second.next()) return fail(second.error());
        return before + second.integer(0);
    });
    ASSERT_TRUE(seen) << seen.error().internal;
    EXPECT_EQ(*seen, 0);
    const auto written = database().read_blocking(
        [](Connection& connection) { return connection.run("INSERT INTO words VALUES('r', '')"); });
    EXPECT_FALSE(written);
}

TEST_F(DatabaseTest, AFullQueueIsSaidAtOnce) {
    reopen({.queue_max = 1});
    std::latch released(1);
    std::promise<void> held;
    database().post_write([&](Connection&) -> Status {
        held.set_value();
        released.wait();
        return {};
    });
    held.get_future().wait();
    database().post_write([](Connection&) -> Status { return {}; });
    EXPECT_EQ(add("x").error().kind, ErrorKind::kBusy);
    released.count_down();
    stores_.reset();  // the writer is done with the latch before it goes
}

}  // namespace
}  // namespace hayate::store
