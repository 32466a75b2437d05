#include "engine/understand/word_set.hpp"

#include <string>

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

TEST(WordSet, HoldsItsWordsAndNoOthers) {
    static constexpr WordSet kWords("v", "vol", "volume", "don't", "fifteen letters");
    for (const char* word : {"v", "vol", "volume", "don't", "fifteen letters"})
        EXPECT_TRUE(kWords.contains(word)) << word;
    for (const char* word : {"", "x", "vo", "val", "volumes", "dont", "fifteen letterz",
                             "fifteen letters!", "\xE5\xB7\xBB"})
        EXPECT_FALSE(kWords.contains(word)) << word;
    EXPECT_FALSE(kWords.contains(std::string(1000, 'v')));
}

}  // namespace
}  // namespace hayate::understand
