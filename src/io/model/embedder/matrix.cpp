#include "io/model/embedder/matrix.hpp"

#include <cstring>

namespace hayate::model {
namespace {

// One panel row. The compiler splits it into what the target has: one AVX-512 register, two AVX2 or
// four SSE ones.
using Lane = float __attribute__((vector_size(kPanelColumns * sizeof(float))));

constexpr size_t kTileRows = 6;  // 6 x 2 AVX2 accumulators and their operands fill the 16 registers

struct Tile {
    const float* rows;
    size_t stride;
    const float* panel;
    size_t depth;
    float* out;
    size_t out_stride;
};

template <size_t kRows>
[[gnu::always_inline]] inline void multiply_tile(const Tile& tile) {
    Lane sum[kRows] = {};
    for (size_t k = 0; k < tile.depth; ++k) {
        Lane column;
        std::memcpy(&column, tile.panel + k * kPanelColumns, sizeof column);
        for (size_t r = 0; r < kRows; ++r) sum[r] += column * tile.rows[r * tile.stride + k];
    }
    for (size_t r = 0; r < kRows; ++r) {
        std::memcpy(tile.out + r * tile.out_stride, &sum[r], sizeof sum[r]);
    }
}

[[gnu::always_inline]] inline void multiply_rest(const Tile& tile, size_t rows) {
    switch (rows) {
        case 1:
            return multiply_tile<1>(tile);
        case 2:
            return multiply_tile<2>(tile);
        case 3:
            return multiply_tile<3>(tile);
        case 4:
            return multiply_tile<4>(tile);
        case 5:
            return multiply_tile<5>(tile);
        default:
            return;
    }
}

[[gnu::always_inline]] inline void multiply_all(Rows rows, const PanelMatrix& m, float* out,
                                                size_t out_stride) {
    for (size_t panel = 0; panel < m.cols / kPanelColumns; ++panel) {
        Tile tile{rows.data,
                  rows.stride,
                  m.data + panel * m.rows * kPanelColumns,
                  m.rows,
                  out + panel * kPanelColumns,
                  out_stride};
        size_t left = rows.count;
        for (; left >= kTileRows; left -= kTileRows) {
            multiply_tile<kTileRows>(tile);
            tile.rows += kTileRows * rows.stride;
            tile.out += kTileRows * out_stride;
        }
        multiply_rest(tile, left);
    }
}

using Kernel = void (*)(Rows, const PanelMatrix&, float*, size_t);

void multiply_plain(Rows rows, const PanelMatrix& m, float* out, size_t out_stride) {
    multiply_all(rows, m, out, out_stride);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void multiply_avx2(Rows rows, const PanelMatrix& m, float* out,
                                               size_t out_stride) {
    multiply_all(rows, m, out, out_stride);
}

[[gnu::target("avx512f,avx2,fma")]] void multiply_avx512(Rows rows, const PanelMatrix& m,
                                                         float* out, size_t out_stride) {
    multiply_all(rows, m, out, out_stride);
}
#endif

Kernel best_kernel() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return multiply_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return multiply_avx2;
#endif
    return multiply_plain;
}

}  // namespace

void multiply(Rows rows, const PanelMatrix& m, float* out, size_t out_stride) {
    static const Kernel kernel = best_kernel();
    kernel(rows, m, out, out_stride);
}

}  // namespace hayate::model
