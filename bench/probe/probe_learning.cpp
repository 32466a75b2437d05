#include "bench/probe/probe_learning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/text/units.hpp"

namespace hayate::test {
namespace {

constexpr size_t kFolds = 10;
constexpr int kSteps = 400;

/// Rows of standardised states, and what made them so.
struct Standardised {
    size_t width = 0;
    std::vector<float> mean;
    std::vector<float> scale;  // 1 / standard deviation
    std::vector<float> rows;
    [[nodiscard]] std::span<const float> row(size_t i) const {
        return std::span(rows).subspan(i * width, width);
    }
};

float dot(std::span<const float> a, std::span<const float> b) {
    return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.F);
}

Standardised standardised(std::span<const ProbeSample> samples) {
    const size_t width = samples.front().state.size();
    const auto count = static_cast<float>(samples.size());
    Standardised out{.width = width,
                     .mean = std::vector<float>(width),
                     .scale = std::vector<float>(width),
                     .rows = {}};
    for (const ProbeSample& sample : samples) {
        for (size_t d = 0; d < width; ++d) out.mean[d] += sample.state[d] / count;
    }
    for (const ProbeSample& sample : samples) {
        for (size_t d = 0; d < width; ++d) {
            const float off = sample.state[d] - out.mean[d];
            out.scale[d] += off * off / count;
        }
    }
    for (float& scale : out.scale) scale = scale > 0 ? 1 / std::sqrt(scale) : 0;
    for (const ProbeSample& sample : samples) {
        for (size_t d = 0; d < width; ++d)
            out.rows.push_back((sample.state[d] - out.mean[d]) * out.scale[d]);
    }
    return out;
}

/// The largest eigenvalue of the second moments, which bounds the curvature: by power iteration.
float spread(const Standardised& data) {
    const size_t count = data.rows.size() / data.width;
    std::vector<float> direction(data.width, 1 / std::sqrt(static_cast<float>(data.width)));
    float value = 1;
    for (int step = 0; step < 30; ++step) {
        std::vector<float> next(data.width);
        for (size_t i = 0; i < count; ++i) {
            const auto row = data.row(i);
            const float along = dot(row, direction) / static_cast<float>(count);
            for (size_t d = 0; d < data.width; ++d) next[d] += along * row[d];
        }
        value = std::sqrt(dot(next, next));
        for (size_t d = 0; d < data.width; ++d) direction[d] = next[d] / std::max(value, 1e-12F);
    }
    return value;
}

/// What each sample counts, so that good and bad ones count alike; together 1.
std::vector<float> importances(std::span<const ProbeSample> samples) {
    const auto bad = static_cast<float>(std::ranges::count_if(samples, &ProbeSample::is_bad));
    const float good = static_cast<float>(samples.size()) - bad;
    std::vector<float> out;
    for (const ProbeSample& sample : samples)
        out.push_back(0.5F / std::max(1.F, sample.is_bad ? bad : good));
    return out;
}

}  // namespace

model::StateProbe learn_probe(std::span<const ProbeSample> samples, float pull) {
    const Standardised data = standardised(samples);
    const std::vector<float> importance = importances(samples);
    // Nesterov's method for a function whose curvature lies between `pull` and `steepest`. The 2 is
    // for samples that count more than the mean.
    const float steepest = 0.25F * 2 * (spread(data) + 1) + pull;
    const float ratio = std::sqrt(pull / steepest);
    const float momentum = (1 - ratio) / (1 + ratio);
    std::vector<float> plane(data.width + 1);  // the bias last
    std::vector<float> ahead = plane;
    for (int step = 0; step < kSteps; ++step) {
        std::vector<float> slope(data.width + 1);
        for (size_t i = 0; i < samples.size(); ++i) {
            const auto row = data.row(i);
            const float logit = dot(row, std::span(ahead).first(data.width)) + ahead.back();
            const float error =
                importance[i] * (1 / (1 + std::exp(-logit)) - (samples[i].is_bad ? 1.F : 0.F));
            for (size_t d = 0; d < data.width; ++d) slope[d] += error * row[d];
            slope.back() += error;
        }
        for (size_t d = 0; d < plane.size(); ++d) {
            const float pulled = d < data.width ? pull * ahead[d] : 0;
            const float next = ahead[d] - (slope[d] + pulled) / steepest;
            ahead[d] = next + momentum * (next - plane[d]);
            plane[d] = next;
        }
    }
    model::StateProbe out{.bias = plane.back(), .weights = std::vector<float>(data.width)};
    for (size_t d = 0; d < data.width; ++d) {
        out.weights[d] = plane[d] * data.scale[d];
        out.bias -= out.weights[d] * data.mean[d];
    }
    return out;
}

std::vector<model::StateProbe> probes_left_out(std::span<const ProbeSample> samples, float pull) {
    std::array<model::StateProbe, kFolds> of_fold;
    const auto fold_of = [&](const ProbeSample& sample) {
        return text::mix(sample.question, 1) % kFolds;
    };
    for (size_t fold = 0; fold < kFolds; ++fold) {
        std::vector<ProbeSample> others;
        for (const ProbeSample& sample : samples) {
            if (fold_of(sample) != fold) others.push_back(sample);
        }
        of_fold.at(fold) = learn_probe(others, pull);
    }
    std::vector<model::StateProbe> probes;
    for (const ProbeSample& sample : samples) probes.push_back(of_fold.at(fold_of(sample)));
    return probes;
}

}  // namespace hayate::test
