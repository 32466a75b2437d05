#pragma once
// Sampler: chooses the next token of one answer from the logits of one row. Inference thread only.

#include <memory>
#include <span>

#include "io/model/llama/types.hpp"

struct llama_sampler;  // NOLINT(readability-identifier-naming)

namespace hayate::model::llama {

class Context;

class Sampler {
  public:
    explicit Sampler(const Sampling& options);
    /// The row must have logits. Remembers the token for the repetition penalty.
    [[nodiscard]] Token choose(const Context& context, int row);

  private:
    struct Free {
        void operator()(llama_sampler* sampler) const;
    };
    std::unique_ptr<llama_sampler, Free> chain_;
};

/// Natural logarithm of the token's probability under the model itself, before temperature and
/// penalties.
[[nodiscard]] float logprob(std::span<const float> logits, Token token);

}  // namespace hayate::model::llama
