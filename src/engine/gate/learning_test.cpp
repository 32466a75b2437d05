#include "engine/gate/learning.hpp"

#include <gmock/gmock.h>

namespace hayate::gate {
namespace {

LabelledEvidence sample(bool is_bad, std::initializer_list<Feature> features) {
    LabelledEvidence sample{.is_bad = is_bad};
    for (const Feature feature : features) sample.evidence.raise(feature, 1);
    return sample;
}

float probability(std::initializer_list<Feature> features, const Weights& weights) {
    return weigh(sample(false, features).evidence, weights).probability;
}

TEST(Weights, AreReadAsTheyAreWritten) {
    const auto read = parse_weights(to_text(prior_weights()));
    ASSERT_TRUE(read);
    for (size_t i = 0; i < kFeatures; ++i)
        EXPECT_NEAR(read->of.at(i), prior_weights().of.at(i), 0.001);
    EXPECT_NEAR(read->bias, prior_weights().bias, 0.001);
}

TEST(Weights, CommentsAndBlankLinesAreSkipped) {
    const auto read = parse_weights("# hello\n\n  echo 2.5 # why\r\nbias -1");
    ASSERT_TRUE(read);
    EXPECT_FLOAT_EQ(read->bias, -1);
    EXPECT_FLOAT_EQ(read->of.at(static_cast<size_t>(Feature::kEcho)), 2.5);
    const auto subject = parse_weights("subject tea 茶 # what we sell");
    ASSERT_TRUE(subject);
    EXPECT_EQ(to_text(*parse_weights(to_text(*subject))), to_text(*subject));
    EXPECT_THAT(subject->subject, testing::HasSubstr("茶"));
}

TEST(Weights, AttributesAreReadAndWrittenAsWords) {
    const auto read = parse_weights("attribute publisher 出版社  # who prints it\nattribute arc\n");
    ASSERT_TRUE(read);
    ASSERT_NE(read->attributes, nullptr);
    EXPECT_EQ(read->attributes->words().size(), 2U);
    EXPECT_EQ(to_text(*parse_weights(to_text(*read))), to_text(*read));
    EXPECT_FALSE(parse_weights("attribute\n"));
}

TEST(Weights, AnOlderFileHasThePriorsOfWhatItDoesNotKnow) {
    const auto at = [](const Weights& weights, Feature feature) {
        return weights.of.at(static_cast<size_t>(feature));
    };
    const auto read = parse_weights("bias -1\necho 0\ntoken_mean 0.9\ntoken_opening 0.8\n");
    ASSERT_TRUE(read);
    EXPECT_EQ(at(*read, Feature::kModel), at(prior_weights(), Feature::kModel));
    EXPECT_EQ(at(*read, Feature::kEcho), 0);
    // A weight that was learned to be 0 stays so.
    EXPECT_EQ(at(*parse_weights(to_text(*read)), Feature::kEcho), 0);
}

TEST(Expectation, IsNoneOfAnUnknownModelAndWithinBounds) {
    EXPECT_EQ(expectation_of(0), 0);
    EXPECT_EQ(expectation_of(0.5), 0);
    EXPECT_LT(expectation_of(0.9), 0);
    EXPECT_GT(expectation_of(0.15), expectation_of(0.45));
    EXPECT_EQ(expectation_of(1), -3);
    EXPECT_EQ(expectation_of(0.001), 3);
}

TEST(Weigh, TheModelIsNoReason) {
    auto weak = sample(true, {Feature::kHedge});
    weak.evidence.set(Feature::kModel, expectation_of(0.01));
    EXPECT_EQ(weigh(weak.evidence, prior_weights()).reason, Feature::kHedge);
    auto strong = weak;
    strong.evidence.set(Feature::kModel, expectation_of(0.9));
    EXPECT_LT(weigh(strong.evidence, prior_weights()).probability,
              weigh(weak.evidence, prior_weights()).probability);
}

TEST(Weights, WhatIsNoWeightIsRefusedWithItsLine) {
    for (const char* text : {"bias -1\nechoo 2", "echo", "echo -1", "echo nan", "echo inf",
                             "echo 1 2", "echo 1x", "2 echo"}) {
        const auto read = parse_weights(text);
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error().internal, testing::HasSubstr("line")) << text;
    }
}

TEST(Weights, OneHardFaultIsEnoughForThePrior) {
    using enum Feature;
    EXPECT_LT(probability({}, prior_weights()), 0.1);
    for (const Feature feature :
         {kEmpty, kWrongLanguage, kEcho, kLeak, kCode, kTitle, kPrice, kOrder})
        EXPECT_GE(probability({feature}, prior_weights()), 0.5) << name_of(feature);
    for (const Feature feature : {kRefusal, kHedge, kFragment, kNovelty, kComputed, kUnfinished})
        EXPECT_LT(probability({feature}, prior_weights()), 0.5) << name_of(feature);
}

TEST(Weigh, NamesWhatWeighsMost) {
    const auto both = sample(true, {Feature::kHedge, Feature::kPrice});
    EXPECT_EQ(weigh(both.evidence, prior_weights()).reason, Feature::kPrice);
}

TEST(Learning, FollowsTheLabels) {
    using enum Feature;
    std::vector<LabelledEvidence> samples;
    for (int i = 0; i < 50; ++i) {
        samples.push_back(sample(true, {kHedge}));
        samples.push_back(sample(false, {kNovelty}));
        samples.push_back(sample(false, {}));
    }
    const Weights learned = learn_weights(samples, prior_weights());
    EXPECT_GT(probability({kHedge}, learned), 0.7);
    EXPECT_LT(probability({kNovelty}, learned), 0.2);
    // What no answer showed stays as it was.
    EXPECT_NEAR(learned.of.at(static_cast<size_t>(kEcho)),
                prior_weights().of.at(static_cast<size_t>(kEcho)), 0.01);
    for (const float weight : learned.of) EXPECT_GE(weight, 0);
}

TEST(Learning, NothingToLearnFromLeavesThePrior) {
    EXPECT_EQ(to_text(learn_weights({}, prior_weights())), to_text(prior_weights()));
}

}  // namespace
}  // namespace hayate::gate
