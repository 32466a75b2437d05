#include "engine/turn/regenerated.hpp"

#include <gtest/gtest.h>

namespace hayate::turn {
namespace {

store::Turn turn_of(int64_t number, std::string answer, std::optional<int64_t> regenerates = {}) {
    store::Turn turn;
    turn.number = number;
    turn.answer = std::move(answer);
    turn.regenerates = regenerates;
    return turn;
}

TEST(Regenerated, TheLatestAnswerTakesThePlaceOfTheFirst) {
    const std::vector<store::Turn> turns{turn_of(1, "a"), turn_of(2, "b"), turn_of(3, "a2", 1),
                                         turn_of(4, "c"), turn_of(5, "a3", 3)};
    const auto shown = as_shown(turns);
    ASSERT_EQ(shown.size(), 3U);
    EXPECT_EQ(shown[0].number, 1);
    EXPECT_EQ(shown[0].answer, "a3");
    EXPECT_EQ(shown[1].answer, "b");
    EXPECT_EQ(shown[2].answer, "c");
    EXPECT_EQ(latest_of(turns, 1), 5);
    EXPECT_EQ(latest_of(turns, 2), 2);
    EXPECT_EQ(latest_of(turns, 9), 9);
}

}  // namespace
}  // namespace hayate::turn
