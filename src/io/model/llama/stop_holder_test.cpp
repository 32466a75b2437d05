#include "io/model/llama/stop_holder.hpp"

#include <gtest/gtest.h>

namespace hayate::model::llama {
namespace {

TEST(StopHolder, HoldsBackWhatMayBecomeAStopString) {
    StopHolder holder({"\n\nUser:"});
    EXPECT_EQ(holder.push("Hello"), "Hello");
    EXPECT_EQ(holder.push("\n"), "");
    EXPECT_EQ(holder.push("\nU"), "");
    EXPECT_EQ(holder.push("nless"), "\n\nUnless");
    EXPECT_FALSE(holder.has_stopped());
}

TEST(StopHolder, EndsBeforeTheStopStringHoweverItIsCut) {
    const std::string text = "one two END three";
    for (size_t piece = 1; piece <= text.size(); ++piece) {
        StopHolder holder({"END"});
        std::string out;
        for (size_t i = 0; i < text.size(); i += piece) out += holder.push(text.substr(i, piece));
        EXPECT_EQ(out, "one two ");
        EXPECT_TRUE(holder.has_stopped());
        EXPECT_EQ(holder.finish(), "");
    }
}

TEST(StopHolder, TheEarliestOfSeveralWins) {
    StopHolder holder({"later", "soon"});
    EXPECT_EQ(holder.push("a soon b later"), "a ");
    EXPECT_EQ(holder.push("more"), "");
}

TEST(StopHolder, GivesBackWhatItHeldWhenTheAnswerEnds) {
    StopHolder holder({"aab", ""});
    EXPECT_EQ(holder.push("xaaa"), "xa");
    EXPECT_EQ(holder.finish(), "aa");
}

}  // namespace
}  // namespace hayate::model::llama
