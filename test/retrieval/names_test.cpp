// What messages may name: of a catalog, and of a catalog that is served beside a folder that has
// more and less.

#include "app/cli/names.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/understand/product_query.hpp"
#include "io/store/test_store.hpp"

namespace hayate::cli {
namespace {

using understand::EntityKind;
using understand::EntityName;

store::Series series(std::string id, std::string title,
                     std::vector<store::LocalText> authors = {}) {
    return {.id = std::move(id),
            .title = {std::move(title), ""},
            .authors = std::move(authors),
            .start_year = 2000,
            .status = "finished",
            .genres = {"western"},
            .demographic = "seinen",
            .description = {"d", "d"}};
}

const EntityName* find(const std::vector<EntityName>& names, std::string_view text) {
    const auto found = std::ranges::find(names, text, &EntityName::text);
    return found == names.end() ? nullptr : &*found;
}

TEST(Names, AreOfWhatIsServedAndTheFolderAddsToIt) {
    const store::TempFolder folder;
    folder.write("catalog/series.csv",
                 "id,title_en,title_ja,aliases,start_year,status,genres,demographic,"
                 "description_en,description_ja\n"
                 "a,Another Title,題,Nickname,2000,finished,western,seinen,d,d\n"
                 "b,Not Served,題,Nobody,2000,finished,western,seinen,d,d\n");
    folder.write("catalog/words.csv", "key,words_en\nwestern,cowboys;gunslingers\n");
    store::Catalog served{.series = {series("a", "Firelight"), series("c", "Moonrise")},
                          .words = {{"western", {"horses"}}}};
    const auto names = served_names(std::move(served), folder.path().string());
    ASSERT_TRUE(names) << names.error().internal;
    for (const char* text : {"Firelight", "Nickname"}) {
        const EntityName* name = find(*names, text);
        ASSERT_NE(name, nullptr) << text;
        EXPECT_EQ(name->value, "a") << text;
    }
    ASSERT_NE(find(*names, "Moonrise"), nullptr);
    for (const char* word : {"western", "horses", "cowboys", "gunslingers"}) {
        const EntityName* name = find(*names, word);
        ASSERT_NE(name, nullptr) << word;
        EXPECT_EQ(name->kind, EntityKind::kGenre) << word;
    }
    for (const char* text : {"Not Served", "Nobody", "Another Title"})
        EXPECT_EQ(find(*names, text), nullptr) << text;
}

TEST(Names, KnowFamilyNamesThatOnePersonAloneHas) {
    store::Catalog catalog{
        .series = {
            series("a", "Firelight", {{"Naoki Urasawa", "浦沢直樹"}, {"Yuto Suzuki", "鈴木祐斗"}}),
            series("b", "Moonrise",
                   {{"Julietta Suzuki", "鈴木ジュリエッタ"},
                    {"Monkey Punch", "モンキー・パンチ"},
                    {"Kazuhiro Fujita", "藤田和日郎"},
                    {"Fujita", "ふじた"}}),
            series("c", "Watanabe",
                   {{"Eiichiro Oda", "尾田栄一郎"},
                    {"Neil Young", ""},
                    {"Taro Watanabe", "渡辺太郎"}})}};
    const auto names = names_of(catalog);
    for (const char* text : {"Urasawa", "浦沢"}) {
        const EntityName* name = find(names, text);
        ASSERT_NE(name, nullptr) << text;
        EXPECT_EQ(name->kind, EntityKind::kPerson) << text;
        EXPECT_EQ(name->value, "Naoki Urasawa") << text;
        EXPECT_FALSE(name->is_certain) << text;  // places are called so, too
    }
    // Two people's; a pen name's; a short one; somebody's whole name; a title; a foreign one.
    for (const char* text : {"Suzuki", "鈴木", "Punch", "Oda", "尾田", "Young"})
        EXPECT_EQ(find(names, text), nullptr) << text;
    EXPECT_EQ(find(names, "Fujita")->value, "Fujita");
    EXPECT_EQ(find(names, "Watanabe")->kind, EntityKind::kTitle);
}

TEST(Names, AFamilyNameIsMeantWhereAPersonIs) {
    const store::Catalog catalog{
        .series = {
            series("a", "Firelight", {{"Naoki Urasawa", "浦沢直樹"}, {"Yuto Suzuki", "鈴木祐斗"}}),
            series("b", "Moonrise", {{"Julietta Suzuki", "鈴木ジュリエッタ"}})}};
    const understand::EntityFinder finder(names_of(catalog));
    const understand::ProductQueryReader reader({});
    const auto authors = [&](std::string_view message) {
        text::Units units;
        units.read(message);
        std::vector<text::NameFinder::Match> matches;
        std::vector<understand::Entity> entities;
        finder.find(units, matches, entities);
        return reader.query_of(units, entities, "2026-11-24").filter.authors.any;
    };
    for (const char* message : {"manga by Urasawa", "浦沢の漫画はありますか", "浦沢先生の新作",
                                "urasawa", "manga by Naoki Urasawa", "浦沢直樹の漫画"})
        EXPECT_THAT(authors(message), testing::ElementsAre("Naoki Urasawa")) << message;
    for (const char* message : {"Do you deliver to Urasawa?", "浦沢へ配送できますか",
                                "manga by Suzuki", "鈴木の漫画", "manga by Naoki", "三浦沢山の本"})
        EXPECT_THAT(authors(message), testing::IsEmpty()) << message;
}

}  // namespace
}  // namespace hayate::cli
