#pragma once
// Neighbours: which examples a message lies nearest to. They know the odd ways to say something
// that no straight line between the intents can heed, and whether the assistant deals with what is
// near or not. All of them are looked at, which takes 27 microseconds a thousand. Immutable,
// thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/understand/trainer.hpp"

namespace hayate::understand {

class Neighbours {
  public:
    /// With more there are none: they would keep a shard for longer than half a millisecond, as
    /// long as it takes to make the sentence vector.
    static constexpr size_t kExamplesMax = 20'000;

    Neighbours() = default;
    /// Of the samples named, sentence vectors of `dimensions` numbers and length 1; those of
    /// kNoLabel are out of scope. The others' labels are less than `labels`.
    Neighbours(const Samples& samples, std::span<const uint32_t> indexes, size_t dimensions,
               size_t labels);

    [[nodiscard]] bool is_empty() const { return columns_ == 0; }
    [[nodiscard]] size_t size() const { return columns_; }

    /// The similarity (cosine) of each label's nearest example to `scores`, as many as there are
    /// labels, and returned: the mean similarity of the nearest ones in scope, less that of the
    /// nearest out of scope; 0 when one side has none. Empty: nothing is done. `memory` is to work
    /// with.
    float compare(std::span<const float> vector, std::span<float> scores,
                  std::vector<float>& memory) const;

  private:
    /// The similarity of each column's example to the front of `memory`.
    std::span<float> similarities_to(std::span<const float> vector,
                                     std::vector<float>& memory) const;

    std::vector<size_t> ends_;  // of each label's columns; those out of scope follow
    size_t columns_ = 0;
    std::vector<int8_t> cells_;   // tiles of kTile examples, each with a row a dimension
    std::vector<float> factors_;  // of each dimension
    std::vector<uint32_t> all_;   // dimensions
};

}  // namespace hayate::understand
