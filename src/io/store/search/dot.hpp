#pragma once
// The dot product, by the widest instructions that the CPU has. Pure, thread-safe.

#include <cstddef>

namespace hayate::store {

[[nodiscard]] float dot(const float* a, const float* b, size_t size);

}  // namespace hayate::store
