#include "engine/understand/classifier.hpp"

#include <algorithm>
#include <cmath>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {

float value_of(Block block, size_t count) {
    return kBlockLengths[static_cast<size_t>(block)] / std::sqrt(static_cast<float>(count));
}

IntentClassifier::IntentClassifier(std::vector<std::string> labels, const text::KeyTable& features,
                                   const Weights& weights, const Calibration& calibration)
    : labels_(std::move(labels)),
      rows_(features, weights),
      bias_(weights.bias),
      calibration_(calibration) {}

void IntentClassifier::score(Workspace& workspace) const {
    workspace.scores.assign(bias_.begin(), bias_.end());
    for (size_t i = 0; i < kBlocks; ++i) {
        const auto block = static_cast<Block>(i);
        const auto hashes = workspace.features.of(block);
        if (hashes.empty()) continue;
        // What is unknown counts as well: a message of unknown words scores low on everything.
        rows_.add(hashes, value_of(block, hashes.size()), workspace.rows, workspace.scores.data());
    }
}

Prediction IntentClassifier::classify(const text::Units& units,
                                      std::span<const Placeholder> placeholders,
                                      Workspace& workspace) const {
    workspace.features.read(units, placeholders, &rows_);
    score(workspace);
    return predict(std::span(workspace.scores).first(labels_.size()), 0, calibration_, workspace);
}

Prediction predict(std::span<const float> scores, float lean, const Calibration& calibration,
                   Workspace& workspace) {
    auto& probabilities = workspace.probabilities;
    probabilities.resize(scores.size());
    const float highest = std::ranges::max(scores);
    const float cold = calibration.energy_temperature;
    const float energy =
        highest + cold * std::log(exp_scaled(scores, highest, 1 / cold, probabilities.data()));
    const float temperature = calibration.temperature.of(scores);
    const float sum = exp_scaled(scores, highest, 1 / temperature, probabilities.data());
    for (float& probability : probabilities) probability /= sum;

    const auto best = std::ranges::max_element(probabilities);
    workspace.set.clear();
    for (uint32_t label = 0; label < probabilities.size(); ++label) {
        if (probabilities[label] >= calibration.set_threshold) workspace.set.push_back(label);
    }
    std::ranges::sort(workspace.set, std::ranges::greater(),
                      [&](uint32_t label) { return probabilities[label]; });
    const float margin = calibration.scope.margin({.energy = energy, .lean = lean});
    return {.probabilities = probabilities,
            .set = workspace.set,
            .label = static_cast<uint32_t>(best - probabilities.begin()),
            .energy = energy,
            .margin = margin,
            .is_in_scope = margin >= 0};
}

}  // namespace hayate::understand
