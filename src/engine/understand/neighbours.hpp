#pragma once
// Neighbours: which examples a message lies nearest to. They know the odd ways to say something
// that no straight line between the intents can heed, and whether the assistant deals with what is
// near or not. All of them are looked at: some thousands take a fifth of a millisecond. Immutable,
// thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/understand/trainer.hpp"

namespace hayate::understand {

class Neighbours {
  public:
    /// With more there are none: they would cost more than the sentence vector, and so many
    /// examples say enough by themselves.
    static constexpr size_t kExamplesMax = 6000;

    Neighbours() = default;
    /// Of the samples named, sentence vectors of `dimensions` numbers and length 1; those of
    /// kNoLabel are out of scope. The others' labels are less than `labels`.
    Neighbours(const Samples& samples, std::span<const uint32_t> indexes, size_t dimensions,
               size_t labels);

    [[nodiscard]] bool is_empty() const { return stride_ == 0; }

    /// The similarity (cosine) of each label's nearest example to `scores`, as many as there are
    /// labels, and returned: the mean similarity of the nearest ones in scope, less that of the
    /// nearest out of scope; 0 when one side has none. Empty: nothing is done. `memory` is to work
    /// with.
    float compare(std::span<const float> vector, std::span<float> scores,
                  std::vector<float>& memory) const;

  private:
    std::vector<size_t> ends_;  // of each label's columns; those out of scope follow
    size_t columns_ = 0;
    size_t stride_ = 0;
    std::vector<float> cells_;  // a row a dimension, a column an example
};

}  // namespace hayate::understand
