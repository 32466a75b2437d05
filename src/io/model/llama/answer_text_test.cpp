#include "io/model/llama/answer_text.hpp"

#include <gtest/gtest.h>

namespace hayate::model::llama {
namespace {

using Logprobs = std::vector<float>;

TEST(AnswerText, ACharacterSplitOverTokensGoesOutWithAllTheirLogprobs) {
    AnswerText text({});
    EXPECT_TRUE(text.push("\xe9", {.logprob = -0.5F}).text.empty());
    EXPECT_TRUE(text.push("\x80", {.logprob = -0.25F}).logprobs.empty());
    const TextChunk chunk = text.push("\xb2!", {.logprob = -0.125F});
    EXPECT_EQ(chunk.text, "進!");
    EXPECT_EQ(chunk.logprobs, (Logprobs{-0.5F, -0.25F, -0.125F}));
}

TEST(AnswerText, TokensOfTheStopStringLeaveNoTrace) {
    AnswerText text({"###"});
    EXPECT_EQ(text.push("Yes", {.logprob = -1.0F}).text, "Yes");
    const TextChunk held = text.push(". ##", {.logprob = -2.0F});
    EXPECT_EQ(held.text, ". ");
    EXPECT_EQ(held.logprobs, Logprobs{-2.0F});
    const TextChunk stopped = text.push("# no", {.logprob = -3.0F});
    EXPECT_TRUE(stopped.text.empty());
    EXPECT_TRUE(stopped.logprobs.empty());
    EXPECT_TRUE(text.has_stopped());
    EXPECT_TRUE(text.finish().text.empty());
}

TEST(AnswerText, TheEndReleasesWhatAStopStringHeldAndDropsHalfACharacter) {
    AnswerText text({"\nQ:"});
    EXPECT_EQ(text.push("A\n", {.logprob = -1.0F}).text, "A");
    EXPECT_EQ(text.push("Q", {.logprob = -2.0F}).text, "");
    EXPECT_EQ(text.push("\xf0\x9f", {.logprob = -3.0F}).text, "\nQ");
    const TextChunk rest = text.finish();
    EXPECT_EQ(rest.text, "");
    EXPECT_TRUE(rest.logprobs.empty());
}

TEST(AnswerText, WithoutLogprobsThereAreNone) {
    AnswerText text({});
    const TextChunk chunk = text.push("word", {});
    EXPECT_EQ(chunk.text, "word");
    EXPECT_TRUE(chunk.logprobs.empty());
    EXPECT_TRUE(chunk.probe_logits.empty());
}

TEST(AnswerText, WhatAProbeSaysGoesOutLikeLogprobs) {
    AnswerText text({});
    EXPECT_TRUE(text.push("\xe9\x80", {.probe_logit = 1.5F}).probe_logits.empty());
    const TextChunk chunk = text.push("\xb2", {.logprob = -0.5F, .probe_logit = -2.F});
    EXPECT_EQ(chunk.probe_logits, (std::vector<float>{1.5F, -2.F}));
    EXPECT_EQ(chunk.logprobs, Logprobs{-0.5F});
}

}  // namespace
}  // namespace hayate::model::llama
