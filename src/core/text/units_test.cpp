#include "core/text/units.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text/key_table.hpp"
#include "core/text/name_finder.hpp"
#include "core/text/pattern.hpp"
#include "core/text/spellings.hpp"
#include "core/text/tokens.hpp"

namespace hayate::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts_of(std::string_view message) {
    Units units;
    units.read(message);
    std::vector<std::string> texts;
    for (const Unit& unit : units.all()) texts.emplace_back(units.text(unit));
    return texts;
}

TEST(Units, AreWordsNumbersAndJapaneseCharacters) {
    EXPECT_THAT(texts_of("Is ＯＮＥ piece vol.3 in-stock?"),
                ElementsAre("is", "one", "piece", "vol", "3", "in", "stock"));
    EXPECT_THAT(texts_of("鬼滅の3巻"), ElementsAre("鬼", "滅", "の", "3", "巻"));
    EXPECT_THAT(texts_of("don't, 3rd"), ElementsAre("don't", "3", "rd"));
    EXPECT_THAT(texts_of(""), IsEmpty());
    EXPECT_THAT(texts_of(" ?! \xff"), IsEmpty());
}

TEST(Units, KeysAreEqualForSpellingsOfOneWord) {
    EXPECT_EQ(unit_key("Editions"), unit_key("edition"));
    EXPECT_EQ(unit_key("Pokémon"), unit_key("pokemon"));
    EXPECT_EQ(unit_key("ナ"), unit_key("な"));
    EXPECT_EQ(unit_key("don't"), unit_key("dont"));
    EXPECT_NE(unit_key("boss"), unit_key("bos"));  // no plural
    EXPECT_NE(unit_key("one"), unit_key("two"));
}

TEST(Units, KeysDoNotDependOnWhatStandsBehindTheWord) {
    for (const char* word : {"a", "is", "bus", "glass", "orders", "order", "vs"}) {
        for (const char* behind : {"", " ", ", and", "!", "3", "漫画", "\xff", "…"}) {
            Units units;
            units.read(std::string(word) + behind);
            EXPECT_EQ(units.all().front().key, unit_key(word)) << word << behind;
            EXPECT_EQ(units.text(units.all().front()), word);
        }
    }
    Units units;
    units.read("it's cafe\u0301s");
    EXPECT_EQ(units.all().front().key, unit_key("its"));
    EXPECT_EQ(units.all().back().key, unit_key("cafés"));
}

TEST(Units, AgreeWithWhatSearchTakesForOneWord) {
    // Two texts are the same run for the search index if and only if they have the same key.
    const std::vector<std::string> words = {"Éditions", "edition", "ÉDITION", "bus",  "buses",
                                            "buse",     "it's",    "its",     "it",   "Straße",
                                            "strasse",  "１２",    "12",      "naïve"};
    for (const std::string& a : words) {
        for (const std::string& b : words) {
            EXPECT_EQ(runs_of(a).front().folded == runs_of(b).front().folded,
                      unit_key(a) == unit_key(b))
                << a << " " << b;
        }
    }
}

TEST(Spellings, AreThoseThatReadersTakeForOne) {
    EXPECT_THAT(katakana_spellings("ヴィンランド"), testing::Contains("ビンランド"));
    EXPECT_THAT(katakana_spellings("バガボンド"), testing::Contains("ヴァガヴォンド"));
    EXPECT_THAT(katakana_spellings("プルートウ"), testing::Contains("プルートゥ"));
    EXPECT_THAT(katakana_spellings("ファイアパンチ"), testing::Contains("フアイアパンチ"));
    EXPECT_THAT(katakana_spellings("パトレイバー"), testing::Contains("パトレイバ"));
    EXPECT_THAT(katakana_spellings("進撃の巨人"), IsEmpty());
    EXPECT_THAT(katakana_spellings("エヴァ"), IsEmpty());
    EXPECT_THAT(katakana_spellings("One Piece"), IsEmpty());
    for (const char* name : {"ヴィンランド・サガ", "パトレイバー", "ナナ"}) {
        const auto all = katakana_spellings(name);
        EXPECT_THAT(all, testing::Not(testing::Contains(name)));
        EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << name;
        EXPECT_LE(all.size(), 24U) << name;
    }
}

