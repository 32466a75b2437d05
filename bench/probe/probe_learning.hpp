#pragma once
// A linear probe from labelled states: logistic regression with a quadratic penalty on standardised
// dimensions, good and bad ones counting alike. Deterministic.

#include <cstdint>
#include <span>
#include <vector>

#include "io/model/state_probe.hpp"

namespace hayate::test {

struct ProbeSample {
    std::vector<float> state;  // the mean over an answer's tokens
    bool is_bad = false;
    uint64_t question = 0;  // all answers to one are left out together
};

/// Its weights are on the state as it is, not standardised; model and layer are for the caller to
/// fill in. `pull`: half the weight of the squared length of the standardised plane, beside the
/// mean loss. Some tenths suit a thousand dimensions and some hundred samples.
[[nodiscard]] model::StateProbe learn_probe(std::span<const ProbeSample> samples, float pull);

/// For each sample the probe that was learned without the tenth of the questions in which its own
/// is.
[[nodiscard]] std::vector<model::StateProbe> probes_left_out(std::span<const ProbeSample> samples,
                                                             float pull);

}  // namespace hayate::test
