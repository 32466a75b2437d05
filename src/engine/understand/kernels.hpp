#pragma once
// The inner loops of the classifier, for the widest registers that the processor has. Rows are
// padded to whole lanes.

#include <cstddef>
#include <cstdint>
#include <span>

namespace hayate::understand {

inline constexpr size_t kLane = 16;  // labels; one AVX-512 register, two AVX2 or four SSE ones

[[nodiscard]] constexpr size_t padded(size_t labels) {
    return (labels + kLane - 1) / kLane * kLane;
}

/// sums += factor * row, `size` a multiple of kLane.
void add_scaled(float factor, const float* row, float* sums, size_t size);

/// to[i] = exp((values[i] - shift) * scale), to seven digits; returns their sum.
float exp_scaled(std::span<const float> values, float shift, float scale, float* to);

/// Rows of 8-bit weights, each with the factor that makes them numbers again. An eighth of a
/// percent of the largest weight is lost, and a row of 64 labels fits one cache line.
struct SmallRows {
    const int8_t* cells = nullptr;  // row-major, `stride` apart
    const float* factors = nullptr;
    size_t stride = 0;
};
/// sums += factor * (the sum of the rows named).
void add_rows(const SmallRows& rows, std::span<const uint32_t> named, float factor, float* sums);

}  // namespace hayate::understand
