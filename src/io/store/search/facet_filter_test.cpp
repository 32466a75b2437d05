#include "io/store/search/facet_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Series> kSeries{
    {.id = "a", .start_year = 2000, .genres = {"horror", "drama"}, .demographic = "seinen"},
    {.id = "b", .start_year = 2010, .genres = {"drama"}, .demographic = "shonen"},
    {.id = "c", .start_year = 2020, .genres = {"comedy"}, .demographic = "seinen"}};

Product product(std::string sku, std::string series, int64_t price, std::string day) {
    return {.sku = std::move(sku),
            .series = std::move(series),
            .kind = "volume",
            .language = "en",
            .price_yen = price,
            .release_date = std::move(day)};
}

const std::vector<Product> kProducts{
    product("b-2", "b", 700, "2011-01-02"), product("a-1", "a", 500, "2001-01-01"),
    product("b-1", "b", 900, "2010-01-01"), product("x-1", "gone", 100, "2010-01-01")};

TEST(FacetFilter, GivesWhatThePassingProductsOfASeriesRangeOver) {
    const FacetIndex index(kSeries, kProducts);
    const auto passing = FacetFilter(index, {}).passing();
    ASSERT_EQ(passing.size(), 2U);  // "c" has no product, "x-1" no series
    EXPECT_EQ(index.id_of(passing[0].series), "a");
    EXPECT_EQ(index.id_of(passing[1].series), "b");
    EXPECT_EQ(passing[1].price_low, 700);
    EXPECT_EQ(passing[1].price_high, 900);
    EXPECT_EQ(passing[1].release_first, 20100101);
    EXPECT_EQ(passing[1].release_last, 20110102);
    const auto cheap = FacetFilter(index, {.price_high = 800}).passing();
    ASSERT_EQ(cheap.size(), 2U);
    EXPECT_EQ(cheap[1].price_high, 700);
}

TEST(FacetFilter, JudgesRowsThatAreNewerThanTheIndex) {
    const FacetIndex index(kSeries, kProducts);
    ProductFilter wanted{.price_high = 800};
    wanted.languages.any = {"en"};
    const FacetFilter filter(index, wanted);
    Product row = kProducts[0];
    EXPECT_TRUE(filter.passes(row));
    row.price_yen = 801;
    EXPECT_FALSE(filter.passes(row));
    row = kProducts[0];
    row.language = "fr";  // which the index has never heard of
    EXPECT_FALSE(filter.passes(row));
    Series series = kSeries[0];
    ProductFilter no_horror;
    no_horror.genres.none = {"horror"};
    EXPECT_FALSE(FacetFilter(index, no_horror).passes(series));
    series.genres = {"drama"};
    EXPECT_TRUE(FacetFilter(index, no_horror).passes(series));
}

TEST(FacetFilter, WhatIsKeptOutAndUnknownKeepsTheUnknownOut) {
    const FacetIndex index(kSeries, kProducts);
    ProductFilter no_french;
    no_french.languages.none = {"fr"};
    const FacetFilter filter(index, no_french);
    Product row = kProducts[0];
    EXPECT_TRUE(filter.passes(row));
    row.language = "fr";
    EXPECT_FALSE(filter.passes(row));
    ProductFilter unknown;
    unknown.genres_all = {"drama", "western"};
    EXPECT_THAT(FacetFilter(index, unknown).passing(), IsEmpty());
}

TEST(FacetFilter, ADayThatIsUnknownSatisfiesNoConditionOnIt) {
    const FacetIndex index(kSeries, {product("a-1", "a", 500, "")});
    EXPECT_EQ(FacetFilter(index, {}).passing().size(), 1U);
    EXPECT_THAT(FacetFilter(index, {.release_from = "2000-01-01"}).passing(), IsEmpty());
    EXPECT_THAT(FacetFilter(index, {.release_to = "2030-01-01"}).passing(), IsEmpty());
}

TEST(FacetIndex, CountsWhatSeriesHaveInCommon) {
    const FacetIndex index(kSeries, kProducts);
    std::vector<std::pair<std::string, int>> common;
    for (const auto& [series, count] : index.in_common({"a", "nobody"}))
        common.emplace_back(index.id_of(series), count);
    // Not "c": the audience alone is nothing in common.
    EXPECT_THAT(common, ElementsAre(std::pair("a", 3), std::pair("b", 1)));
    EXPECT_THAT(index.in_common({}), IsEmpty());
}

TEST(FacetIndex, ReadsDays) {
    EXPECT_EQ(day_number("2026-11-24"), 20261124);
    for (const char* day : {"", "today", "2026-11-2", "2026/11/24", "2026-1x-24", "2026-11-24 "})
        EXPECT_EQ(day_number(day), 0) << day;
}

}  // namespace
}  // namespace hayate::store
