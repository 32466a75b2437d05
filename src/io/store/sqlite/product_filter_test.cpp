// Filters against brute force: a random catalog, random filters, and the products that a plain loop
// lets pass.

#include <map>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/search/sales_index.hpp"
#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/customer_rows.hpp"
#include "io/store/sqlite/search_table.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool has(const std::vector<std::string>& values, const std::string& value) {
    return std::ranges::find(values, value) != values.end();
}
bool passes(const Choice& choice, const std::string& value) {
    return (choice.any.empty() || has(choice.any, value)) && !has(choice.none, value);
}
bool passes(const Choice& choice, const std::vector<std::string>& values) {
    const auto is_in = [&](const std::vector<std::string>& list) {
        return std::ranges::any_of(values, [&](const std::string& v) { return has(list, v); });
    };
    return (choice.any.empty() || is_in(choice.any)) && !is_in(choice.none);
}
template <class T, class Bound>
bool lies(const std::optional<T>& value, const Bound& low, const Bound& high) {
    if (!low && !high) return true;
    return value && (!low || *value >= *low) && (!high || *value <= *high);
}

class FilterTest : public StoreTest {
  protected:
    FilterTest() {
        fill();
        const auto stored = stores_->database->write_blocking([&](Connection& connection) {
            Status status;
            for (const Series& s : series_)
                if (status) status = insert(connection, s);
            for (const Product& p : products_)
                if (status) status = insert(connection, p);
            if (status) status = rebuild_search_table(connection);
            return status ? bump_catalog_version(connection) : status;
        });
        EXPECT_TRUE(stored) << stored.error().internal;
    }

