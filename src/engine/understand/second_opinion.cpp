#include "engine/understand/second_opinion.hpp"

#include <algorithm>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

/// Mean negative log-likelihood of the truths, whatever the temperature.
double loss_of(const HeldOut& scores, float temperature) {
    double loss = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
        const auto of = scores.of(i);
        loss += (energy_of(of, temperature) - of[scores.truths[i]]) / temperature;
    }
    return loss;
}

}  // namespace

HeldOut mix_scores(const HeldOut& first, const HeldOut& second, const Mixture& mixture) {
    HeldOut mixed = first;
    for (size_t i = 0; i < mixed.scores.size(); ++i)
        mixed.scores[i] = mixture.first * first.scores[i] + mixture.second * second.scores[i];
    return mixed;
}

Mixture fit_mixture(const HeldOut& first, const HeldOut& second) {
    // One dimension matters, the share of the second; the temperature follows from it.
    constexpr int kSteps = 20;
    const float of_first = fit_temperature(first);
    const float of_second = fit_temperature(second);
    Mixture best;
    double best_loss = 0;
    for (int step = 0; step <= kSteps; ++step) {
        const float share = static_cast<float>(step) / kSteps;
        const Mixture mixture{(1 - share) / of_first, share / of_second};
        const HeldOut mixed = mix_scores(first, second, mixture);
        const double loss = loss_of(mixed, fit_temperature(mixed));
        if (step > 0 && loss >= best_loss) continue;
        best_loss = loss;
        best = mixture;
    }
    return best;
}

Prediction SecondOpinion::reconsider(std::span<const float> vector, Workspace& workspace) const {
    auto& mixed = workspace.mixed;
    mixed.assign(head_.bias.begin(), head_.bias.end());
    for (size_t i = 0; i < vector.size(); ++i) {
        add_scaled(vector[i], &head_.cells[i * head_.stride], mixed.data(), head_.stride);
    }
    const size_t labels = workspace.probabilities.size();
    workspace.nearest.assign(labels, 0.0F);
    const float lean = neighbours_.compare(vector, workspace.nearest, workspace.similarities);
    for (size_t i = 0; i < labels; ++i) {
        mixed[i] = proportions_.words * workspace.scores[i] + proportions_.head * mixed[i] +
                   proportions_.nearest * workspace.nearest[i];
    }
    return predict(std::span(mixed).first(labels), lean, calibration_, workspace);
}

}  // namespace hayate::understand
