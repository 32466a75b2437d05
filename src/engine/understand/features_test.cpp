#include "engine/understand/features.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

using Blocks = std::vector<std::vector<uint64_t>>;

Blocks read(Features& features, std::string_view message,
            std::span<const Placeholder> placeholders = {}) {
    text::Units units;
    units.read(message);
    features.read(units, placeholders);
    Blocks blocks;
    for (size_t i = 0; i < kBlocks; ++i) {
        const auto hashes = features.of(static_cast<Block>(i));
        blocks.emplace_back(hashes.begin(), hashes.end());
    }
    return blocks;
}

std::vector<size_t> counts_of(const Blocks& blocks) {
    std::vector<size_t> counts;
    for (const auto& block : blocks) counts.push_back(block.size());
    return counts;
}

TEST(Features, AreCountedAsTheyAreDefined) {
    Features features;
    // Words, pairs with the next and the one after; pairs; three pieces a letter.
    EXPECT_EQ(counts_of(read(features, "a")), (std::vector<size_t>{1, 0, 3}));
    EXPECT_EQ(counts_of(read(features, "abc")), (std::vector<size_t>{1, 0, 9}));
    EXPECT_EQ(counts_of(read(features, "ab cd ef")), (std::vector<size_t>{3 + 2 + 1, 3, 18}));
    // A run of three characters: three alone, two pairs, one of three.
    EXPECT_EQ(counts_of(read(features, "漫画本")), (std::vector<size_t>{1, 0, 6}));
    EXPECT_EQ(counts_of(read(features, "")), (std::vector<size_t>{0, 0, 0}));
}

TEST(Features, CountOnceHoweverOftenTheyOccur) {
    Features features;
    EXPECT_EQ(counts_of(read(features, "go go go go")), (std::vector<size_t>{3, 1, 6}));
    EXPECT_EQ(read(features, "go")[2], read(features, "go go")[2]);
}

TEST(Features, OfAMessageDoNotDependOnTheOneBefore) {
    Features used;
    Features fresh;
    read(used, std::string(3000, 'x') + " 漫画本を買う and some more words of another message");
    EXPECT_EQ(read(used, "where is my order"), read(fresh, "where is my order"));
}

TEST(Features, OfAnyMessageHaveRoom) {
    // One letter a word, words alone, characters that glue to a long run, numbers, and all mixed;
    // as long as messages are read.
    const std::vector<std::string> pieces{"a ", "q", "漫", "7 ", "ab cd, 漫画 12 é", "don't "};
    for (const std::string& piece : pieces) {
        for (const size_t size : {1U, 2U, 3U, 40U, 500U, 501U, 6000U}) {
            std::string message;
            for (size_t i = 0; i < size; ++i) {
                message += piece;
                if (i % 7 == 3) message += static_cast<char>('a' + i % 26);
            }
            text::Units units;
            units.read(message);
            std::vector<Placeholder> placeholders;
            for (uint32_t i = 0; i < units.all().size(); ++i)
                placeholders.push_back({i, i + 1, text::mix(99, i), i % 2 == 0});
            Features features;
            for (const Blocks& blocks :
                 {read(features, message), read(features, message, placeholders)}) {
                std::set<uint64_t> all;
                size_t count = 0;
                for (const auto& block : blocks) {
                    all.insert(block.begin(), block.end());
                    count += block.size();
                }
                EXPECT_EQ(all.size(), count);
            }
        }
    }
}

}  // namespace
}  // namespace hayate::understand
