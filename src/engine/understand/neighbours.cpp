#include "engine/understand/neighbours.hpp"

#include <algorithm>
#include <array>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr size_t kNearest = 5;  // so that one odd example decides nothing

float mean_of_highest(std::span<float> values) {
    const size_t count = std::min(kNearest, values.size());
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(count) - 1,
                             std::ranges::greater());
    float sum = 0;
    for (const float value : values.first(count)) sum += value;
    return sum / static_cast<float>(count);
}

}  // namespace

Neighbours::Neighbours(const Samples& samples, std::span<const uint32_t> indexes,
                       size_t dimensions) {
    std::vector<uint32_t> columns(indexes.begin(), indexes.end());
    const auto outside = std::ranges::partition(
        columns, [&](uint32_t index) { return samples.labels[index] != kNoLabel; });
    out_of_scope_ = outside.size();
    in_scope_ = columns.size() - out_of_scope_;
    stride_ = padded(columns.size());
    cells_.resize(dimensions * stride_);
    for (size_t column = 0; column < columns.size(); ++column) {
        const uint32_t index = columns[column];
        for (size_t i = samples.ends[index]; i < samples.ends[index + 1]; ++i)
            cells_[samples.features[i] * stride_ + column] = samples.values[i];
    }
}

float Neighbours::lean(std::span<const float> vector, std::vector<float>& memory) const {
    if (in_scope_ == 0 || out_of_scope_ == 0) return 0;
    memory.assign(stride_, 0.0F);
    for (size_t i = 0; i < vector.size(); ++i)
        add_scaled(vector[i], &cells_[i * stride_], memory.data(), stride_);
    const std::span<float> all(memory);
    return mean_of_highest(all.first(in_scope_)) -
           mean_of_highest(all.subspan(in_scope_, out_of_scope_));
}

}  // namespace hayate::understand
