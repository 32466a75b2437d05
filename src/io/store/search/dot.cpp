#include "io/store/search/dot.hpp"

#include <cstring>

namespace hayate::store {
namespace {

constexpr size_t kWidth = 16;
using Lane = float __attribute__((vector_size(kWidth * sizeof(float))));

[[gnu::always_inline]] inline float dot_all(const float* a, const float* b, size_t size) {
    Lane sums[2] = {};  // two chains hide the latency of a multiply-add
    size_t i = 0;
    for (; i + 2 * kWidth <= size; i += 2 * kWidth) {
        for (size_t half = 0; half < 2; ++half) {
            Lane x;
            Lane y;
            std::memcpy(&x, a + i + half * kWidth, sizeof x);
            std::memcpy(&y, b + i + half * kWidth, sizeof y);
            sums[half] += x * y;
        }
    }
    const Lane sum = sums[0] + sums[1];
    float total = 0;
    for (size_t lane = 0; lane < kWidth; ++lane) total += sum[lane];
    for (; i < size; ++i) total += a[i] * b[i];
    return total;
}

float dot_plain(const float* a, const float* b, size_t size) { return dot_all(a, b, size); }

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] float dot_avx2(const float* a, const float* b, size_t size) {
    return dot_all(a, b, size);
}
[[gnu::target("avx512f,avx2,fma")]] float dot_avx512(const float* a, const float* b, size_t size) {
    return dot_all(a, b, size);
}
#endif

using Kernel = float (*)(const float*, const float*, size_t);

Kernel best_kernel() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return dot_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return dot_avx2;
#endif
    return dot_plain;
}

}  // namespace

float dot(const float* a, const float* b, size_t size) {
    static const Kernel kernel = best_kernel();
    return kernel(a, b, size);
}

}  // namespace hayate::store
