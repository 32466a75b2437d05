#include "engine/understand/entities.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "price 500..1000", "title aot": what is found, in order.
std::vector<std::string> found(std::string_view message) {
    static const EntityFinder finder({{EntityKind::kTitle, "aot", "Attack on Titan"},
                                      {EntityKind::kTitle, "aot", "AoT"},
                                      {EntityKind::kTitle, "aot", "進撃の巨人"},
                                      {EntityKind::kTitle, "kimetsu", "鬼滅"},
                                      {EntityKind::kTitle, "vinland", "ヴィンランド・サガ"},
                                      {EntityKind::kTitle, "eva", "エヴァ"},
                                      {EntityKind::kTitle, "20cb", "20th Century Boys"},
                                      {EntityKind::kTitle, "monster", "Monster", false},
                                      {EntityKind::kPerson, "Eiichiro Oda", "尾田栄一郎"},
                                      {EntityKind::kGenre, "horror", "ホラー"},
                                      {EntityKind::kFormat, "box_set", "box set"}},
                                     R"(MNG-\d{5})");
    text::Units units;
    units.read(message);
    std::vector<text::NameFinder::Match> matches;
    std::vector<Entity> entities;
    finder.find(units, matches, entities);
    std::vector<std::string> all;
    for (const Entity& entity : entities) {
        std::string text(name_of(entity.kind));
        if (!entity.value.empty()) text += fmt::format(" {}", entity.value);
        if (entity.low == entity.high && entity.low) {
            text += fmt::format(" {}", *entity.low);
        } else if (entity.low || entity.high) {
            text += fmt::format(" {}..{}", entity.low ? std::to_string(*entity.low) : "",
                                entity.high ? std::to_string(*entity.high) : "");
        }
        all.push_back(text);
    }
    return all;
}

TEST(Entities, NamesInBothLanguages) {
    EXPECT_THAT(found("Is AoT by 尾田栄一郎?"), ElementsAre("title aot", "person Eiichiro Oda"));
    EXPECT_THAT(found("鬼滅と進撃の巨人のホラー"),
                ElementsAre("title kimetsu", "title aot", "genre horror"));
    EXPECT_THAT(found("the monster box sets"), ElementsAre("title monster", "format box_set"));
}

TEST(Entities, NamesInOtherKatakana) {
    EXPECT_THAT(found("ビンランドサガの続き"), ElementsAre("title vinland"));
    EXPECT_THAT(found("ヴィンランド・サガ"), ElementsAre("title vinland"));
    EXPECT_THAT(found("例えば、どうすれば？"), IsEmpty());
}

TEST(Entities, Orders) {
    EXPECT_THAT(found("where is mng-78901, please"), ElementsAre("order mng-78901"));
    EXPECT_THAT(found("ＭＮＧ－78901と MNG-11111 は？"),
                ElementsAre("order mng-78901", "order mng-11111"));
}

TEST(Entities, Isbns) {
    EXPECT_THAT(found("ISBN 978-4-08-872509-3"), ElementsAre("isbn 978-4-08-872509-3"));
    EXPECT_THAT(found("9784088725093ある？"), ElementsAre("isbn 9784088725093"));
    EXPECT_THAT(found("9784088725094"), IsEmpty());  // its check digit is wrong
}

TEST(Entities, Prices) {
    EXPECT_THAT(found("under 1,000 yen"), ElementsAre("price JPY ..1000"));
    EXPECT_THAT(found("¥500-800"), ElementsAre("price JPY 500..800"));
    EXPECT_THAT(found("between 500 and 800 yen"), ElementsAre("price JPY 500..800"));
    EXPECT_THAT(found("$9.99"), ElementsAre("price USD 9"));
    EXPECT_THAT(found("less than 10 dollars"), ElementsAre("price USD ..10"));
    EXPECT_THAT(found("1000円以下"), ElementsAre("price JPY ..1000"));
    EXPECT_THAT(found("500円から800円の本"), ElementsAre("price JPY 500..800"));
    EXPECT_THAT(found("500〜800円"), ElementsAre("price JPY 500..800"));
    EXPECT_THAT(found("1万円以上"), ElementsAre("price JPY 10000.."));
    EXPECT_THAT(found("千円以内で"), ElementsAre("price JPY ..1000"));
    EXPECT_THAT(found("二千五百円"), ElementsAre("price JPY 2500"));
}

