// The reading of product questions over a few names; test/retrieval plays hundreds of questions
// over the real catalog.

#include "engine/understand/product_query.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

using store::ProductSort;
using testing::ElementsAre;
using testing::IsEmpty;

ProductQuery query(std::string_view message, std::string_view today = "2026-11-24") {
    static const EntityFinder finder({{EntityKind::kTitle, "aot", "AoT"},
                                      {EntityKind::kTitle, "aot", "進撃の巨人"},
                                      {EntityKind::kTitle, "op", "One Piece"},
                                      {EntityKind::kTitle, "monster", "Monster", false},
                                      {EntityKind::kPerson, "ONE", "ONE"},
                                      {EntityKind::kPerson, "Junji Ito", "伊藤潤二"},
                                      {EntityKind::kPerson, "Junji Ito", "Junji Ito"},
                                      {EntityKind::kGenre, "horror", "horror"},
                                      {EntityKind::kGenre, "horror", "ホラー"},
                                      {EntityKind::kGenre, "drama", "drama"},
                                      {EntityKind::kState, "finished", "complete"},
                                      {EntityKind::kLanguage, "ja", "Japanese"},
                                      {EntityKind::kLanguage, "en", "英語"},
                                      {EntityKind::kFormat, "box_set", "box set"}});
    static const ProductQueryReader reader({{Cue::kShort, "one sitting"}});
    text::Units units;
    units.read(message);
    std::vector<text::NameFinder::Match> matches;
    std::vector<Entity> entities;
    finder.find(units, matches, entities);
    return reader.query_of(units, entities, today);
}

TEST(ProductQuery, ATitleNarrowsAndMakesTheRestAQuestion) {
    const auto read = query("is AoT horror or drama, and is it complete?");
    EXPECT_THAT(read.filter.series.any, ElementsAre("aot"));
    EXPECT_FALSE(read.filter.has_series_conditions());
}

TEST(ProductQuery, WhatIsComparedWithIsLeftOut) {
    for (const char* message : {"something like AoT", "進撃の巨人みたいなの", "fans of AoT?",
                                "『進撃の巨人！』のような作品"}) {
        const auto read = query(message);
        EXPECT_THAT(read.filter.similar_to, ElementsAre("aot")) << message;
        EXPECT_THAT(read.filter.series.none, ElementsAre("aot")) << message;
        EXPECT_THAT(read.filter.series.any, IsEmpty()) << message;
    }
    EXPECT_THAT(query("I would like AoT").filter.series.any, ElementsAre("aot"));
    EXPECT_THAT(query("like AoT and One Piece").filter.similar_to, ElementsAre("aot", "op"));
}

TEST(ProductQuery, WordsThatAreAlsoNamesNeedMore) {
    EXPECT_TRUE(query("which one has a monster in it").filter.is_open());
    EXPECT_THAT(query("the works by ONE").filter.authors.any, ElementsAre("ONE"));
    EXPECT_THAT(query("Monster box set").filter.series.any, ElementsAre("monster"));
    EXPECT_TRUE(query("a Japanese story").filter.is_open());
    EXPECT_THAT(query("in Japanese").filter.languages.any, ElementsAre("ja"));
    EXPECT_TRUE(query("英語で答えて").filter.is_open());
}

TEST(ProductQuery, TheAmountThatIsNamedCountsOrNot) {
    EXPECT_EQ(query("under 1000 yen").filter.price_high, 999);
    EXPECT_EQ(query("at most 1000 yen").filter.price_high, 1000);
    EXPECT_EQ(query("1000円未満").filter.price_high, 999);
    EXPECT_EQ(query("1000円以下").filter.price_high, 1000);
    EXPECT_EQ(query("over 1000 yen").filter.price_low, 1001);
    EXPECT_EQ(query("1000円以上").filter.price_low, 1000);
    EXPECT_EQ(query("over 500 yen, under 900 yen").filter.price_low, 501);
    EXPECT_EQ(query("over 500 yen, under 900 yen").filter.price_high, 899);
}

TEST(ProductQuery, AnAssistantAddsWords) {
    EXPECT_TRUE(query("read it in one sitting").filter.series_volumes_max);
    EXPECT_EQ(cue_of("short"), Cue::kShort);
    EXPECT_FALSE(cue_of("like_before"));
}

TEST(ProductQuery, WithoutADayNothingIsMadeUp) {
    const auto read = query("new this week", "");
    EXPECT_EQ(read.filter.release_from, "");
    EXPECT_EQ(read.filter.sort, ProductSort::kNewest);
}

/// Pieces of sentences in any order: whatever comes out, nothing is read out of bounds.
TEST(ProductQuery, AnyWordsInAnyOrderAreRead) {
    const std::vector<std::string> pieces{
        "not",      "no",    "like", "AoT",  "Monster",  "ホラー",    "以外",
        "みたいな", "under", "1000", "円",   "90s",      "年代",      "10",
        "月",       "vol",   "3",    "5",    "to",       "the",       "one",
        "by",       "ONE",   "in",   "「",   "、",       "か",        "\xff",
        "of",       "box",   "set",  "英語", "で",       "台",        "99999999999999999999",
        "巻以下",   "march", "2026", "s",    "complete", "this week", "new",
        "\"",       "¥",     "予算"};
    std::mt19937 random(5);
    for (int i = 0; i < 20'000; ++i) {
        std::string message;
        for (size_t n = random() % 9; n > 0; --n) {
            message += pieces[random() % pieces.size()];
            if (random() % 3 > 0) message += ' ';
        }
        (void)query(message);
    }
}

}  // namespace
}  // namespace hayate::understand
