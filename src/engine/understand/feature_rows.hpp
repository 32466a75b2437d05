#pragma once
// FeatureRows: from the hashes of features to the sum of their rows of weights. Immutable; reading
// is thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/text/key_table.hpp"
#include "engine/understand/packed_rows.hpp"
#include "engine/understand/trainer.hpp"

namespace hayate::understand {

class FeatureRows {
  public:
    FeatureRows() = default;
    /// `weights` has a row for each key of `features`, in the order of their values. An eighth of a
    /// percent of a row's largest weight is lost.
    FeatureRows(const text::KeyTable& features, const Weights& weights);

    /// Starts to bring what finds the feature into the cache; for those that are asked for soon.
    void prefetch(uint64_t hash) const { __builtin_prefetch(&buckets_[hash & mask_]); }

    /// sums += factor * (the sum of the rows of those that are known), padded(labels) of them.
    /// `memory` is reused.
    void add(std::span<const uint64_t> hashes, float factor, std::vector<uint32_t>& memory,
             float* sums) const {
        if (memory.size() < hashes.size()) memory.resize(hashes.size());
        add_packed(view(), hashes, factor, memory.data(), sums);
    }

    [[nodiscard]] size_t size() const { return size_; }

  private:
    [[nodiscard]] PackedRows view() const {
        return {buckets_.data(), mask_, lines_.data()->bytes, stride_, lanes_};
    }
    /// False: some bucket would hold too many.
    [[nodiscard]] bool sort_into(size_t buckets, const text::KeyTable& features);
    void pack(size_t row, std::span<const float> weights);

    struct alignas(kLine) Line {
        std::byte bytes[kLine];
    };
    std::vector<RowBucket> buckets_{1};  // a power of two
    std::vector<Line> lines_{1};         // rows of `stride_` bytes, one after the other
    size_t mask_ = 0;
    size_t stride_ = kLine;
    size_t lanes_ = 0;
    size_t size_ = 0;
};

}  // namespace hayate::understand
