#include "io/store/sqlite/cases.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/runtime/scope.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;

class CaseTest : public StoreTest {
  protected:
    NewCase asked(const std::string& response, const std::string& subject = "customer:alice") {
        return {.response_id = response,
                .owner = {"shop", subject},
                .session = "s1",
                .kind = CaseKind::kRefund,
                .order = "MNG-1",
                .summary = "it is torn"};
    }
    Result<Case> open(const NewCase& opened) {
        return run([&] { return stores_->cases.open(opened, {}); });
    }
    std::vector<std::string> ids(CaseFilter filter, int count = 10,
                                 std::optional<int64_t> before = {}) {
        const auto cases =
            run([&] { return stores_->cases.list(filter, count, before, {}); }).value();
        std::vector<std::string> all;
        for (const Case& listed : cases) all.push_back(listed.id);
        return all;
    }
};

TEST_F(CaseTest, ACaseIsOpenedOnceForAnAnswer) {
    const auto first = open(asked("r1"));
    ASSERT_TRUE(first) << first.error().internal;
    EXPECT_EQ(first->id, "CASE-000001");
    NewCase again = asked("r1");
    again.summary = "other words";
    const auto second = open(again);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->id, first->id);
    EXPECT_EQ(second->summary, "it is torn");
    EXPECT_EQ(open(asked("r2"))->id, "CASE-000002");
    EXPECT_EQ(number("SELECT count(*) FROM cases"), 2);
}

TEST_F(CaseTest, ManyAtOnceForOneAnswerAreOneCase) {
    std::set<std::string> ids;
    run([&]() -> Task<int> {
        runtime::TaskScope scope(co_await runtime::current_executor());
        for (int i = 0; i < 50; ++i) {
            scope.spawn([&]() -> Task<void> {
                const auto opened = co_await stores_->cases.open(asked("r1"), {});
                ids.insert(opened ? opened->id : opened.error().internal);
            });
        }
        co_await scope.join();
        co_return 0;
    });
    EXPECT_THAT(ids, ElementsAre("CASE-000001"));
}

TEST_F(CaseTest, EverythingIsKept) {
    NewCase opened = asked("r1");
    opened.sku = "x-1";
    opened.kind = CaseKind::kReplacement;
    opened.summary = "'; DROP TABLE cases; -- \"<b>破れ";
    ASSERT_TRUE(open(opened));
    reopen();
    const Case read = run([&] { return stores_->cases.list({}, 1, {}, {}); }).value().at(0);
    EXPECT_EQ(read.summary, opened.summary);
    EXPECT_EQ(read.kind, CaseKind::kReplacement);
    EXPECT_EQ(read.owner, opened.owner);
    EXPECT_EQ(read.order, "MNG-1");
    EXPECT_EQ(read.sku, "x-1");
    EXPECT_EQ(read.session, "s1");
    EXPECT_TRUE(read.is_open);
    EXPECT_GT(read.created_ms, 0);
}

TEST_F(CaseTest, ALongSummaryIsCutBetweenCharacters) {
    NewCase opened = asked("r1");
    for (int i = 0; i < 5000; ++i) opened.summary += "漫";
    const auto stored = open(opened);
    ASSERT_TRUE(stored);
    EXPECT_LE(stored->summary.size(), kCaseSummaryBytesMax);
    EXPECT_GT(stored->summary.size(), kCaseSummaryBytesMax - 20);
    EXPECT_TRUE(stored->summary.ends_with("漫"));
}

TEST_F(CaseTest, TheNewestComeFirstPageByPage) {
    for (const char* response : {"a", "b", "c", "d"}) ASSERT_TRUE(open(asked(response)));
    ASSERT_TRUE(open(asked("e", "customer:bob")));
    EXPECT_THAT(ids({}, 2), ElementsAre("CASE-000005", "CASE-000004"));
    EXPECT_THAT(ids({}, 2, 4), ElementsAre("CASE-000003", "CASE-000002"));
    EXPECT_THAT(ids({}, 2, 2), ElementsAre("CASE-000001"));
    EXPECT_TRUE(ids({}, 0).empty());
    EXPECT_TRUE(ids({}, -5).empty());
    EXPECT_THAT(ids({.owner = Owner{"shop", "customer:bob"}}), ElementsAre("CASE-000005"));
    EXPECT_TRUE(ids({.owner = Owner{"other", "customer:bob"}}).empty());
}

TEST_F(CaseTest, ACaseIsClosedForGood) {
    ASSERT_TRUE(open(asked("a")));
    ASSERT_TRUE(open(asked("b")));
    const auto closed = run([&] { return stores_->cases.close("CASE-000001", {}); });
    ASSERT_TRUE(closed) << closed.error().internal;
    EXPECT_FALSE(closed->is_open);
    const auto again = run([&] { return stores_->cases.close("CASE-000001", {}); });
    EXPECT_EQ(again->closed_ms, closed->closed_ms);
    EXPECT_THAT(ids({.is_open = true}), ElementsAre("CASE-000002"));
    EXPECT_THAT(ids({.is_open = false}), ElementsAre("CASE-000001"));
    // A case that was closed stays the one of its answer.
    EXPECT_EQ(open(asked("a"))->id, "CASE-000001");
}

TEST_F(CaseTest, WhatIsNoCaseIsNotFound) {
    ASSERT_TRUE(open(asked("a")));
    for (const char* id :
         {"CASE-000002", "CASE-1", "CASE-", "", "000001", "case-000001", "CASE-0000001",
          "CASE--00001", "CASE-000001 OR 1", "CASE-99999999999999999999", "CASE-000000"}) {
        const auto closed = run([&] { return stores_->cases.close(id, {}); });
        ASSERT_FALSE(closed) << id;
        EXPECT_EQ(closed.error().kind, ErrorKind::kNotFound) << id;
    }
    EXPECT_FALSE(open(asked("")));
}

TEST(CaseId, IsReadAsItIsWritten) {
    EXPECT_EQ(case_id_of(123), "CASE-000123");
    EXPECT_EQ(case_number_of("CASE-000123"), 123);
    EXPECT_EQ(case_number_of(case_id_of(1'234'567)), 1'234'567);
}

/// A file of the version before filters and cases comes up to date with what it holds.
TEST_F(CaseTest, AnOlderFileIsBroughtUpToDate) {
    const Series series{.id = "s1",
                        .title = {"T", ""},
                        .authors = {{"A \"B\"", "x"}, {"", "著者"}},
                        .start_year = 2000,
                        .status = "finished",
                        .genres = {"horror", "drama"},
                        .demographic = "seinen"};
    const auto made_old = stores_->database->write_blocking([&](Connection& connection) {
        Status status = insert(connection, series);
        const Product product{.sku = "p", .series = "s1", .kind = "volume", .language = "en"};
        if (status) status = insert(connection, product);
        if (!status) return status;
        return connection.script(
            "ALTER TABLE turns DROP COLUMN asked_back; DROP TABLE outcomes; DROP TABLE costs; "
            "DROP TABLE cases; PRAGMA user_version=1");
    });
    ASSERT_TRUE(made_old) << made_old.error().internal;
    reopen();
    ProductFilter filter;
    filter.genres_all = {"horror", "drama"};
    for (const char* author : {"A \"B\"", "著者"}) {
        filter.authors.any = {author};
        const auto hits =
            run([&] { return stores_->catalog.find_products(filter, "", {}, 5, {}); });
        ASSERT_TRUE(hits) << hits.error().internal;
        EXPECT_EQ(hits->size(), 1U) << author;
    }
    EXPECT_TRUE(open(asked("a")));
}

}  // namespace
}  // namespace hayate::store
