// A rehearsal that breaks off goes unnoticed but for its speed, so it is watched here.

#include "io/model/remote/rehearsal.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace hayate::model {
namespace {

int words_in(std::string_view chunks) {
    constexpr std::string_view kWord = R"("content":" word")";
    int found = 0;
    for (size_t at = chunks.find(kWord); at != std::string_view::npos;
         at = chunks.find(kWord, at + 1)) {
        ++found;
    }
    return found;
}

TEST(Rehearsal, BringsATokenOfEachProtocolEveryTime) {
    Rehearsal rehearsal({"anthropic", "local", "openai"});
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(words_in(rehearsal.play()), 2) << i;
}

TEST(Rehearsal, LeavesOutWhatNobodySpeaks) {
    EXPECT_EQ(words_in(Rehearsal({"openai"}).play()), 1);
    EXPECT_EQ(words_in(Rehearsal({"anthropic"}).play()), 1);
    EXPECT_EQ(words_in(Rehearsal({"local", "simulated"}).play()), 0);
}

}  // namespace
}  // namespace hayate::model