TEST(Entities, BoundsThatAreDeniedAreTheOtherWayRound) {
    EXPECT_THAT(found("no more than 500 yen"), ElementsAre("price JPY ..500"));
    EXPECT_THAT(found("nothing over 600 yen"), ElementsAre("price JPY ..600"));
    EXPECT_THAT(found("not less than 500 yen"), ElementsAre("price JPY 500.."));
    EXPECT_THAT(found("not ホラー, under 600 yen"), ElementsAre("genre horror", "price JPY ..600"));
}

TEST(Entities, ABoundNumberOfHundredsIsAPrice) {
    EXPECT_THAT(found("under 1000"), ElementsAre("price JPY ..1000"));
    EXPECT_THAT(found("1500以下"), ElementsAre("price JPY ..1500"));
    EXPECT_THAT(found("under 18"), IsEmpty());
    EXPECT_THAT(found("more than 1000 people"), IsEmpty());
    EXPECT_THAT(found("200ページ以下"), IsEmpty());
}

TEST(Entities, Volumes) {
    EXPECT_THAT(found("AoT vol. 3"), ElementsAre("title aot", "volume 3"));
    EXPECT_THAT(found("volumes 5 to 9"), ElementsAre("volume 5..9"));
    EXPECT_THAT(found("vol3"), ElementsAre("volume 3"));
    EXPECT_THAT(found("the 2nd volume"), ElementsAre("volume 2"));
    EXPECT_THAT(found("進撃の巨人の第12巻"), ElementsAre("title aot", "volume 12"));
    EXPECT_THAT(found("1巻から5巻まで"), ElementsAre("volume 1..5"));
    EXPECT_THAT(found("三巻ください"), ElementsAre("volume 3"));
    EXPECT_THAT(found("5巻以内で完結"), ElementsAre("volume_count ..5"));
    EXPECT_THAT(found("fewer than 10 volumes"), ElementsAre("volume_count ..10"));
    EXPECT_THAT(found("全23巻セット"), ElementsAre("volume_count 23"));
    EXPECT_THAT(found("the first volume, 616 yen"), ElementsAre("price JPY 616"));
    EXPECT_THAT(found("(in one volume): 4400 yen"), ElementsAre("price JPY 4400"));
}

TEST(Entities, Years) {
    EXPECT_THAT(found("published since 2010"), ElementsAre("year 2010.."));
    EXPECT_THAT(found("2015年以降"), ElementsAre("year 2015.."));
    EXPECT_THAT(found("from 1990 to 1999"), ElementsAre("year 1990..1999"));
    EXPECT_THAT(found("2000円"), ElementsAre("price JPY 2000"));
}

TEST(Entities, WhatIsTakenIsNotReadAgain) {
    EXPECT_THAT(found("20th Century Boys volume 20"), ElementsAre("title 20cb", "volume 20"));
    EXPECT_THAT(found("I have 3 cats and 99999999999999999999 dogs"), IsEmpty());
}

TEST(Entities, AnyBytesAreRead) {
    for (const char* message :
         {"\xff\xfe 3\xe5", "¥", "第", "vol", "から", "-5", "〜円", "1,", "巻1"})
        (void)found(message);
}

TEST(Placeholders, HideNamesThatAreCertain) {
    std::vector<Placeholder> placeholders;
    const std::vector<Entity> entities{
        {.kind = EntityKind::kTitle, .begin = 0, .end = 2},
        {.kind = EntityKind::kTitle, .begin = 0, .end = 2},  // shares its name
        {.kind = EntityKind::kTitle, .begin = 3, .end = 4, .is_certain = false},
        {.kind = EntityKind::kState, .begin = 5, .end = 6}};
    placeholders_of(entities, placeholders);
    ASSERT_EQ(placeholders.size(), 2U);
    EXPECT_TRUE(placeholders[0].hides_words);
    EXPECT_FALSE(placeholders[1].hides_words);
    EXPECT_NE(placeholders[0].key, placeholders[1].key);
}

TEST(Entities, AShortNameInKatakanaIsNoOrdinaryWord) {
    const EntityFinder finder(
        {{EntityKind::kTitle, "note", "デスノ"}, {EntityKind::kTitle, "note", "デスノート"}});
    const auto titles_in = [&](std::string_view text) {
        text::Units units;
        units.read(text);
        std::vector<text::NameFinder::Match> matches;
        std::vector<Entity> entities;
        finder.find(units, matches, entities);
        return entities.size();
    };
    EXPECT_EQ(titles_in("誤配送ですので"), 0U);
    EXPECT_EQ(titles_in("デスノの1巻"), 2U);  // and the volume
}

}  // namespace
}  // namespace hayate::understand
