#include "engine/understand/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::understand {
namespace {

double loss_at(const HeldOut& held_out, double temperature) {
    double loss = 0;
    for (size_t i = 0; i < held_out.size(); ++i) {
        const auto scores = held_out.of(i);
        const double energy = energy_of(scores, static_cast<float>(temperature));
        loss += (energy - scores[held_out.truths[i]]) / temperature;
    }
    return loss;
}

}  // namespace

float energy_of(std::span<const float> scores, float temperature) {
    const float highest = *std::ranges::max_element(scores);
    float sum = 0;
    for (const float score : scores) sum += std::exp((score - highest) / temperature);
    return highest + temperature * std::log(sum);
}

float fit_temperature(const HeldOut& held_out) {
    if (held_out.size() == 0) return 1;
    // The loss has one minimum in the logarithm of the temperature: golden-section search.
    constexpr double kGolden = 0.6180339887498949;
    double low = std::log(0.02);
    double high = std::log(20.0);
    double left = high - kGolden * (high - low);
    double right = low + kGolden * (high - low);
    double left_loss = loss_at(held_out, std::exp(left));
    double right_loss = loss_at(held_out, std::exp(right));
    while (high - low > 1e-3) {
        if (left_loss < right_loss) {
            high = right;
            right = left;
            right_loss = left_loss;
            left = high - kGolden * (high - low);
            left_loss = loss_at(held_out, std::exp(left));
        } else {
            low = left;
            left = right;
            left_loss = right_loss;
            right = low + kGolden * (high - low);
            right_loss = loss_at(held_out, std::exp(right));
        }
    }
    return static_cast<float>(std::exp((low + high) / 2));
}

float fit_set_threshold(const HeldOut& held_out, float temperature, double coverage) {
    std::vector<float> of_truths;
    for (size_t i = 0; i < held_out.size(); ++i) {
        const auto scores = held_out.of(i);
        const float energy = energy_of(scores, temperature);
        of_truths.push_back(std::exp((scores[held_out.truths[i]] - energy) / temperature));
    }
    std::ranges::sort(of_truths);
    // The finite-sample correction: n + 1, because the next message is one of them.
    const auto rank =
        static_cast<size_t>((1 - coverage) * static_cast<double>(of_truths.size() + 1));
    return rank == 0 ? 0 : of_truths[rank - 1];
}

}  // namespace hayate::understand
