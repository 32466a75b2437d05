#include "engine/understand/kernels.hpp"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <limits>

namespace hayate::understand {
namespace {

// The compiler splits them into what the target has.
using Lane = float __attribute__((vector_size(kLane * sizeof(float))));
using WholeLane = int32_t __attribute__((vector_size(kLane * sizeof(int32_t))));
using SmallLane = int8_t __attribute__((vector_size(kLane)));

constexpr size_t kTileLanes = 4;   // 64 labels: one cache line of small weights
constexpr size_t kLookAhead = 12;  // rows; they lie anywhere, so each is fetched in time

[[gnu::always_inline]] inline void add_scaled_body(float factor, const float* row, float* sums,
                                                   size_t size) {
    for (size_t at = 0; at < size; at += kLane) {
        Lane sum;
        Lane more;
        std::memcpy(&sum, sums + at, sizeof sum);
        std::memcpy(&more, row + at, sizeof more);
        sum += more * factor;
        std::memcpy(sums + at, &sum, sizeof sum);
    }
}

/// In place: 2^n times a polynomial of what is left (Cephes, expf).
[[gnu::always_inline]] inline void exponentiate(Lane& x) {
    constexpr float kLowest = -87;  // below, the result is as good as 0
    constexpr float kHighest = 88;
    constexpr float kRound = 0x1.8p23F;  // what is added to it loses its fraction
    x = x < kLowest ? Lane{} + kLowest : x;
    x = x > kHighest ? Lane{} + kHighest : x;
    const Lane n = x * 1.44269504F + kRound - kRound;
    const Lane rest = x - n * 0.693359375F + n * 2.12194440e-4F;
    Lane sum = Lane{} + 1.9875691500e-4F;
    for (const float term :
         {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F})
        sum = sum * rest + term;
    const WholeLane exponent = (__builtin_convertvector(n, WholeLane) + 127) << 23;
    Lane power;
    std::memcpy(&power, &exponent, sizeof power);
    x = (sum * rest * rest + rest + 1) * power;
}

[[gnu::always_inline]] inline void exp_some(const float* values, size_t count, float shift,
                                            float scale, float* to, Lane& sum) {
    Lane some = Lane{} + std::numeric_limits<float>::lowest();
    std::memcpy(&some, values, count * sizeof(float));
    some = (some - shift) * scale;
    exponentiate(some);
    std::memcpy(to, &some, count * sizeof(float));
    sum += some;
}

[[gnu::always_inline]] inline float exp_scaled_body(std::span<const float> values, float shift,
                                                    float scale, float* to) {
    Lane sum = {};
    size_t at = 0;
    for (; at + kLane <= values.size(); at += kLane)
        exp_some(values.data() + at, kLane, shift, scale, to + at, sum);
    if (at < values.size())
        exp_some(values.data() + at, values.size() - at, shift, scale, to + at, sum);
    float all = 0;
    for (size_t i = 0; i < kLane; ++i) all += sum[i];
    return all;
}

template <size_t kLanes>
[[gnu::always_inline]] inline void add_tile(const SmallRows& rows, std::span<const uint32_t> named,
                                            float factor, float* sums, size_t column) {
    Lane sum[kLanes] = {};
    for (size_t i = 0; i < named.size(); ++i) {
        const uint32_t ahead = named[std::min(i + kLookAhead, named.size() - 1)];
        __builtin_prefetch(rows.cells + ahead * rows.stride + column);
        const int8_t* cells = rows.cells + named[i] * rows.stride + column;
        const float row_factor = rows.factors[named[i]];
        for (size_t lane = 0; lane < kLanes; ++lane) {
            SmallLane small;
            std::memcpy(&small, cells + lane * kLane, sizeof small);
            sum[lane] += __builtin_convertvector(small, Lane) * row_factor;
        }
    }
    for (size_t lane = 0; lane < kLanes; ++lane) {
        Lane all;
        std::memcpy(&all, sums + column + lane * kLane, sizeof all);
        all += sum[lane] * factor;
        std::memcpy(sums + column + lane * kLane, &all, sizeof all);
    }
}

[[gnu::always_inline]] inline void add_rows_body(const SmallRows& rows,
                                                 std::span<const uint32_t> named, float factor,
                                                 float* sums) {
    size_t column = 0;
    for (; column + kTileLanes * kLane <= rows.stride; column += kTileLanes * kLane) {
        add_tile<kTileLanes>(rows, named, factor, sums, column);
    }
    switch ((rows.stride - column) / kLane) {
        case 1:
            return add_tile<1>(rows, named, factor, sums, column);
        case 2:
            return add_tile<2>(rows, named, factor, sums, column);
        case 3:
            return add_tile<3>(rows, named, factor, sums, column);
        default:
            return;
    }
}

struct Kernels {
    float (*exp_scaled)(std::span<const float>, float, float, float*);
    void (*add_scaled)(float, const float*, float*, size_t);
    void (*add_rows)(const SmallRows&, std::span<const uint32_t>, float, float*);
};

float exp_scaled_plain(std::span<const float> values, float shift, float scale, float* to) {
    return exp_scaled_body(values, shift, scale, to);
}
void add_scaled_plain(float factor, const float* row, float* sums, size_t size) {
    add_scaled_body(factor, row, sums, size);
}
void add_rows_plain(const SmallRows& rows, std::span<const uint32_t> named, float factor,
                    float* sums) {
    add_rows_body(rows, named, factor, sums);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] float exp_scaled_avx2(std::span<const float> values, float shift,
                                                  float scale, float* to) {
    return exp_scaled_body(values, shift, scale, to);
}
[[gnu::target("avx2,fma")]] void add_scaled_avx2(float factor, const float* row, float* sums,
                                                 size_t size) {
    add_scaled_body(factor, row, sums, size);
}
[[gnu::target("avx2,fma")]] void add_rows_avx2(const SmallRows& rows,
                                               std::span<const uint32_t> named, float factor,
                                               float* sums) {
    add_rows_body(rows, named, factor, sums);
}
[[gnu::target("avx512f,avx2,fma")]] float exp_scaled_avx512(std::span<const float> values,
                                                            float shift, float scale, float* to) {
    return exp_scaled_body(values, shift, scale, to);
}
[[gnu::target("avx512f,avx2,fma")]] void add_scaled_avx512(float factor, const float* row,
                                                           float* sums, size_t size) {
    add_scaled_body(factor, row, sums, size);
}
[[gnu::target("avx512f,avx2,fma")]] void add_rows_avx512(const SmallRows& rows,
                                                         std::span<const uint32_t> named,
                                                         float factor, float* sums) {
    add_rows_body(rows, named, factor, sums);
}
#endif

Kernels best_kernels() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return {exp_scaled_avx512, add_scaled_avx512, add_rows_avx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {exp_scaled_avx2, add_scaled_avx2, add_rows_avx2};
#endif
    return {exp_scaled_plain, add_scaled_plain, add_rows_plain};
}

const Kernels& kernels() {
    static const Kernels best = best_kernels();
    return best;
}

}  // namespace

float exp_scaled(std::span<const float> values, float shift, float scale, float* to) {
    return kernels().exp_scaled(values, shift, scale, to);
}

void add_scaled(float factor, const float* row, float* sums, size_t size) {
    kernels().add_scaled(factor, row, sums, size);
}

void add_rows(const SmallRows& rows, std::span<const uint32_t> named, float factor, float* sums) {
    if (!named.empty()) kernels().add_rows(rows, named, factor, sums);
}

}  // namespace hayate::understand