TEST(Units, KnowWhatIsGlued) {
    Units units;
    units.read("ab 漫画,x");
    ASSERT_EQ(units.all().size(), 4U);
    EXPECT_FALSE(units.is_glued(0));
    EXPECT_FALSE(units.is_glued(1));
    EXPECT_TRUE(units.is_glued(2));
    EXPECT_FALSE(units.is_glued(3));
}

TEST(KeyTable, KeepsTheFirstValueOfAKeyAndGrows) {
    KeyTable table;
    for (uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(table.add(mix(1, i), i), i);
    EXPECT_EQ(table.add(mix(1, 7), 99), 7U);
    EXPECT_EQ(table.size(), 5000U);
    for (uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(table.find(mix(1, i)), i);
    EXPECT_EQ(table.find(mix(2, 7)), KeyTable::kNone);
    EXPECT_EQ(table.add(0, 5), 5U);  // zero is a key like any other
    EXPECT_EQ(table.find(0), 5U);
}

std::vector<uint32_t> found(const NameFinder& finder, std::string_view message) {
    Units units;
    units.read(message);
    std::vector<NameFinder::Match> matches;
    finder.find(units, matches);
    std::vector<uint32_t> values;
    for (const auto& match : matches)
        values.insert(values.end(), match.values.begin(), match.values.end());
    return values;
}

TEST(NameFinder, FindsTheLongestNameAtEachPlace) {
    const std::vector<NameFinder::Name> names{{"attack", 1},
                                              {"attack on titan", 2},
                                              {"titan", 3},
                                              {"on titan guide book", 4},
                                              {"the attack on mars", 5}};
    const NameFinder finder(names);
    EXPECT_THAT(found(finder, "Attack on Titan"), ElementsAre(2));
    EXPECT_THAT(found(finder, "attack on titans and the titan attack"), ElementsAre(2, 3, 1));
    // The longer name breaks off; what is inside of it is found all the same.
    EXPECT_THAT(found(finder, "the attack on titan"), ElementsAre(2));
    EXPECT_THAT(found(finder, "see on titan guide book"), ElementsAre(4));
    EXPECT_THAT(found(finder, "see on titan guides"), ElementsAre(3));
}

TEST(NameFinder, AShortKanaNameInsideAWordDoesNotHideAnotherOne) {
    const std::vector<NameFinder::Name> names{{"ナナ", 1}, {"バナナ園", 2}};
    const NameFinder finder(names);
    EXPECT_THAT(found(finder, "バナナ"), IsEmpty());
    EXPECT_THAT(found(finder, "バナナ園とナナ"), ElementsAre(2, 1));
}

TEST(NameFinder, GivesEveryThingThatSharesAName) {
    const std::vector<NameFinder::Name> names{{"Monster", 4}, {"monster", 2}, {"MONSTERS", 4}};
    EXPECT_THAT(found(NameFinder(names), "a monster"), ElementsAre(4, 2));
}

TEST(Pattern, FindsPlacesAndRefusesWhatItCannotUse) {
    const Pattern orders(R"(MNG-\d{5})");
    EXPECT_FALSE(orders.problem());
    EXPECT_EQ(orders.find("is mng-12345 here"), std::pair(size_t{3}, size_t{12}));
    EXPECT_EQ(orders.find("is mng-12345 here", 4), std::nullopt);
    EXPECT_EQ(orders.find("mng-1234"), std::nullopt);
    EXPECT_TRUE(Pattern("MNG-(").problem());
    EXPECT_TRUE(Pattern(R"(\d*)").problem());
    EXPECT_FALSE(Pattern("").problem());
    EXPECT_EQ(Pattern("").find("anything"), std::nullopt);
}

}  // namespace
}  // namespace hayate::text
