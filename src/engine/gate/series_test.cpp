#include "engine/gate/series.hpp"

#include <gmock/gmock.h>

#include "engine/gate/attributes.hpp"

namespace hayate::gate {
namespace {

TEST(Series, ProgressIsReadWithItsDenial) {
    for (const auto* text :
         {"has ended", "it is already over.", "19 volumes, finished, since 2004.",
          "全20巻で完結しています", "連載は終わりました"})
        EXPECT_EQ(progress_in(text), kFinished) << text;
    for (const auto* text : {"is still running", "ongoing, since 1994.",
                             "it's still being published", "現在も連載中です", "まだ続いています"})
        EXPECT_EQ(progress_in(text), kRunning | kPaused) << text;
    for (const auto* text : {"on hiatus", "休載中です"})
        EXPECT_EQ(progress_in(text), kPaused) << text;
    for (const auto* text : {"has not ended yet", "hasn't finished", "まだ完結していません"})
        EXPECT_EQ(progress_in(text), kRunning | kPaused) << text;
    EXPECT_EQ(progress_in("is no longer running"), kFinished | kPaused);
}

TEST(Series, OtherThingsEndToo) {
    for (const auto* text : {"if you finished Monster", "orders over 5,000 yen", "the complete set",
                             "over 70 volumes", "once payment is complete we ship",
                             "i've just finished it", "読み終えた本", "14 in stock"})
        EXPECT_EQ(progress_in(text), kUnsaid) << text;
}

TEST(Series, WhatIsSaidOfEachAndOfEqualOnes) {
    EXPECT_TRUE(is_of_each("both cost 528 yen"));
    EXPECT_TRUE(is_of_each("どちらも42巻です"));
    EXPECT_FALSE(is_of_each("naruto has 72 volumes"));
    EXPECT_EQ(equal_in("they cost the same"), Measure::kPrice);
    EXPECT_EQ(equal_in("同じ巻数です"), Measure::kVolumes);
    EXPECT_EQ(equal_in("they began in the same year"), Measure::kBegin);
    EXPECT_EQ(equal_in("it is twice as long as that"), std::nullopt);
    EXPECT_EQ(equal_in("they do not cost the same"), std::nullopt);
    EXPECT_TRUE(asks_which("どちらが先に始まった?"));
    EXPECT_FALSE(asks_which("どちらも完結していますか"));
}

TEST(Series, AClauseEndsAtACommaThatIsNotOfANumber) {
    const std::string_view text = "one has 1,480 yen, two has not, 三は続き、四は完結";
    std::vector<std::string_view> clauses;
    for (const auto& [begin, end] : clauses_of(text))
        clauses.push_back(text.substr(begin, end - begin));
    EXPECT_THAT(clauses,
                testing::ElementsAre("one has 1,480 yen", "two has not", "三は続き", "四は完結"));
}

TEST(Attributes, AreFoundByWholeLatinWordsAndAnyOthers) {
    const auto made = Attributes::make({"publisher 出版社", "how_many_pages ページ数", "arc"});
    ASSERT_TRUE(made);
    EXPECT_THAT(made->named_in("the publishers of naruto"), testing::ElementsAre(0));
    EXPECT_THAT(made->named_in("ナルトの出版社は?"), testing::ElementsAre(0));
    EXPECT_THAT(made->named_in("how many pages has it"), testing::ElementsAre(1));
    EXPECT_THAT(made->named_in("the archive"), testing::IsEmpty());
    EXPECT_THAT(made->named_in(""), testing::IsEmpty());
    EXPECT_FALSE(Attributes::make({" "}));
}

TEST(Attributes, AWordIsNoExpression) {
    const auto made = Attributes::make({"blu-ray c++ (r18"});
    ASSERT_TRUE(made);
    EXPECT_THAT(made->named_in("on blu-ray"), testing::ElementsAre(0));
    EXPECT_THAT(made->named_in("an (r18 book"), testing::ElementsAre(0));
    EXPECT_THAT(made->named_in("accccc"), testing::IsEmpty());
}

}  // namespace
}  // namespace hayate::gate
