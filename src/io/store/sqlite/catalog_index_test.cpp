// What a search sees of a catalog that changes under it.

#include "io/store/sqlite/catalog_index.hpp"

#include <atomic>
#include <cmath>
#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/vector_rows.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CatalogIndexTest : public StoreTest {
  protected:
    CatalogIndexTest() { replace_by("s1", "Firelight", 500); }

    /// The catalog's only series, with one product.
    void replace_by(const std::string& id, const std::string& title, int64_t price) {
        const auto stored = stores_->database->write_blocking([&](Connection& connection) {
            Status status;
            for (const Sql erase : {Sql("DELETE FROM series"), Sql("DELETE FROM products")})
                if (const auto run = connection.run(erase); !run) status = fail(run.error());
            const Series series{.id = id,
                                .title = {title, ""},
                                .start_year = 2000,
                                .status = "finished",
                                .demographic = "seinen"};
            const Product product{.sku = id + "-1",
                                  .series = id,
                                  .kind = "volume",
                                  .language = "en",
                                  .title = series.title,
                                  .price_yen = price};
            if (status) status = insert(connection, series);
            if (status) status = insert(connection, product);
            if (status) status = rebuild_search_table(connection);
            return status ? bump_catalog_version(connection) : status;
        });
        ASSERT_TRUE(stored) << stored.error().internal;
    }
    std::vector<std::string> found(const std::string& question, const ProductFilter& filter = {}) {
        const auto hits =
            run([&] { return stores_->catalog.search(question, {}, 5, filter, {}); }).value();
        std::vector<std::string> ids;
        for (const Hit& hit : hits) ids.push_back(hit.series.id);
        return ids;
    }
};

TEST_F(CatalogIndexTest, FollowsTheCatalogByItself) {
    EXPECT_THAT(found("firelight"), ElementsAre("s1"));
    std::atomic<int> changes = 0;
    std::latch changed(1);
    stores_->catalog.index().on_change([&] {
        ++changes;
        changed.count_down();
    });
    replace_by("s2", "Moonrise", 500);
    changed.wait();  // nobody asked for it
    EXPECT_THAT(found("moonrise"), ElementsAre("s2"));
    EXPECT_THAT(found("firelight"), IsEmpty());
    ASSERT_TRUE(stores_->catalog.warm_up());  // nothing new
    EXPECT_EQ(changes, 1);
    stores_->catalog.index().on_change({});
    replace_by("s3", "Starfall", 500);
    ASSERT_TRUE(stores_->catalog.warm_up());
    EXPECT_EQ(changes, 1);
    EXPECT_THAT(found("starfall"), ElementsAre("s3"));
}

TEST_F(CatalogIndexTest, WhileAVersionIsLoadedSearchesSeeNothingThatViolatesTheirConditions) {
    EXPECT_THAT(found("firelight", {.price_high = 500}), ElementsAre("s1"));
    // Loading is held up in mid-change: what searches see until then is the version before.
    std::latch is_loaded(1);
    std::latch may_go_on(1);
    stores_->catalog.index().on_change([&] {
        is_loaded.count_down();
        may_go_on.wait();
    });
    replace_by("s1", "Firelight", 400);
    is_loaded.wait();
    replace_by("s1", "Firelight", 600);
    EXPECT_THAT(found("firelight", {.price_high = 500}), IsEmpty());  // it costs 600 now
    EXPECT_THAT(found("firelight", {.price_high = 600}), ElementsAre("s1"));
    EXPECT_THAT(found("firelight"), ElementsAre("s1"));
    may_go_on.count_down();
    ASSERT_TRUE(stores_->catalog.warm_up());
    stores_->catalog.index().on_change({});
    EXPECT_THAT(found("firelight", {.price_high = 500}), IsEmpty());
}

TEST_F(CatalogIndexTest, ATopicThatVeryManyHaveGivesTheNearestOfThem) {
    const auto stored = stores_->database->write_blocking([&](Connection& connection) {
        std::vector<StoredVectorPtr> vectors;
        Status status;
        for (int i = 0; i < 300 && status; ++i) {
            const std::string id = "t" + std::to_string(1000 + i);
            status = insert(connection, Series{.id = id,
                                               .title = {"Title " + id, ""},
                                               .start_year = 2000,
                                               .status = "finished",
                                               .genres = {"western"},
                                               .demographic = "seinen"});
            const float angle = 0.005F * static_cast<float>(i);
            vectors.push_back(std::make_shared<StoredVector>(StoredVector{
                {HitKind::kSeries, id}, "p", "h", {std::cos(angle), std::sin(angle)}}));
        }
        if (status) status = replace_vectors(connection, HitKind::kSeries, "test-model", vectors);
        if (status) status = rebuild_search_table(connection);
        return status ? bump_catalog_version(connection) : status;
    });
    ASSERT_TRUE(stored) << stored.error().internal;
    ASSERT_TRUE(stores_->catalog.warm_up());
    const float angle = 0.005F * 250;
    const auto hits = run([&] {
        return stores_->catalog.search("a western", {std::cos(angle), std::sin(angle)}, 3, {}, {});
    });
    ASSERT_TRUE(hits) << hits.error().internal;
    ASSERT_EQ(hits->size(), 3U);
    EXPECT_EQ(hits->at(0).series.id, "t1250");
    for (const Hit& hit : *hits) EXPECT_GT(hit.similarity.value_or(0), 0.9999) << hit.series.id;
}

}  // namespace
}  // namespace hayate::store
