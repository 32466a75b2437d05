#include "engine/understand/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hayate::understand {
namespace {

/// A message that is hardly known at all.
constexpr float kScoreMin = 0.05F;

float highest_of(std::span<const float> scores) { return *std::ranges::max_element(scores); }

/// What a temperature of level 1 is for each message.
std::vector<float> shapes_of(const HeldOut& held_out, float growth) {
    std::vector<float> shapes(held_out.size(), 1.0F);
    if (growth == 0) return shapes;
    for (size_t i = 0; i < shapes.size(); ++i)
        shapes[i] = Temperature{.growth = growth}.of(held_out.of(i));
    return shapes;
}

/// The place of the one minimum of `loss` from `low` to `high`: golden-section search.
template <class Loss>
std::pair<double, double> minimum_of(Loss loss, double low, double high, double width) {
    constexpr double kGolden = 0.6180339887498949;
    double left = high - kGolden * (high - low);
    double right = low + kGolden * (high - low);
    double left_loss = loss(left);
    double right_loss = loss(right);
    while (high - low > width) {
        if (left_loss < right_loss) {
            high = right;
            right = left;
            right_loss = left_loss;
            left = high - kGolden * (high - low);
            left_loss = loss(left);
        } else {
            low = left;
            left = right;
            left_loss = right_loss;
            right = low + kGolden * (high - low);
            right_loss = loss(right);
        }
    }
    return {(low + high) / 2, std::min(left_loss, right_loss)};
}

/// The level under which the truths are likeliest for this growth, and their loss.
std::pair<Temperature, double> fit_level(const HeldOut& held_out, float growth, double width) {
    const std::vector<float> shapes = shapes_of(held_out, growth);
    const auto loss_at = [&](double log_level) {
        const auto level = static_cast<float>(std::exp(log_level));
        double loss = 0;
        for (size_t i = 0; i < held_out.size(); ++i) {
            const auto scores = held_out.of(i);
            const float temperature = level * shapes[i];
            loss += (energy_of(scores, temperature) - scores[held_out.truths[i]]) / temperature;
        }
        return loss;
    };
    const auto [log_level, loss] = minimum_of(loss_at, std::log(0.02), std::log(20.0), width);
    return {{static_cast<float>(std::exp(log_level)), growth}, loss};
}

}  // namespace

float energy_of(std::span<const float> scores, float temperature) {
    const float highest = highest_of(scores);
    float sum = 0;
    for (const float score : scores) sum += std::exp((score - highest) / temperature);
    return highest + temperature * std::log(sum);
}

float Temperature::of(std::span<const float> scores) const {
    if (growth == 0) return level;
    return level * std::pow(std::max(highest_of(scores), kScoreMin), growth);
}

float fit_temperature(const HeldOut& held_out) {
    if (held_out.size() == 0) return 1;
    return fit_level(held_out, 0, 1e-3).first.level;
}

Temperature fit_growing_temperature(const HeldOut& held_out) {
    if (held_out.size() == 0) return {};
    const auto loss_at = [&](double growth) {
        return fit_level(held_out, static_cast<float>(growth), 0.02).second;
    };
    const double growth = minimum_of(loss_at, 0, 1, 0.02).first;
    return fit_level(held_out, static_cast<float>(growth), 1e-3).first;
}

float fit_set_threshold(const HeldOut& held_out, const Temperature& temperature, double coverage) {
    std::vector<float> of_truths;
    for (size_t i = 0; i < held_out.size(); ++i) {
        const auto scores = held_out.of(i);
        const float own = temperature.of(scores);
        const float energy = energy_of(scores, own);
        of_truths.push_back(std::exp((scores[held_out.truths[i]] - energy) / own));
    }
    std::ranges::sort(of_truths);
    // The finite-sample correction: n + 1, because the next message is one of them.
    const auto rank =
        static_cast<size_t>((1 - coverage) * static_cast<double>(of_truths.size() + 1));
    return rank == 0 ? 0 : of_truths[rank - 1];
}

}  // namespace hayate::understand
