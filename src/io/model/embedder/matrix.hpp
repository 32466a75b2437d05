#pragma once
// The one dense kernel that the embedder needs: a few rows times a matrix stored in panels of 16
// columns. Pure and thread-safe; picks AVX-512, AVX2 or plain code once, by the CPU it runs on.

#include <cstddef>

namespace hayate::model {

inline constexpr size_t kPanelColumns = 16;

/// A matrix of `rows` x `cols` floats as [cols / 16][rows][16], 64-byte aligned.
struct PanelMatrix {
    const float* data = nullptr;
    size_t rows = 0;
    size_t cols = 0;
};

/// `count` rows of `m.rows` floats; row i begins at data + i * stride, so rows may overlap.
struct Rows {
    const float* data = nullptr;
    size_t count = 0;
    size_t stride = 0;
};

/// out[i] = rows[i] * m, row i of the result at out + i * out_stride.
void multiply(Rows rows, const PanelMatrix& m, float* out, size_t out_stride);

}  // namespace hayate::model
