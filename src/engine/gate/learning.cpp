#include "engine/gate/learning.hpp"

#include <algorithm>

namespace hayate::gate {
namespace {

using Values = std::array<double, kFeatures + 1>;  // the bias last

/// The mean gradient of the logistic loss. Returns nothing useful for no samples.
Values gradient(std::span<const LabelledEvidence> samples, const Weights& weights) {
    Values sums{};
    double total = 0;
    for (const LabelledEvidence& sample : samples) {
        const double error = static_cast<double>(weigh(sample.evidence, weights).probability) -
                             (sample.is_bad ? 1.0 : 0.0);
        const double scaled = error * static_cast<double>(sample.importance);
        for (size_t i = 0; i < kFeatures; ++i) {
            sums.at(i) += scaled * static_cast<double>(sample.evidence.all().at(i));
        }
        sums.back() += scaled;
        total += static_cast<double>(sample.importance);
    }
    for (double& sum : sums) sum /= std::max(total, 1e-9);
    return sums;
}

}  // namespace

Weights learn_weights(std::span<const LabelledEvidence> samples, const Weights& prior,
                      const LearningOptions& options) {
    Weights weights = prior;
    if (samples.empty()) return weights;
    for (int step = 0; step < options.steps; ++step) {
        const Values slope = gradient(samples, weights);
        for (size_t i = 0; i < kFeatures; ++i) {
            float& weight = weights.of.at(i);
            const float pulled = options.pull * (weight - prior.of.at(i));
            weight =
                std::max(0.F, weight - options.rate * (static_cast<float>(slope.at(i)) + pulled));
        }
        const float pulled = options.pull * (weights.bias - prior.bias);
        weights.bias -= options.rate * (static_cast<float>(slope.back()) + pulled);
    }
    return weights;
}

}  // namespace hayate::gate
