#include "engine/understand/packed_rows.hpp"

#include <algorithm>
#include <cstring>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

// The compiler splits them into what the target has.
using Lane = float __attribute__((vector_size(kLane * sizeof(float))));
using SmallLane = int8_t __attribute__((vector_size(kLane)));
using Cells = uint32_t __attribute__((vector_size(kLine)));
using HalfCells = uint32_t __attribute__((vector_size(kLine / 2)));
using QuarterCells = uint32_t __attribute__((vector_size(kLine / 4)));

constexpr size_t kTileLanes = 5;   // ten of the 16 registers that AVX2 has
constexpr size_t kRowsAhead = 24;  // are found before the first of them is read

/// Where the tag is in its bucket, 0 when it is not there. No tag is there twice.
[[gnu::always_inline]] inline uint32_t place_of(uint32_t tag, const RowBucket& bucket) {
    constexpr Cells kPlaces = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    Cells cells;
    std::memcpy(&cells, bucket.cells, sizeof cells);
    const auto found = static_cast<Cells>(cells == tag) & kPlaces;
    const HalfCells half = __builtin_shufflevector(found, found, 0, 1, 2, 3, 4, 5, 6, 7) |
                           __builtin_shufflevector(found, found, 8, 9, 10, 11, 12, 13, 14, 15);
    const QuarterCells quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) |
                                 __builtin_shufflevector(half, half, 4, 5, 6, 7);
    return quarter[0] | quarter[1] | quarter[2] | quarter[3];
}

/// The rows of the keys that have one, each on its way to the cache; returns how many.
[[gnu::always_inline]] inline size_t find_rows(const PackedRows& table,
                                               std::span<const uint64_t> keys, uint32_t* rows) {
    size_t count = 0;
    for (const uint64_t key : keys) {
        const RowBucket& bucket = table.buckets[key & table.mask];
        const uint32_t place = place_of(tag_of(key), bucket);
        const uint32_t row = bucket.cells[0] + place;
        const std::byte* bytes = table.bytes + row * table.stride;
        for (size_t at = 0; at < table.stride; at += kLine) __builtin_prefetch(bytes + at);
        rows[count] = row;
        count += place != 0 ? 1 : 0;
    }
    return count;
}

/// Some neighbouring lanes of the sum of rows.
template <size_t kLanes>
struct Tile {
    Lane sum[kLanes] = {};

    [[gnu::always_inline]] void add(const PackedRows& table, size_t first_lane,
                                    std::span<const uint32_t> rows) {
        for (const uint32_t row : rows) {
            const std::byte* bytes = table.bytes + row * table.stride;
            float row_factor = 0;
            std::memcpy(&row_factor, bytes, sizeof row_factor);
            const std::byte* cells = bytes + sizeof row_factor + first_lane * kLane;
            for (size_t lane = 0; lane < kLanes; ++lane) {
                SmallLane small;
                std::memcpy(&small, cells + lane * kLane, sizeof small);
                sum[lane] += __builtin_convertvector(small, Lane) * row_factor;
            }
        }
    }
    [[gnu::always_inline]] void store(float factor, float* sums) const {
        for (size_t lane = 0; lane < kLanes; ++lane) {
            Lane all;
            std::memcpy(&all, sums + lane * kLane, sizeof all);
            all += sum[lane] * factor;
            std::memcpy(sums + lane * kLane, &all, sizeof all);
        }
    }
};

/// The keys of a sum, and the rows of those that have one: the first tile finds them.
struct Work {
    std::span<const uint64_t> keys;
    uint32_t* rows = nullptr;
    size_t found = 0;
};

template <size_t kLanes>
[[gnu::always_inline]] inline void add_tile(const PackedRows& table, Work& work, float factor,
                                            float* sums, size_t first_lane) {
    Tile<kLanes> tile;
    size_t added = 0;
    while (!work.keys.empty()) {
        const size_t ready = work.found;
        const size_t next = std::min(work.keys.size(), kRowsAhead);
        work.found += find_rows(table, work.keys.first(next), work.rows + ready);
        work.keys = work.keys.subspan(next);
        tile.add(table, first_lane, {work.rows + added, ready - added});
        added = ready;
    }
    tile.add(table, first_lane, {work.rows + added, work.found - added});
    tile.store(factor, sums + first_lane * kLane);
}

[[gnu::always_inline]] inline void add_packed_body(const PackedRows& table, Work work, float factor,
                                                   float* sums) {
    for (size_t lane = 0; lane < table.lanes; lane += kTileLanes) {
        switch (table.lanes - lane) {
            case 1:
                return add_tile<1>(table, work, factor, sums, lane);
            case 2:
                return add_tile<2>(table, work, factor, sums, lane);
            case 3:
                return add_tile<3>(table, work, factor, sums, lane);
            case 4:
                return add_tile<4>(table, work, factor, sums, lane);
            default:
                add_tile<kTileLanes>(table, work, factor, sums, lane);
        }
    }
}

void add_packed_plain(const PackedRows& table, Work work, float factor, float* sums) {
    add_packed_body(table, work, factor, sums);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void add_packed_avx2(const PackedRows& table, Work work, float factor,
                                                 float* sums) {
    add_packed_body(table, work, factor, sums);
}
[[gnu::target("avx512f,avx2,fma")]] void add_packed_avx512(const PackedRows& table, Work work,
                                                           float factor, float* sums) {
    add_packed_body(table, work, factor, sums);
}
#endif

using AddPacked = void (*)(const PackedRows&, Work, float, float*);

AddPacked best_kernel() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return add_packed_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return add_packed_avx2;
#endif
    return add_packed_plain;
}

}  // namespace

void add_packed(const PackedRows& table, std::span<const uint64_t> keys, float factor,
                uint32_t* rows, float* sums) {
    static const AddPacked kBest = best_kernel();
    kBest(table, {.keys = keys, .rows = rows}, factor, sums);
}

uint32_t find_row(const PackedRows& table, uint64_t key) {
    const RowBucket& bucket = table.buckets[key & table.mask];
    const uint32_t place = place_of(tag_of(key), bucket);
    return place == 0 ? 0 : bucket.cells[0] + place;
}

}  // namespace hayate::understand
