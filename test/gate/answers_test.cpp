#include <gtest/gtest.h>

#include "test/gate/labelled_answers.hpp"

namespace hayate::test {
namespace {
TEST(X, Y) { EXPECT_FALSE(load_answers().empty()); }
}  // namespace
}  // namespace hayate::test
