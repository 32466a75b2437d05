#pragma once
// The rows of weights of a large table, laid out for a processor that waits for memory: one cache
// line finds a row, and a row lies in no more lines than it needs.

#include <cstddef>
#include <cstdint>
#include <span>

namespace hayate::understand {

inline constexpr size_t kLine = 64;  // bytes of the cache

/// The tags of up to 15 keys, and where the rows of these begin: the row of the tag at place i is
/// `cells[0] + i`. Zero tags nothing.
struct alignas(kLine) RowBucket {
    uint32_t cells[kLine / sizeof(uint32_t)] = {};
};
/// Of a key in its bucket.
[[nodiscard]] constexpr uint32_t tag_of(uint64_t key) {
    return static_cast<uint32_t>(key >> 32U) | 1U;
}

/// Rows of a float, by which the 8-bit weights behind it are multiplied, so that both come with one
/// read. Row 0 is nobody's.
struct PackedRows {
    const RowBucket* buckets = nullptr;
    size_t mask = 0;  // a key's bucket
    const std::byte* bytes = nullptr;
    size_t stride = 0;  // bytes
    size_t lanes = 0;   // of weights
};
/// sums += factor * (the sum of the keys' rows), for those that have one. `rows` is memory to work
/// with, for as many as there are keys.
void add_packed(const PackedRows& table, std::span<const uint64_t> keys, float factor,
                uint32_t* rows, float* sums);
/// The row of a key, 0 when it has none.
[[nodiscard]] uint32_t find_row(const PackedRows& table, uint64_t key);

}  // namespace hayate::understand
