#include "engine/understand/scope.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace hayate::understand {
namespace {

using Point = std::array<double, 2>;  // energy, lean

Point point_of(const ScopeEvidence& evidence) { return {evidence.energy, evidence.lean}; }

/// Where the evidence lies and how far it is spread: both kinds are brought to the same size, so
/// that one rate fits them.
struct Frame {
    Point mean{};
    Point spread{};

    explicit Frame(const std::vector<ScopeEvidence>& all) {
        const auto count = static_cast<double>(all.size());
        for (const ScopeEvidence& one : all) {
            for (size_t i = 0; i < mean.size(); ++i) mean[i] += point_of(one)[i] / count;
        }
        for (const ScopeEvidence& one : all) {
            for (size_t i = 0; i < mean.size(); ++i)
                spread[i] += std::pow(point_of(one)[i] - mean[i], 2) / count;
        }
        for (double& of : spread) of = std::sqrt(of);
    }
    [[nodiscard]] double at(const ScopeEvidence& one, size_t i) const {
        return spread[i] > 0 ? (point_of(one)[i] - mean[i]) / spread[i] : 0;
    }
};

/// What each kind of evidence is worth in log odds; what speaks against sense is worth nothing.
Point log_odds_per(const std::vector<ScopeEvidence>& in_scope,
                   const std::vector<ScopeEvidence>& out_of_scope) {
    constexpr int kSteps = 500;
    constexpr double kRidge = 1e-3;  // or what is told apart completely would weigh without end
    std::vector<ScopeEvidence> all = in_scope;
    all.insert(all.end(), out_of_scope.begin(), out_of_scope.end());
    const Frame frame(all);
    Point weights{};
    double bias = 0;
    for (int step = 0; step < kSteps; ++step) {
        Point gradient{kRidge * weights[0], kRidge * weights[1]};
        double of_bias = 0;
        for (size_t n = 0; n < all.size(); ++n) {
            const bool is_in = n < in_scope.size();
            const double share =
                0.5 / static_cast<double>(is_in ? in_scope.size() : out_of_scope.size());
            const Point at{frame.at(all[n], 0), frame.at(all[n], 1)};
            const double odds = bias + weights[0] * at[0] + weights[1] * at[1];
            const double slope = share * (1 / (1 + std::exp(-odds)) - (is_in ? 1 : 0));
            for (size_t i = 0; i < at.size(); ++i) gradient[i] += slope * at[i];
            of_bias += slope;
        }
        for (size_t i = 0; i < weights.size(); ++i) weights[i] -= gradient[i];
        bias -= of_bias;
    }
    for (size_t i = 0; i < weights.size(); ++i)
        weights[i] = frame.spread[i] > 0 ? std::max(0.0, weights[i] / frame.spread[i]) : 0;
    return weights;
}

std::vector<float> margins_of(const std::vector<ScopeEvidence>& evidence, const ScopeRule& rule) {
    std::vector<float> margins;
    margins.reserve(evidence.size());
    for (const ScopeEvidence& one : evidence) margins.push_back(rule.margin(one));
    return margins;
}

}  // namespace

ScopeRule fit_scope(const std::vector<ScopeEvidence>& in_scope,
                    const std::vector<ScopeEvidence>& out_of_scope, double kept_min,
                    float temperature) {
    ScopeRule rule{.per_energy = 1 / temperature};
    if (!in_scope.empty() && !out_of_scope.empty()) {
        const Point per = log_odds_per(in_scope, out_of_scope);
        rule.per_energy = static_cast<float>(per[0]);
        rule.per_lean = static_cast<float>(per[1]);
    }
    rule.threshold =
        fit_scope_threshold(margins_of(in_scope, rule), margins_of(out_of_scope, rule), kept_min);
    return rule;
}

float fit_scope_threshold(std::vector<float> in_scope, std::vector<float> out_of_scope,
                          double kept_min) {
    if (in_scope.empty()) return std::numeric_limits<float>::lowest();
    std::ranges::sort(in_scope);
    std::ranges::sort(out_of_scope);
    const auto kept =
        static_cast<size_t>(std::ceil(kept_min * static_cast<double>(in_scope.size())));
    const size_t lost_max = in_scope.size() - std::max<size_t>(kept, 1);
    if (out_of_scope.empty()) return in_scope[lost_max];
    float best = in_scope.front();
    double best_gain = -1;
    for (size_t lost = 0; lost <= lost_max; ++lost) {
        const auto below = std::ranges::lower_bound(out_of_scope, in_scope[lost]);
        const double found = static_cast<double>(below - out_of_scope.begin()) /
                             static_cast<double>(out_of_scope.size());
        const double gain =
            found - static_cast<double>(lost) / static_cast<double>(in_scope.size());
        if (gain <= best_gain) continue;
        best_gain = gain;
        best = in_scope[lost];
    }
    return best;
}

}  // namespace hayate::understand
