#include "engine/understand/feature_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr float kCellMax = 127;
constexpr size_t kRowUnit = kLine / 2;  // rows begin at a multiple of this many bytes

constexpr size_t kTags = std::size(RowBucket{}.cells) - 1;
constexpr size_t kTagsWanted = 8;  // a bucket, or more of them until none is too full

}  // namespace

FeatureRows::FeatureRows(const text::KeyTable& features, const Weights& weights)
    : stride_((sizeof(float) + weights.stride + kRowUnit - 1) / kRowUnit * kRowUnit),
      lanes_(weights.stride / kLane),
      size_(features.size()) {
    size_t buckets = std::bit_ceil(size_ / kTagsWanted + 1);
    while (!sort_into(buckets, features)) buckets *= 2;
    lines_.assign(((size_ + 1) * stride_ + kLine - 1) / kLine, {});
    const std::span<const float> all(weights.cells);
    features.for_each([&](uint64_t key, uint32_t value) {
        pack(find_row(view(), key), all.subspan(value * weights.stride, weights.stride));
    });
}

bool FeatureRows::sort_into(size_t buckets, const text::KeyTable& features) {
    buckets_.assign(buckets, {});
    mask_ = buckets - 1;
    bool has_room = true;
    features.for_each([&](uint64_t key, uint32_t) {
        auto& cells = buckets_[key & mask_].cells;
        // Two keys of one bucket and tag share a row: one chance in ten thousand that any two of
        // 100,000 do.
        uint32_t* const place =
            std::find_if(std::begin(cells) + 1, std::end(cells),
                         [&](uint32_t cell) { return cell == 0 || cell == tag_of(key); });
        if (place == std::end(cells)) {
            has_room = false;
        } else {
            *place = tag_of(key);
        }
    });
    uint32_t rows = 0;
    for (RowBucket& bucket : buckets_) {
        auto& cells = bucket.cells;
        cells[0] = rows;
        const auto free = std::count(std::begin(cells) + 1, std::end(cells), 0U);
        rows += static_cast<uint32_t>(kTags) - static_cast<uint32_t>(free);
    }
    return has_room;
}

void FeatureRows::pack(size_t row, std::span<const float> weights) {
    float largest = 0;
    for (const float weight : weights) largest = std::max(largest, std::abs(weight));
    if (largest == 0) return;
    std::byte* const to = lines_.data()->bytes + row * stride_;
    const float factor = largest / kCellMax;
    std::memcpy(to, &factor, sizeof factor);
    for (size_t i = 0; i < weights.size(); ++i) {
        const auto cell = static_cast<int8_t>(std::lround(weights[i] / largest * kCellMax));
        to[sizeof factor + i] = static_cast<std::byte>(cell);
    }
}

}  // namespace hayate::understand
