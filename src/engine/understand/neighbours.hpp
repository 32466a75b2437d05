#pragma once
// Neighbours: whether a message's nearest examples are ones that the assistant deals with or ones
// that are none of its business. Looks at all of them: a few thousand take a fifth of a
// millisecond. Immutable, thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/understand/trainer.hpp"

namespace hayate::understand {

class Neighbours {
  public:
    Neighbours() = default;
    /// Of the samples named, sentence vectors of `dimensions` numbers and length 1; those of
    /// kNoLabel are out of scope.
    Neighbours(const Samples& samples, std::span<const uint32_t> indexes, size_t dimensions);

    /// The mean similarity (cosine) of the nearest in scope, less that of the nearest out of scope:
    /// between -2 and 2. 0 when one side has none. `memory` is to work with.
    [[nodiscard]] float lean(std::span<const float> vector, std::vector<float>& memory) const;

  private:
    size_t in_scope_ = 0;      // columns, first
    size_t out_of_scope_ = 0;  // after them
    size_t stride_ = 0;
    std::vector<float> cells_;  // a row a dimension, a column an example
};

}  // namespace hayate::understand
