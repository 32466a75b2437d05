#include "io/model/llama/utf8_assembler.hpp"

#include <gtest/gtest.h>

#include "core/base/json_text.hpp"

namespace hayate::model::llama {
namespace {

std::string all_at_once(std::string_view bytes) {
    Utf8Assembler assembler;
    std::string out;
    assembler.push(bytes, out);
    return out;
}

TEST(Utf8Assembler, EveryPrefixIsValidHoweverTheBytesAreCut) {
    const std::string text = "進撃の巨人 👨‍👩‍👧 é 終\U0010FFFF";
    for (size_t piece = 1; piece <= 5; ++piece) {
        Utf8Assembler assembler;
        std::string out;
        for (size_t i = 0; i < text.size(); i += piece) {
            assembler.push(std::string_view(text).substr(i, piece), out);
            EXPECT_TRUE(base::is_valid_utf8(out));
            EXPECT_LE(assembler.held(), 3U);
        }
        EXPECT_EQ(out, text);
        EXPECT_EQ(assembler.held(), 0U);
    }
}

TEST(Utf8Assembler, HoldsOnlyTheUnfinishedCharacter) {
    Utf8Assembler assembler;
    std::string out;
    assembler.push("a\xe9\x80", out);
    EXPECT_EQ(out, "a");
    EXPECT_EQ(assembler.held(), 2U);
    assembler.push("\xb2", out);
    EXPECT_EQ(out, "a進");
}

TEST(Utf8Assembler, BytesThatCannotBeTextBecomeTheReplacementCharacter) {
    EXPECT_EQ(all_at_once("a\xff"
                          "b"),
              "a\uFFFD"
              "b");
    EXPECT_EQ(all_at_once("\x80"), "\uFFFD");
    EXPECT_EQ(all_at_once("\xe9\x80"
                          "A"),
              "\uFFFD"
              "A");                                                // cut short by another character
    EXPECT_EQ(all_at_once("\xc0\xaf"), "\uFFFD\uFFFD");            // overlong
    EXPECT_EQ(all_at_once("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(all_at_once("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // over U+10FFFF
}

}  // namespace
}  // namespace hayate::model::llama
