#include "core/config/stage_budget.hpp"

#include <gtest/gtest.h>

namespace hayate::config {
namespace {

TEST(StageBudget, FitsItsTargetOrSaysByHowMuchItDoesNot) {
    EXPECT_EQ(problem_of({}, 0), std::nullopt);
    EXPECT_EQ(problem_of({.ms = {{"gather", 400}, {"model", 600}}}, 1000), std::nullopt);
    EXPECT_EQ(
        problem_of({.ms = {{"gather", 400}, {"model", 601}}}, 1000),
        "the stages take 1001 ms together (gather 400 + model 601), 1 ms more than the target "
        "of 1000 ms");
}

}  // namespace
}  // namespace hayate::config
