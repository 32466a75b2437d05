#pragma once
// From scores to probabilities that mean what they say, learned from messages that the scoring
// model was not trained on.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hayate::understand {

/// Scores of held-out messages: `stride` a message, the first `labels` of them count.
struct HeldOut {
    size_t labels = 0;
    size_t stride = 0;
    std::vector<float> scores;
    std::vector<uint32_t> truths;

    [[nodiscard]] size_t size() const { return truths.size(); }
    [[nodiscard]] std::span<const float> of(size_t index) const {
        return std::span(scores).subspan(index * stride, labels);
    }
};

/// The temperature under which the truths are likeliest (Guo et al., "On Calibration of Modern
/// Neural Networks", 2017). 1 when there is nothing to learn from.
[[nodiscard]] float fit_temperature(const HeldOut& held_out);

/// A temperature that grows with the highest score of the message. Scores are sums over what of the
/// message is known, so a model that has seen few examples is too sure of messages it knows much
/// of, and not sure enough of those it knows little of: no single temperature is right for both.
struct Temperature {
    float level = 1;   // at a highest score of 1
    float growth = 0;  // 0: the same for every message

    [[nodiscard]] float of(std::span<const float> scores) const;
};
/// The one under which the truths are likeliest.
[[nodiscard]] Temperature fit_growing_temperature(const HeldOut& held_out);

/// The lowest probability that a label of the prediction set may have, so that `coverage` of all
/// sets contain the truth (split conformal prediction; Sadinle et al., "Least Ambiguous Set-Valued
/// Classifiers", 2019).
[[nodiscard]] float fit_set_threshold(const HeldOut& held_out, const Temperature& temperature,
                                      double coverage);

/// temperature * log(sum(exp(score / temperature))): high when any label fits (Liu et al.,
/// "Energy-based Out-of-distribution Detection", 2020, with the sign turned).
[[nodiscard]] float energy_of(std::span<const float> scores, float temperature);

}  // namespace hayate::understand