    template <class T>
    T pick(std::initializer_list<T> from) {
        return *(from.begin() + random_() % from.size());
    }
    int number(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool maybe(int percent) { return number(1, 100) <= percent; }
    std::string genre() { return pick<std::string>({"action", "horror", "romance", "it's \"q\""}); }
    std::string day() { return fmt::format("20{:02}-{:02}-15", number(18, 27), number(1, 12)); }

    void fill() {
        for (int i = 0; i < 40; ++i) {
            Series series{.id = "s" + std::to_string(i),
                          .title = {"Title " + std::to_string(i), "題" + std::to_string(i)},
                          .authors = {{"", "著者" + std::to_string(i % 7)},
                                      {"Author " + std::to_string(i % 5), "x"}},
                          .start_year = number(1980, 2024),
                          .status = pick<std::string>({"ongoing", "finished"}),
                          .genres = {genre(), genre()},
                          .demographic = pick<std::string>({"shonen", "seinen"})};
            if (maybe(60)) series.volumes = number(1, 20);
            for (int p = 0; p < 8; ++p) {
                Product product{.sku = series.id + "-" + std::to_string(p),
                                .series = series.id,
                                .kind = pick<std::string>({"volume", "box_set"}),
                                .language = pick<std::string>({"en", "ja"}),
                                .title = series.title,
                                .price_yen = number(4, 20) * 100,
                                .stock = number(0, 2),
                                .release_date = day()};
                if (product.kind == "volume" && maybe(90)) product.volume = p;
                if (product.kind == "box_set") product.volumes = {1, number(1, 9)};
                products_.push_back(product);
            }
            series_.push_back(std::move(series));
        }
    }

    const Series& series_of(const Product& product) const {
        return *std::ranges::find(series_, product.series, &Series::id);
    }

    bool is_wanted(const ProductFilter& f, const Product& p) const {
        const Series& s = series_of(p);
        std::vector<std::string> authors;
        for (const LocalText& author : s.authors)
            authors.push_back(author.en.empty() ? author.ja : author.en);
        const bool has_genres = std::ranges::all_of(
            f.genres_all, [&](const std::string& g) { return has(s.genres, g); });
        const bool is_excluded = std::ranges::any_of(f.excluded_skus, [&](const std::string& sku) {
            return sku == p.sku || (f.excludes_series_of_skus && sku.starts_with(p.series + "-"));
        });
        const bool is_set = f.takes_sets && p.volumes &&
                            (!f.volume_low || p.volumes->first <= *f.volume_low) &&
                            (!f.volume_high || p.volumes->second >= *f.volume_high) &&
                            f.volume_low && f.volume_high;
        return passes(f.series, s.id) && passes(f.authors, authors) && passes(f.genres, s.genres) &&
               has_genres && passes(f.demographics, s.demographic) &&
               passes(f.statuses, s.status) &&
               lies(s.volumes, f.series_volumes_min, f.series_volumes_max) &&
               lies(std::optional(s.start_year), f.start_year_from, f.start_year_to) &&
               passes(f.kinds, p.kind) && passes(f.languages, p.language) &&
               (is_set || lies(p.volume, f.volume_low, f.volume_high)) &&
               lies(std::optional(p.price_yen), f.price_low, f.price_high) &&
               p.release_date >= f.release_from &&
               (f.release_to.empty() || p.release_date <= f.release_to) &&
               (!f.is_in_stock || p.stock > 0) && !is_excluded;
    }

    ProductFilter random_filter() {
        ProductFilter f;
        const int each = number(3, 25);  // percent: from few conditions to many
        const auto some = [&](auto set) { maybe(each) ? set() : void(); };
        some([&] { f.series.any = {"s1", "s2", "s3", "s" + std::to_string(number(0, 39))}; });
        some([&] { f.series.none = {"s1", "s4"}; });
        some([&] { f.authors.any = {"著者" + std::to_string(number(0, 6)), "Author 1"}; });
        some([&] { f.authors.none = {"Author " + std::to_string(number(0, 4))}; });
        some([&] { f.genres.any = {genre(), genre()}; });
        some([&] { f.genres.none = {genre()}; });
        some([&] { f.genres_all = {genre(), genre()}; });
        some([&] { f.demographics.any = {"seinen"}; });
        some([&] { f.demographics.none = {"seinen"}; });
        some([&] { f.statuses.any = {"finished"}; });
        some([&] { f.statuses.none = {"finished"}; });
        some([&] { f.series_volumes_min = number(1, 9); });
        some([&] { f.series_volumes_max = number(5, 15); });
        some([&] { f.start_year_from = number(1980, 2010); });
        some([&] { f.start_year_to = number(1990, 2024); });
        some([&] { f.kinds.any = {"volume"}; });
        some([&] { f.kinds.none = {"volume"}; });
        some([&] { f.languages.any = {"en"}; });
        some([&] { f.languages.none = {"en"}; });
        some([&] { f.volume_low = number(1, 5); });
        some([&] { f.volume_high = number(3, 9); });
        some([&] { f.takes_sets = true; });
        some([&] { f.price_low = number(4, 12) * 100; });
        some([&] { f.price_high = number(6, 20) * 100; });
        some([&] { f.release_from = day(); });
        some([&] { f.release_to = day(); });
        some([&] { f.is_in_stock = true; });
        some([&] { f.excluded_skus = {"s5-1", "s6-2", "' OR 1=1 --"}; });
        f.excludes_series_of_skus = maybe(50);
        f.sort = pick({ProductSort::kRelevance, ProductSort::kNewest, ProductSort::kSoonest,
                       ProductSort::kCheapest, ProductSort::kDearest, ProductSort::kTrending,
                       ProductSort::kVolume});
        return f;
    }

    std::vector<Hit> find(const ProductFilter& filter, int count = 100,
                          const std::string& question = "") {
        return run([&] { return stores_->catalog.find_products(filter, question, {}, count, {}); })
            .value();
    }
    /// The products of the first hit, or all of them.
    static std::vector<std::string> ids(const std::vector<Hit>& hits) {
        std::vector<std::string> all;
        for (const Hit& hit : hits) all.push_back(hit.series.id);
        return all;
    }

    std::mt19937 random_{11};
    std::vector<Series> series_;
    std::vector<Product> products_;
};

TEST_F(FilterTest, FindsWhatALoopFindsAndNothingElse) {
    size_t with_hits = 0;
    for (int i = 0; i < 1500; ++i) {
        const ProductFilter filter = random_filter();
        std::map<std::string, size_t> wanted;
        for (const Product& product : products_)
            if (is_wanted(filter, product)) ++wanted[product.series];
        const auto hits = find(filter);
        ASSERT_EQ(hits.size(), wanted.size()) << i;
        for (const Hit& hit : hits) {
            ASSERT_EQ(hit.products.size(), std::min<size_t>(wanted[hit.series.id], 6)) << i;
            for (const Product& product : hit.products)
                ASSERT_TRUE(is_wanted(filter, product)) << i << " " << product.sku;
        }
        with_hits += hits.empty() ? 0 : 1;
    }
    EXPECT_GT(with_hits, 500U);
    EXPECT_LT(with_hits, 1400U);
}

TEST_F(FilterTest, SearchLeavesOutSeriesWithoutAFittingProduct) {
    for (int i = 0; i < 200; ++i) {
        const ProductFilter filter = random_filter();
        const auto hits =
            run([&] { return stores_->catalog.search("title 7 action", {}, 10, filter, {}); });
        ASSERT_TRUE(hits) << hits.error().internal;
        for (const Hit& hit : *hits) {
            ASSERT_TRUE(filter.is_open() || !hit.products.empty());
            for (const Product& product : hit.products)
                ASSERT_TRUE(is_wanted(filter, product)) << i << " " << product.sku;
        }
    }
}

TEST_F(FilterTest, SortsWholeListsNotOnlyWhatIsShown) {
    int64_t last = 0;
    for (const Hit& hit : find({.sort = ProductSort::kCheapest}, 12)) {
        EXPECT_GE(hit.products.at(0).price_yen, last);
        last = hit.products.at(0).price_yen;
    }
    const auto cheapest = std::ranges::min(products_, {}, &Product::price_yen).price_yen;
    EXPECT_EQ(find({.sort = ProductSort::kCheapest}, 1).at(0).products.at(0).price_yen, cheapest);
    const auto newest = std::ranges::max(products_, {}, &Product::release_date).release_date;
    EXPECT_EQ(find({.sort = ProductSort::kNewest}, 1).at(0).products.at(0).release_date, newest);
    const auto soonest = find({.release_from = "2024-01-01", .sort = ProductSort::kSoonest}, 1);
    for (const Product& product : products_) {
        if (product.release_date >= "2024-01-01")
            EXPECT_LE(soonest.at(0).products.at(0).release_date, product.release_date);
    }
}

TEST_F(FilterTest, TheNamedSeriesComesFirstAmongThoseThatFit) {
    EXPECT_EQ(find({}, 3, "Title 7").at(0).series.id, "s7");
    ProductFilter without;
    without.series.none = {"s7"};
    EXPECT_NE(find(without, 3, "Title 7").at(0).series.id, "s7");
}

TEST_F(FilterTest, NothingFitsIsAnEmptyAnswer) {
    EXPECT_THAT(find({.price_high = 1}), IsEmpty());
    ProductFilter unknown;
    unknown.authors.any = {"Nobody"};
    EXPECT_THAT(find(unknown, 5, "Title 7"), IsEmpty());
}

TEST_F(FilterTest, TrendingIsWhatWasOrderedLately) {
    const auto order = [](std::string id, std::string day, std::string sku, std::string status) {
        return Order{.id = std::move(id),
                     .customer = "c",
                     .placed = std::move(day),
                     .status = std::move(status),
                     .items = {{.sku = std::move(sku), .quantity = 3}}};
    };
    const auto sold = stores_->database->write_blocking([&](Connection& connection) {
        Status status;
        for (const Order& o : {order("a", "2026-11-20", "s3-1", "delivered"),
                               order("b", "2026-09-20", "s4-1", "delivered"),
                               order("c", "2026-11-20", "s5-1", "returned"),
                               order("d", "2020-01-01", "s6-1", "delivered")})
            if (status) status = insert(connection, o);
        return status ? bump_catalog_version(connection) : status;
    });
    ASSERT_TRUE(sold);
    ASSERT_TRUE(stores_->catalog.warm_up());
    const auto hits = find({.sort = ProductSort::kTrending, .today = "2026-11-24"}, 3);
    EXPECT_THAT(ids({hits[0], hits[1]}), ElementsAre("s3", "s4"));
    EXPECT_NE(hits[2].series.id, "s6");  // long ago: the newest of the rest comes instead
}

TEST_F(FilterTest, WhatIsAlikeComesBeforeWhatIsNot) {
    const Series& model = series_[3];
    ProductFilter filter;
    filter.similar_to = {model.id};
    filter.series.none = {model.id};
    const auto hits = find(filter, 3);
    ASSERT_EQ(hits.size(), 3U);
    const auto& genres = hits[0].series.genres;
    EXPECT_TRUE(std::ranges::any_of(genres, [&](auto& g) { return has(model.genres, g); }));
    EXPECT_EQ(hits[0].series.demographic, model.demographic);
}

TEST(ProductFilter, LeavesOutWhatIsOwnedOrOrderedAndKept) {
    const Customer customer{.id = "c", .owned = {"a-1", "b-1"}};
    const std::vector<Order> orders{
        {.status = "shipped", .items = {{.sku = "c-1"}, {.sku = "a-1"}}},
        {.status = "returned", .items = {{.sku = "d-1"}}}};
    ProductFilter filter;
    leave_out_owned(filter, &customer, orders);
    EXPECT_THAT(filter.excluded_skus, ElementsAre("a-1", "b-1", "c-1"));
    EXPECT_TRUE(filter.excludes_series_of_skus);
    ProductFilter named;
    named.series.any = {"a"};
    leave_out_owned(named, &customer, orders);
    EXPECT_FALSE(named.excludes_series_of_skus);  // the next volume of what one reads
    ProductFilter nobody;
    leave_out_owned(nobody, nullptr, {});
    EXPECT_TRUE(nobody.is_open());
    EXPECT_FALSE(nobody.excludes_series_of_skus);
}

TEST(SalesIndex, CountsFromADayOn) {
    const SalesIndex sales(
        {{"a", "2026-01-02", 2}, {"a", "2026-01-01", 1}, {"b", "2026-03-01", 5}});
    EXPECT_EQ(sales.sold_since("a", "2026-01-01"), 3);
    EXPECT_EQ(sales.sold_since("a", "2026-01-02"), 2);
    EXPECT_EQ(sales.sold_since("a", "2026-01-03"), 0);
    EXPECT_EQ(sales.sold_since("a", ""), 3);
    EXPECT_EQ(sales.sold_since("c", ""), 0);
}

}  // namespace
}  // namespace hayate::store
