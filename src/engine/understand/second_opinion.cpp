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

HeldOut mix_scores(const HeldOut& words, const HeldOut& meaning, const Mixture& mixture) {
    HeldOut mixed = words;
    for (size_t i = 0; i < mixed.scores.size(); ++i) {
        mixed.scores[i] = mixture.words * words.scores[i] + mixture.meaning * meaning.scores[i];
    }
    return mixed;
}

Mixture fit_mixture(const HeldOut& words, const HeldOut& meaning) {
    // One dimension matters, the share of the head; the temperature follows from it.
    constexpr int kSteps = 20;
    const float of_words = fit_temperature(words);
    const float of_meaning = fit_temperature(meaning);
    Mixture best;
    double best_loss = 0;
    for (int step = 0; step <= kSteps; ++step) {
        const float share = static_cast<float>(step) / kSteps;
        const Mixture mixture{(1 - share) / of_words, share / of_meaning};
        const HeldOut mixed = mix_scores(words, meaning, mixture);
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
    for (size_t i = 0; i < labels; ++i) {
        mixed[i] = mixture_.words * workspace.scores[i] + mixture_.meaning * mixed[i];
    }
    const float lean = neighbours_.lean(vector, workspace.similarities);
    return predict(std::span(mixed).first(labels), lean, calibration_, workspace);
}

}  // namespace hayate::understand
