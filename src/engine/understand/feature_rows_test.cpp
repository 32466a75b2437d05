#include "engine/understand/feature_rows.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "core/text/units.hpp"
#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

/// Row i has i + 1 in the column i modulo the labels, and half of it in the next.
Weights weights_of(size_t rows, size_t labels) {
    Weights weights{.stride = padded(labels)};
    weights.cells.resize(rows * weights.stride);
    for (size_t i = 0; i < rows; ++i) {
        float* const row = &weights.cells[i * weights.stride];
        row[i % labels] = static_cast<float>(i + 1);
        row[(i + 1) % labels] = static_cast<float>(i + 1) / 2;
    }
    return weights;
}

std::vector<float> sum_of(const FeatureRows& rows, const std::vector<uint64_t>& keys, float factor,
                          size_t labels) {
    std::vector<uint32_t> memory;
    std::vector<float> sums(padded(labels));
    rows.add(keys, factor, memory, sums.data());
    return sums;
}

TEST(FeatureRows, AddUpWhatIsKnown) {
    for (const size_t labels : {2U, 16U, 40U, 64U, 77U, 96U, 150U}) {
        constexpr uint32_t kRows = 700;
        text::KeyTable table;
        std::vector<uint64_t> keys;
        for (uint32_t i = 0; i < kRows; ++i) {
            keys.push_back(text::mix(7, i));
            table.add(keys.back(), i);
        }
        const Weights weights = weights_of(kRows, labels);
        const FeatureRows rows(table, weights);
        EXPECT_EQ(rows.size(), kRows);
        std::vector<float> expected(padded(labels));
        std::vector<uint64_t> asked;
        for (uint32_t i = 0; i < kRows; i += 3) {
            asked.push_back(keys[i]);
            asked.push_back(text::mix(8, i));  // unknown
            for (size_t column = 0; column < labels; ++column)
                expected[column] += 0.5F * weights.cells[i * weights.stride + column];
        }
        const auto sums = sum_of(rows, asked, 0.5F, labels);
        for (size_t column = 0; column < labels; ++column)
            EXPECT_NEAR(sums[column], expected[column], 0.01F * expected[column] + 0.01F);
        for (uint32_t i = 0; i < kRows; ++i) {
            const float largest = sum_of(rows, {keys[i]}, 1, labels)[i % labels];
            EXPECT_NEAR(largest, static_cast<float>(i + 1), 1e-3F * static_cast<float>(i + 1));
        }
    }
}

TEST(FeatureRows, SpreadKeysThatCrowdOneBucket) {
    text::KeyTable table;
    std::vector<uint64_t> keys;
    // Alike in their first nine bits: far more than a bucket holds.
    for (uint64_t i = 0; i < 100; ++i) keys.push_back((i * 2 << 32U) | (i << 9U));
    for (uint32_t i = 0; i < keys.size(); ++i) table.add(keys[i], i);
    const FeatureRows rows(table, weights_of(keys.size(), 2));
    for (uint32_t i = 0; i < keys.size(); ++i) {
        const auto expected = static_cast<float>(i + 1);
        EXPECT_NEAR(sum_of(rows, {keys[i]}, 1, 2)[i % 2], expected, 1e-3F * expected);
    }
}

TEST(FeatureRows, AreSharedByKeysThatCannotBeToldApart) {
    text::KeyTable table;
    const std::vector<uint64_t> keys{uint64_t{2} << 32U, uint64_t{3} << 32U};
    for (uint32_t i = 0; i < keys.size(); ++i) table.add(keys[i], i);
    const FeatureRows rows(table, weights_of(keys.size(), 2));
    EXPECT_EQ(sum_of(rows, {keys[0]}, 1, 2), sum_of(rows, {keys[1]}, 1, 2));
    EXPECT_GT(sum_of(rows, {keys[0]}, 1, 2)[0], 0);
}

TEST(FeatureRows, WithoutRowsAddNothing) {
    const FeatureRows none(text::KeyTable(), {.stride = padded(3)});
    for (const float sum : sum_of(none, {0, 1, text::mix(1, 2)}, 1, 3)) EXPECT_EQ(sum, 0);
    for (const float sum : sum_of(none, {}, 1, 3)) EXPECT_EQ(sum, 0);
}

}  // namespace
}  // namespace hayate::understand
