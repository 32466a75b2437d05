#include "engine/understand/neighbours.hpp"

#include <algorithm>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr size_t kNearest = 5;  // so that one odd example does not decide what our business is

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
    : columns_(indexes.size()), stride_(padded(indexes.size())), cells_(dimensions * stride_) {
    std::vector<uint32_t> order(indexes.begin(), indexes.end());
    std::ranges::sort(order, {}, [&](uint32_t index) { return samples.labels[index]; });
    for (uint32_t label = 0; label < labels; ++label) {
        const auto end = std::ranges::upper_bound(
            order, label, {}, [&](uint32_t index) { return samples.labels[index]; });
        ends_.push_back(static_cast<size_t>(end - order.begin()));
    }
    for (size_t column = 0; column < columns_; ++column) {
        const uint32_t index = order[column];
        for (size_t i = samples.ends[index]; i < samples.ends[index + 1]; ++i)
            cells_[samples.features[i] * stride_ + column] = samples.values[i];
    }
}

float Neighbours::compare(std::span<const float> vector, std::span<float> scores,
                          std::vector<float>& memory) const {
    if (is_empty()) return 0;
    memory.assign(stride_, 0.0F);
    for (size_t i = 0; i < vector.size(); ++i)
        add_scaled(vector[i], &cells_[i * stride_], memory.data(), stride_);
    const std::span<float> all(memory);
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
