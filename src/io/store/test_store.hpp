#pragma once
// For the store's tests: a database in a folder of its own, gone afterwards, and coroutines run to
// their end.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "io/store/sqlite/stores.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::store {

class TempFolder {
  public:
    TempFolder() {
        static std::atomic<int> number = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("hayate-store-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
        std::filesystem::create_directories(path_);
    }
    ~TempFolder() { std::filesystem::remove_all(path_); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const {
        return (path_ / name).string();
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << content;
    }

  private:
    std::filesystem::path path_;
};

/// The stores over a fresh file. `reopen` is a restart of the process as far as the file can tell.
class StoreTest : public testing::Test {
  protected:
    StoreTest() { reopen(); }

    void reopen(Database::Options options = {}) {
        stores_.reset();
        options.path = folder_.file("hayate.db");
        auto opened = open_stores(options, "test-model");
        ASSERT_TRUE(opened) << opened.error().internal;
        stores_ = std::move(*opened);
    }
    template <class Work>
    auto run(Work work) {
        return shard_.run(std::move(work));
    }
    /// What a query of one number gives.
    int64_t number(Sql sql) {
        const auto value =
            stores_->database->read_blocking([sql](Connection& connection) -> Result<int64_t> {
                Rows rows = connection.query(sql);
                if (!rows.next()) return fail(rows.error());
                return rows.integer(0);
            });
        EXPECT_TRUE(value) << value.error().internal;
        return value.value_or(-1);
    }

    TempFolder folder_;
    test::TestShard shard_;
    std::unique_ptr<SqliteStores> stores_;
};

}  // namespace hayate::store
