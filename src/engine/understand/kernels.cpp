#include "engine/understand/kernels.hpp"

#include <algorithm>
#include <cstring>

namespace hayate::understand {
namespace {

// The compiler splits them into what the target has.
using Lane = float __attribute__((vector_size(kLane * sizeof(float))));
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
    void (*add_scaled)(float, const float*, float*, size_t);
    void (*add_rows)(const SmallRows&, std::span<const uint32_t>, float, float*);
};

void add_scaled_plain(float factor, const float* row, float* sums, size_t size) {
    add_scaled_body(factor, row, sums, size);
}
void add_rows_plain(const SmallRows& rows, std::span<const uint32_t> named, float factor,
                    float* sums) {
    add_rows_body(rows, named, factor, sums);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void add_scaled_avx2(float factor, const float* row, float* sums,
                                                 size_t size) {
    add_scaled_body(factor, row, sums, size);
}
[[gnu::target("avx2,fma")]] void add_rows_avx2(const SmallRows& rows,
                                               std::span<const uint32_t> named, float factor,
                                               float* sums) {
    add_rows_body(rows, named, factor, sums);
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
    if (__builtin_cpu_supports("avx512f")) return {add_scaled_avx512, add_rows_avx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {add_scaled_avx2, add_rows_avx2};
#endif
    return {add_scaled_plain, add_rows_plain};
}

const Kernels& kernels() {
    static const Kernels best = best_kernels();
    return best;
}

}  // namespace

void add_scaled(float factor, const float* row, float* sums, size_t size) {
    kernels().add_scaled(factor, row, sums, size);
}

void add_rows(const SmallRows& rows, std::span<const uint32_t> named, float factor, float* sums) {
    if (!named.empty()) kernels().add_rows(rows, named, factor, sums);
}

}  // namespace hayate::understand
