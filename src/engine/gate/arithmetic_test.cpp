#include "engine/gate/arithmetic.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

Operands operands(std::string_view text) {
    Operands all;
    text::Units units;
    units.read(text);
    all.add_number_words(units);
    for (const Fact& fact : facts_of(text)) all.add(fact);
    return all;
}

/// Whether the last fact of `said` follows from what `known` has.
bool follows_from(std::string_view known, std::string_view said) {
    return follows(facts_of(said).back(), operands(known));
}

TEST(Arithmetic, PricesAddUpAndDiffer) {
    EXPECT_TRUE(follows_from("858円、682円、715円", "合計2,255円"));
    EXPECT_TRUE(follows_from("11,132 yen and 11,400 yen", "268 yen"));
    EXPECT_FALSE(follows_from("858円、682円、715円", "合計2,256円"));
    EXPECT_FALSE(follows_from("858円", "858円"));  // known, not computed
}

TEST(Arithmetic, SoManyAtAPriceNeedACountIfTheyAreMany) {
    EXPECT_TRUE(follows_from("528 yen", "1,584 yen"));
    EXPECT_FALSE(follows_from("528 yen", "23,760 yen"));
    EXPECT_TRUE(follows_from("45 volumes at 528 yen", "23,760 yen"));
    EXPECT_TRUE(follows_from("fourteen volumes, 1,500 yen each", "21,000 yen"));
}

TEST(Arithmetic, ASharePerVolumeIsRounded) {
    EXPECT_TRUE(follows_from("14,800 yen for volumes 1-14", "1,057 yen"));
    EXPECT_TRUE(follows_from("定価1,000円、10%引き", "900円"));
    EXPECT_FALSE(follows_from("14,800 yen for volumes 1-14", "1,200 yen"));
}

TEST(Arithmetic, PointsAreGivenAtARateThatIsTold) {
    const auto rate = facts_of("members earn 1 point for every 100 yen of books");
    const std::vector<int64_t> prices{3000};
    EXPECT_TRUE(is_at_rate(facts_of("30 points").back(), prices, rate));
    EXPECT_FALSE(is_at_rate(facts_of("40 points").back(), prices, rate));
    EXPECT_FALSE(is_at_rate(facts_of("30 points").back(), prices, facts_of("350 yen")));
    EXPECT_TRUE(follows_from("104 points, 300 points", "404 points"));
}

TEST(Arithmetic, DaysLieApartByWhatIsKnown) {
    const auto known = facts_of("released 2026-12-18, 2 days before");
    EXPECT_TRUE(is_day_apart(facts_of("until 2026-12-16").back(), known));
    EXPECT_TRUE(is_day_apart(facts_of("December 16").back(), known));
    EXPECT_FALSE(is_day_apart(facts_of("until 2026-12-15").back(), known));
    EXPECT_TRUE(is_day_apart(facts_of("2028").back(), facts_of("March 2025, 3 years")));
}

TEST(Arithmetic, TimeBetweenTwoDays) {
    const auto known = facts_of("released 2012-07-18; released 2020-11-18");
    EXPECT_TRUE(is_time_between(facts_of("8年").back(), known));
    EXPECT_TRUE(is_time_between(facts_of("4 months").back(), known));
    EXPECT_FALSE(is_time_between(facts_of("12年").back(), known));
}

TEST(Arithmetic, SentencesSayWhatTheyCompute) {
    EXPECT_EQ(computation_in("that makes 5,350 yen altogether"), Computation::kTotal);
    EXPECT_EQ(computation_in("英語版のほうが830円高いです"), Computation::kDifference);
    EXPECT_EQ(computation_in("it costs 528 yen"), Computation::kUnsaid);
}

}  // namespace
}  // namespace hayate::gate
