#pragma once
// StateProbe: a linear probe of a language model's hidden state. While the model writes, its state
// at one layer is a point in a space of some thousand dimensions; a plane in it, learned from
// labelled answers, tells how surely what is being written is bad. It costs one dot product a
// token.
//
// A probe belongs to one file of weights: the same model in another size, or quantised otherwise,
// has other states. Alain and Bengio, "Understanding intermediate layers using linear classifier
// probes" (2016); Azaria and Mitchell, "The internal state of an LLM knows when it's lying" (2023).

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace hayate::model {

struct StateProbe {
    std::string model;  // the file of weights, without ".gguf"
    int layer = 0;      // whose output is read, from 0
    float bias = 0;
    std::vector<float> weights;  // one for each dimension of the state

    /// Log odds that the answer is bad, as far as the state from which one token was chosen tells.
    /// A mean over an answer's tokens is that of the answer. `state` is as long as `weights`.
    [[nodiscard]] float logit(std::span<const float> state) const;
};

/// The probes of an assistant, by model.
using StateProbes = std::map<std::string, std::shared_ptr<const StateProbe>, std::less<>>;

/// "model NAME", "layer N", "bias X", then "weights" and the numbers, over as many lines as you
/// like; "#" begins a comment. Errors: kBadRequest, with the line.
[[nodiscard]] Result<StateProbe> parse_state_probe(std::string_view text);
[[nodiscard]] std::string to_text(const StateProbe& probe);

}  // namespace hayate::model
