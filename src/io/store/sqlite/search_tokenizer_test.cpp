// Which words of a question the full-text table is asked for.

#include "io/store/sqlite/search_tokenizer.hpp"

#include <string>

#include <gmock/gmock.h>

namespace hayate::store {
namespace {

using testing::HasSubstr;

/// 1,000 rows, in which each of the tokens occurs so often.
TokenCounts counts(std::initializer_list<std::pair<const std::string, int64_t>> tokens) {
    return {.rows_with = tokens, .rows = 1000};
}

TEST(MatchRare, AsksForWordsThatHardlyAnyRowHas) {
    const auto all = counts({{"manga", 900}, {"shogi", 2}, {"story", 40}});
    EXPECT_EQ(match_rare("A story about shogi?", all), "\"shogi\"");
    EXPECT_EQ(match_rare("A story", all), "");
    EXPECT_EQ(match_rare("chess", all), "");  // no row has it
    EXPECT_EQ(match_rare("", all), "");
}

TEST(MatchRare, TakesNoPairThatOnlyJoinsTwoJapaneseWords) {
    const auto all = counts({{"落語", 2}, {"語の", 1}, {"の漫", 3}, {"漫画", 500}, {"ばれ", 2}});
    EXPECT_EQ(match_rare("落語の漫画", all), "\"落語\"");
    EXPECT_THAT(match_rare("バレー", all), HasSubstr("ばれ"));  // folded, as the table has it
    EXPECT_EQ(match_rare("ばれた", all), "");
}

TEST(MatchRare, TakesNeitherNumbersNorShortWords) {
    const auto all = counts({{"105", 1}, {"box", 1}, {"tin", 1}});
    EXPECT_EQ(match_rare("tin box 105", all), "");
    EXPECT_THAT(match_any("tin box 105", all), HasSubstr("\"105\""));
}

}  // namespace
}  // namespace hayate::store
