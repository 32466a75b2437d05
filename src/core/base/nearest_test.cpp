#include "core/base/nearest.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace hayate::base {
namespace {

const std::vector<std::string> kKnown{"listen", "admin", "price", "models", "key_env", "key_file"};

TEST(Nearest, CountsOneForEachSlip) {
    EXPECT_EQ(edit_distance("price", "price"), 0U);
    EXPECT_EQ(edit_distance("prize", "price"), 1U);   // replaced
    EXPECT_EQ(edit_distance("pricee", "price"), 1U);  // one too many
    EXPECT_EQ(edit_distance("prce", "price"), 1U);    // one missing
    EXPECT_EQ(edit_distance("pirce", "price"), 1U);   // neighbours swapped
    EXPECT_EQ(edit_distance("", "price"), 5U);
    EXPECT_EQ(edit_distance("price", ""), 5U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("Key-Env", "key_env"), 0U);
}

TEST(Nearest, SuggestsASlipAndNothingElse) {
    EXPECT_EQ(nearest("prize", kKnown), "price");
    EXPECT_EQ(nearest("model", kKnown), "models");
    EXPECT_EQ(nearest("keyfile", kKnown), "key_file");
    EXPECT_FALSE(nearest("temperature", kKnown));
    EXPECT_FALSE(nearest("", kKnown));
    EXPECT_FALSE(nearest(std::string(100'000, 'x'), kKnown));
    EXPECT_FALSE(nearest("x", std::vector<std::string>{"a", "b"}));  // another word, not a slip
}

TEST(Nearest, SpeaksOnlyWhenItHasSomethingToSay) {
    EXPECT_EQ(did_you_mean("lisen", kKnown), "; did you mean 'listen'?");
    EXPECT_EQ(did_you_mean("port", kKnown), "");
}

}  // namespace
}  // namespace hayate::base
