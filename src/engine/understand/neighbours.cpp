#include "engine/understand/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr size_t kNearest = 5;  // so that one odd example does not decide what our business is

constexpr size_t kTile = 64;  // examples; one cache line of a row, read from beginning to end
constexpr float kCellMax = 127;

constexpr size_t tiles_of(size_t columns) { return (columns + kTile - 1) / kTile; }

/// Reorders the values.
float mean_of_highest(std::span<float> values) {
    const size_t count = std::min(kNearest, values.size());
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(count) - 1,
                             std::ranges::greater());
    float sum = 0;
    for (const float value : values.first(count)) sum += value;
    return sum / static_cast<float>(count);
}

}  // namespace

Neighbours::Neighbours(const Samples& samples, std::span<const uint32_t> indexes, size_t dimensions,
                       size_t labels)
    : columns_(indexes.size()),
      cells_(tiles_of(columns_) * kTile * dimensions),
      factors_(dimensions),
      all_(dimensions) {
    std::iota(all_.begin(), all_.end(), 0U);
    std::vector<uint32_t> order(indexes.begin(), indexes.end());
    std::ranges::sort(order, {}, [&](uint32_t index) { return samples.labels[index]; });
    for (uint32_t label = 0; label < labels; ++label) {
        const auto end = std::ranges::upper_bound(
            order, label, {}, [&](uint32_t index) { return samples.labels[index]; });
        ends_.push_back(static_cast<size_t>(end - order.begin()));
    }
    const auto each = [&](auto&& visit) {
        for (size_t column = 0; column < columns_; ++column) {
            for (size_t i = samples.ends[order[column]]; i < samples.ends[order[column] + 1]; ++i)
                visit(column, samples.features[i], samples.values[i]);
        }
    };
    each([&](size_t, uint32_t dimension, float value) {
        float& factor = factors_[dimension];
        factor = std::max(factor, std::abs(value) / kCellMax);
    });
    each([&](size_t column, uint32_t dimension, float value) {
        if (factors_[dimension] == 0) return;
        const size_t row = column / kTile * dimensions + dimension;
        cells_[row * kTile + column % kTile] =
            static_cast<int8_t>(std::lround(value / factors_[dimension]));
    });
}

std::span<float> Neighbours::similarities_to(std::span<const float> vector,
                                             std::vector<float>& memory) const {
    const size_t dimensions = factors_.size();
    const size_t width = tiles_of(columns_) * kTile;
    memory.assign(width + dimensions, 0.0F);
    // A tile's rows are summed like those of weights, each times the number of its dimension.
    const std::span<float> numbers = std::span(memory).last(dimensions);
    for (size_t i = 0; i < dimensions; ++i) numbers[i] = factors_[i] * vector[i];
    for (size_t at = 0; at < width; at += kTile) {
        const SmallRows rows{cells_.data() + at * dimensions, numbers.data(), kTile};
        add_rows(rows, all_, 1, memory.data() + at);
    }
    return std::span(memory).first(columns_);
}

float Neighbours::compare(std::span<const float> vector, std::span<float> scores,
                          std::vector<float>& memory) const {
    if (is_empty()) return 0;
    const std::span<float> all = similarities_to(vector, memory);
    for (size_t label = 0, begin = 0; label < ends_.size(); begin = ends_[label++]) {
        const auto of = all.subspan(begin, ends_[label] - begin);
        scores[label] = of.empty() ? 0 : *std::ranges::max_element(of);
    }
    const size_t in_scope = ends_.back();
    if (in_scope == 0 || in_scope == columns_) return 0;
    return mean_of_highest(all.first(in_scope)) -
           mean_of_highest(all.subspan(in_scope, columns_ - in_scope));
}

}  // namespace hayate::understand
