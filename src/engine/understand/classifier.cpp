#include "engine/understand/classifier.hpp"

#include <algorithm>
#include <cmath>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr float kCellMax = 127;

/// One row of weights in 8 bits each; returns the factor that undoes it.
float quantise(std::span<const float> row, int8_t* cells) {
    float largest = 0;
    for (const float weight : row) largest = std::max(largest, std::abs(weight));
    if (largest == 0) return 0;
    for (size_t i = 0; i < row.size(); ++i) {
        cells[i] = static_cast<int8_t>(std::lround(row[i] / largest * kCellMax));
    }
    return largest / kCellMax;
}

}  // namespace

float value_of(Block block, size_t count) {
    return kBlockLengths[static_cast<size_t>(block)] / std::sqrt(static_cast<float>(count));
}

IntentClassifier::IntentClassifier(std::vector<std::string> labels, text::KeyTable features,
                                   const Weights& weights, const Calibration& calibration)
    : labels_(std::move(labels)),
      features_(std::move(features)),
      cells_(weights.cells.size()),
      factors_(features_.size()),
      bias_(weights.bias),
      calibration_(calibration) {
    const std::span<const float> all(weights.cells);
    for (size_t row = 0; row < factors_.size(); ++row) {
        const size_t at = row * weights.stride;
        factors_[row] = quantise(all.subspan(at, weights.stride), cells_.data() + at);
    }
}

void IntentClassifier::score(Workspace& workspace) const {
    workspace.scores.assign(bias_.begin(), bias_.end());
    const SmallRows rows{cells_.data(), factors_.data(), bias_.size()};
    for (size_t i = 0; i < kBlocks; ++i) {
        const auto block = static_cast<Block>(i);
        const auto hashes = workspace.features.of(block);
        if (hashes.empty()) continue;
        workspace.rows.clear();
        for (const uint64_t hash : hashes) features_.prefetch(hash);
        for (const uint64_t hash : hashes) {
            const uint32_t row = features_.find(hash);
            if (row != text::KeyTable::kNone) workspace.rows.push_back(row);
        }
        // What is unknown counts as well: a message of unknown words scores low on everything.
        add_rows(rows, workspace.rows, value_of(block, hashes.size()), workspace.scores.data());
    }
}

Prediction IntentClassifier::classify(const text::Units& units,
                                      std::span<const Placeholder> placeholders,
                                      Workspace& workspace) const {
    workspace.features.read(units, placeholders);
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
