#pragma once
// A linear probe from labelled states: logistic regression with a quadratic penalty on standardised
// dimensions, good and bad ones counting alike. Deterministic.

#include <cstdint>
#include <span>
#include <vector>

namespace hayate::test {

struct ProbeSample {
    std::vector<float> state;  // the mean over an answer's tokens
    bool is_bad = false;
    uint64_t question = 0;  // all answers to one are left out together
};

struct Plane {
    std::vector<float> weights;  // on the state as it is, not standardised
    float bias = 0;
    [[nodiscard]] float logit(std::span<const float> state) const;
};

/// `pull`: half the weight of the squared length of the standardised plane, beside the mean loss.
/// Some tenths suit a thousand dimensions and some hundred samples.
[[nodiscard]] Plane learn_plane(std::span<const ProbeSample> samples, float pull);

/// For each sample the plane that was learned without the tenth of the questions in which its own
/// is.
[[nodiscard]] std::vector<Plane> planes_left_out(std::span<const ProbeSample> samples, float pull);

}  // namespace hayate::test
