#include "engine/gate/facts.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "price 1980", "date 20240304", "volume 1..23": without the slight ones.
std::vector<std::string> read(std::string_view text) {
    static constexpr std::array<const char*, 7> kNames{"title",  "person", "price", "date",
                                                       "volume", "number", "order"};
    std::vector<std::string> all;
    for (const Fact& fact : facts_of(text)) {
        if (fact.is_slight) continue;
        std::string line = kNames.at(static_cast<size_t>(fact.kind));
        if (fact.id == 0) line += fmt::format(" {}", fact.low);
        if (fact.low != fact.high) line += fmt::format("..{}", fact.high);
        all.push_back(line);
    }
    return all;
}

/// Whether whoever said `known` may say `said`; both hold one fact.
bool allows(std::string_view known, std::string_view said) {
    const auto facts = facts_of(said);
    EXPECT_FALSE(facts.empty()) << said;
    for (const Fact& fact : facts_of(known)) {
        if (!facts.empty() && supports(fact, facts.front())) return true;
    }
    return false;
}

TEST(Facts, PricesAreOneHoweverTheyAreWritten) {
    for (const char* text : {"¥1,980", "1980円", "1,980 yen", "１，９８０円", "￥1980", "1980 yen"})
        EXPECT_THAT(read(text), ElementsAre("price 1980")) << text;
}

TEST(Facts, DaysAreOneHoweverTheyAreWritten) {
    for (const char* text : {"2024-03-04", "2024/3/4", "March 4, 2024", "4 March 2024",
                             "Mar. 4th, 2024", "the 4th of March 2024", "2024年3月4日"})
        EXPECT_THAT(read(text), ElementsAre("date 20240304")) << text;
    EXPECT_THAT(read("3月4日"), ElementsAre("date 304"));
    EXPECT_THAT(read("October 2003"), ElementsAre("date 20031000"));
    EXPECT_THAT(read("since 1997"), ElementsAre("date 19970000"));
    EXPECT_THAT(read("2024-13-04 and 2024-02-99"),
                testing::Not(testing::Contains("date 20241304")));
}

TEST(Facts, VolumesAreOneHoweverTheyAreWritten) {
    for (const char* text : {"Vol. 13", "volume 13", "13巻", "第13巻"})
        EXPECT_THAT(read(text), ElementsAre("volume 13")) << text;
    EXPECT_THAT(read("Vols. 1-23"), ElementsAre("volume 1..23"));
}

TEST(Facts, ALineOfTheCatalog) {
    EXPECT_THAT(
        read("- One Piece Box Set 1, Vols. 1-23: 24800 yen, 11 in stock, released 2013-11-05"),
        ElementsAre("title", "volume 1..23", "price 24800", "number 11", "date 20131105"));
}

TEST(Facts, AsLongIsTheSameHoweverItIsCounted) {
    EXPECT_TRUE(allows("within 14 days", "within two weeks"));
    EXPECT_TRUE(allows("14日以内", "2週間以内"));
    EXPECT_FALSE(allows("14日以内", "3週間以内"));
    EXPECT_TRUE(allows("10%引き", "1割引き"));
}

TEST(Facts, ANumberThatCountsNothingMayBeAPrice) {
    EXPECT_TRUE(allows("1,600 yen", "1600 and no more"));
    EXPECT_TRUE(allows("1,600 yen", "JP: 1600."));
    EXPECT_FALSE(allows("1,480 yen", "1480 calories"));
}

TEST(Facts, NumberWordsCountTimeOnly) {
    EXPECT_THAT(read("valid for three years"), ElementsAre("number 3"));
    EXPECT_TRUE(allows("valid for 3 years", "three years"));
    EXPECT_FALSE(allows("valid for 3 years", "two years"));
    EXPECT_THAT(read("one day three friends met"), IsEmpty());
}

TEST(Facts, APersonWhoseNameIsAFunctionWordIsSlight) {
    const understand::EntityFinder names({{understand::EntityKind::kPerson, "ONE", "ONE"}});
    text::Units units;
    units.read("the longer one");
    FactScratch scratch;
    std::vector<Fact> facts;
    read_facts(units, names, scratch, facts);
    EXPECT_THAT(facts, ElementsAre(testing::Field(&Fact::is_slight, true)));
}

TEST(Facts, NumbersInNamesAreNone) {
    EXPECT_THAT(read("20th Century Boys"), ElementsAre("title"));
    EXPECT_THAT(read("order MNG-12345"), ElementsAre("order"));
}

TEST(Facts, SmallNumbersCountOnlyWithAUnit) {
    EXPECT_THAT(read("1. These 3 are good"), IsEmpty());
    EXPECT_THAT(read("within 3 business days"), ElementsAre("number 3"));
    EXPECT_THAT(read("7日以内"), ElementsAre("number 7"));
    EXPECT_THAT(read("10% off"), ElementsAre("number 10"));
    EXPECT_THAT(read("48 in all"), ElementsAre("number 48"));
}

TEST(Facts, APartOfWhatIsKnownMayBeSaid) {
    EXPECT_TRUE(allows("2013-11-05", "November 2013"));
    EXPECT_TRUE(allows("2013-11-05", "2013年"));
    EXPECT_TRUE(allows("Vols. 1-23", "Vol. 7"));
    EXPECT_TRUE(allows("72 volumes", "volume 70"));
    EXPECT_TRUE(allows("尾田栄一郎", "Eiichiro Oda"));
    EXPECT_TRUE(allows("MNG-12345", "mng-12345"));
}

TEST(Facts, AnotherThingMayNotBeSaid) {
    EXPECT_FALSE(allows("2013-11-05", "November 6, 2013"));
    EXPECT_FALSE(allows("1,980 yen", "1,890 yen"));
    EXPECT_FALSE(allows("Vols. 1-23", "Vol. 24"));
    EXPECT_FALSE(allows("3 volumes", "80 volumes"));
    EXPECT_FALSE(allows("18 in stock", "volume 7"));
    EXPECT_FALSE(allows("MNG-12345", "MNG-12346"));
    EXPECT_FALSE(allows("One Piece", "Naruto"));
}

TEST(Facts, HostileTextIsJustText) {
    EXPECT_THAT(read(std::string(5000, '9')), IsEmpty());
    EXPECT_THAT(read("\xff\xfe 12\xe3"), testing::SizeIs(1));
    EXPECT_THAT(read(""), IsEmpty());
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "9,";
    EXPECT_NO_FATAL_FAILURE((void)read(many));
}

}  // namespace
}  // namespace hayate::gate
