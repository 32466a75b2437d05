#include "engine/understand/neighbours.hpp"

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

void add(Samples& samples, std::vector<float> vector, uint32_t label) {
    for (uint32_t i = 0; i < vector.size(); ++i) samples.add(i, vector[i]);
    samples.close(label);
}

/// Two labels to the east and to the north; what is out of scope to the west.
Samples compass() {
    Samples samples;
    add(samples, {-1, 0}, kNoLabel);
    add(samples, {0, 1}, 1);
    add(samples, {1, 0}, 0);
    add(samples, {0.8F, 0.6F}, 0);
    return samples;
}

TEST(Neighbours, ScoreEachLabelByItsNearestExample) {
    const Neighbours neighbours(compass(), std::vector<uint32_t>{0, 1, 2, 3}, 2, 2);
    std::vector<float> scores(2);
    std::vector<float> memory;
    const float lean = neighbours.compare(std::vector<float>{0.8F, 0.6F}, scores, memory);
    EXPECT_NEAR(scores[0], 1, 0.01);  // the vectors are kept in 8 bits a number
    EXPECT_NEAR(scores[1], 0.6, 0.01);
    EXPECT_NEAR(lean, (0.6 + 0.8 + 1) / 3 + 0.8, 0.01);
    EXPECT_LT(neighbours.compare(std::vector<float>{-1, 0}, scores, memory), 0);
}

TEST(Neighbours, LookOnlyAtTheSamplesNamed) {
    const Neighbours neighbours(compass(), std::vector<uint32_t>{1, 2}, 2, 2);
    std::vector<float> scores(2);
    std::vector<float> memory;
    EXPECT_EQ(neighbours.compare(std::vector<float>{0.8F, 0.6F}, scores, memory), 0);  // no side
    EXPECT_NEAR(scores[0], 0.8, 0.01);
}

TEST(Neighbours, AreAsManyAsThereAre) {
    // More than a tile of examples: each is its own nearest.
    constexpr size_t kCount = 150;
    Samples samples;
    std::vector<uint32_t> all;
    for (uint32_t i = 0; i < kCount; ++i) {
        samples.add(i, 1);
        samples.close(i);
        all.push_back(i);
    }
    const Neighbours neighbours(samples, all, kCount, kCount);
    std::vector<float> scores(kCount);
    std::vector<float> memory;
    for (uint32_t i = 0; i < kCount; ++i) {
        std::vector<float> vector(kCount);
        vector[i] = 1;
        (void)neighbours.compare(vector, scores, memory);
        for (uint32_t label = 0; label < kCount; ++label)
            ASSERT_NEAR(scores[label], label == i ? 1 : 0, 1e-5) << i;
    }
}

TEST(Neighbours, NoneAreOfNoConsequence) {
    std::vector<float> scores{7};
    std::vector<float> memory;
    EXPECT_EQ(Neighbours().compare(std::vector<float>{1}, scores, memory), 0);
    EXPECT_EQ(scores[0], 7);
}

}  // namespace
}  // namespace hayate::understand
