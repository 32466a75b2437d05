#include "engine/understand/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/understand/kernels.hpp"

namespace hayate::understand {
namespace {

constexpr float kCountSmoothing = 0.1F;  // of naive Bayes
constexpr float kTiny = 1e-8F;

/// xorshift64*: the standard library's distributions differ between libraries, weights must not.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
    uint32_t next() {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return static_cast<uint32_t>((state_ * 0x2545F4914F6CDD1DU) >> 32U);
    }
    void shuffle(std::vector<uint32_t>& values) {
        for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[next() % i]);
    }

  private:
    uint64_t state_;
};

class Trainer {
  public:
    Trainer(const Samples& samples, std::span<const uint32_t> indexes, size_t features,
            size_t labels, const TrainingOptions& options)
        : samples_(samples),
          order_(indexes.begin(), indexes.end()),
          labels_(labels),
          options_(options),
          random_(options.seed),
          squares_(features),
          scores_(padded(labels)) {
        weights_.stride = padded(labels);
        weights_.cells.resize(features * weights_.stride);
        weights_.bias.resize(weights_.stride);
    }

    Weights run() {
        if (options_.prior > 0) start_from_counts();
        for (int epoch = 0; epoch < options_.epochs; ++epoch) {
            const float done =
                static_cast<float>(epoch) / static_cast<float>(std::max(1, options_.epochs - 1));
            rate_ = options_.first_rate + done * (options_.last_rate - options_.first_rate);
            random_.shuffle(order_);
            for (const uint32_t index : order_) learn(index);
        }
        return std::move(weights_);
    }

  private:
    float* row(uint32_t feature) { return &weights_.cells[feature * weights_.stride]; }

    void start_from_counts() {
        std::vector<float> totals(labels_, kTiny);
        std::vector<bool> is_seen(squares_.size());
        for (const uint32_t index : order_) {
            const uint32_t label = samples_.labels[index];
            if (label == kNoLabel) continue;
            for (size_t i = samples_.ends[index]; i < samples_.ends[index + 1]; ++i) {
                row(samples_.features[i])[label] += samples_.values[i];
                totals[label] += samples_.values[i];
                is_seen[samples_.features[i]] = true;
            }
        }
        const float extra = kCountSmoothing * static_cast<float>(squares_.size());
        for (float& total : totals) total = std::log(total + extra);
        for (uint32_t feature = 0; feature < squares_.size(); ++feature) {
            if (is_seen[feature]) counts_to_weights(std::span(row(feature), labels_), totals);
        }
    }
    /// log P(feature | label), around the mean of the labels.
    void counts_to_weights(std::span<float> cells, std::span<const float> log_totals) const {
        static const float no_count = std::log(kCountSmoothing);
        float sum = 0;
        for (size_t label = 0; label < cells.size(); ++label) {
            const float count = cells[label];
            cells[label] =
                (count > 0 ? std::log(count + kCountSmoothing) : no_count) - log_totals[label];
            sum += cells[label];
        }
        const float mean = sum / static_cast<float>(cells.size());
        for (float& cell : cells) cell = (cell - mean) * options_.prior;
    }

    void learn(uint32_t index) {
        drop(index);
        std::ranges::copy(weights_.bias, scores_.begin());
        for (const auto& [feature, value] : kept_) {
            add_scaled(value, row(feature), scores_.data(), weights_.stride);
        }
        const float square = to_gradient(samples_.labels[index]);
        for (const auto& [feature, value] : kept_) {
            float& sum = squares_[feature];
            sum += value * value * square;
            add_scaled(-rate_ * value / std::sqrt(sum + kTiny), scores_.data(), row(feature),
                       weights_.stride);
        }
        bias_square_ += square;
        add_scaled(-rate_ / std::sqrt(bias_square_ + kTiny), scores_.data(), weights_.bias.data(),
                   weights_.stride);
    }
    void drop(uint32_t index) {
        const auto threshold = static_cast<uint32_t>(options_.dropout * 4294967040.0F);
        const float scale = 1 / (1 - options_.dropout);
        kept_.clear();
        for (size_t i = samples_.ends[index]; i < samples_.ends[index + 1]; ++i) {
            if (random_.next() >= threshold)
                kept_.emplace_back(samples_.features[i], samples_.values[i] * scale);
        }
    }
    /// Scores become the loss's gradient; returns its squared length.
    float to_gradient(uint32_t label) {
        const std::span<float> scores = std::span(scores_).first(labels_);
        softmax(scores);
        const float shared = label == kNoLabel ? 1 : options_.smoothing;
        for (float& score : scores) score -= shared / static_cast<float>(labels_);
        if (label != kNoLabel) scores[label] -= 1 - shared;
        float square = 0;
        for (const float score : scores) square += score * score;
        std::fill(scores_.begin() + static_cast<std::ptrdiff_t>(labels_), scores_.end(), 0.0F);
        return square;
    }

    const Samples& samples_;
    std::vector<uint32_t> order_;
    size_t labels_;
    TrainingOptions options_;
    Random random_;
    Weights weights_;
    std::vector<float> squares_;  // AdaGrad: of the gradients that each feature has seen
    float bias_square_ = 0;
    float rate_ = 0;
    std::vector<float> scores_;
    std::vector<std::pair<uint32_t, float>> kept_;
};

}  // namespace

Weights train(const Samples& samples, std::span<const uint32_t> indexes, size_t features,
              size_t labels, const TrainingOptions& options) {
    return Trainer(samples, indexes, features, labels, options).run();
}

void score(const Samples& samples, size_t index, const Weights& weights, float* scores) {
    std::ranges::copy(weights.bias, scores);
    for (size_t i = samples.ends[index]; i < samples.ends[index + 1]; ++i) {
        const float* row = &weights.cells[samples.features[i] * weights.stride];
        add_scaled(samples.values[i], row, scores, weights.stride);
    }
}

float softmax(std::span<float> scores) {
    const float highest = *std::ranges::max_element(scores);
    float sum = 0;
    for (float& score : scores) sum += score = std::exp(score - highest);
    for (float& score : scores) score /= sum;
    return highest + std::log(sum);
}

}  // namespace hayate::understand
