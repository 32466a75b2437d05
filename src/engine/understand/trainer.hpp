#pragma once
// Softmax regression by stochastic gradient descent, for sparse and dense features alike.
//
// The weights begin at a fraction of naive Bayes (Wang and Manning, "Baselines and Bigrams", 2012),
// which is what few examples can tell, and are learned from there: one AdaGrad rate per feature
// (Duchi et al. 2011), labels smoothed, features left out at random (dropout), so that no message
// hangs on a single word. The same seed gives the same weights.
//
// Samples of no label are taught all labels in equal parts (Hendrycks et al., "Deep Anomaly
// Detection with Outlier Exposure", 2019). Scores add up to the same for every message, so equal
// ones are the lowest energy there is: words that are said about anything lose their say.

#include <cstdint>
#include <span>
#include <vector>

namespace hayate::understand {

/// The label of a sample that is of no label: what is learned from it is to be undecided.
inline constexpr uint32_t kNoLabel = UINT32_MAX;

/// Messages as lists of features, one after the other in flat arrays.
struct Samples {
    std::vector<uint32_t> features;
    std::vector<float> values;     // of each feature
    std::vector<size_t> ends{0};   // sample i is [ends[i], ends[i + 1])
    std::vector<uint32_t> labels;  // of each sample

    [[nodiscard]] size_t size() const { return ends.size() - 1; }
    void add(uint32_t feature, float value) {
        features.push_back(feature);
        values.push_back(value);
    }
    void close(uint32_t label) {
        ends.push_back(features.size());
        labels.push_back(label);
    }
};

struct TrainingOptions {
    int epochs = 12;
    float first_rate = 0.5F;  // of the first epoch; it falls evenly to the last one's
    float last_rate = 0.05F;
    float smoothing = 0.1F;  // of the labels
    float dropout = 0.5F;
    float prior = 0.1F;  // how much of naive Bayes the weights begin with
    uint64_t seed = 1;
};

struct Weights {
    size_t stride = 0;         // padded(labels)
    std::vector<float> cells;  // a row per feature; zero where no sample has the feature
    std::vector<float> bias;   // `stride` of them
};

/// Learns from the samples whose indexes are given.
[[nodiscard]] Weights train(const Samples& samples, std::span<const uint32_t> indexes,
                            size_t features, size_t labels, const TrainingOptions& options);

/// The scores of one sample, `stride` of them.
void score(const Samples& samples, size_t index, const Weights& weights, float* scores);

/// Scores to probabilities, in place. Returns log(sum(exp(scores))).
float softmax(std::span<float> scores);

}  // namespace hayate::understand
