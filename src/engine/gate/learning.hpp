#pragma once
// Weights from labelled answers: logistic regression that starts at given weights, is pulled back
// to them (so that a few hundred answers can move a weight but not invent one), and keeps all
// weights but the bias at zero or above. Deterministic.

#include <span>

#include "engine/gate/features.hpp"

namespace hayate::gate {

struct LabelledEvidence {
    Evidence evidence;
    bool is_bad = false;
    float importance = 1;
};

struct LearningOptions {
    int steps = 3000;
    float rate = 0.5F;
    float pull = 0.005F;  // towards the prior, against the mean loss of an answer
};

/// The prior itself without samples.
[[nodiscard]] Weights learn_weights(std::span<const LabelledEvidence> samples, const Weights& prior,
                                    const LearningOptions& options = {});

}  // namespace hayate::gate
