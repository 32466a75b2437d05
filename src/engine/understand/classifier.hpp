#pragma once
// IntentClassifier: what a customer wants, in microseconds and without a language model. Softmax
// regression over hashed n-grams (features.hpp), trained at the start from the assistant's
// examples; probabilities calibrated, ambiguity as a set of labels that holds the truth in 95 of
// 100 cases, and out of scope as low energy rather than as a label of its own.
//
// Immutable once trained, thread-safe; a retrained one is swapped in by pointer.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/key_table.hpp"
#include "engine/understand/calibration.hpp"
#include "engine/understand/feature_rows.hpp"
#include "engine/understand/features.hpp"
#include "engine/understand/scope.hpp"
#include "engine/understand/trainer.hpp"

namespace hayate::understand {

/// Valid until the next message is classified with the same Workspace.
struct Prediction {
    std::span<const float> probabilities;  // of each label
    std::span<const uint32_t> set;  // the labels that may be meant, likeliest first; may be empty
    uint32_t label = 0;             // the likeliest
    float energy = 0;
    float margin = 0;         // ScopeRule::margin
    bool is_in_scope = true;  // the margin is not negative

    /// More than one label may be meant, none is sure, or it may be no business of ours: worth the
    /// millisecond of a second opinion.
    [[nodiscard]] bool is_ambiguous() const {
        constexpr float kSure = 0.9F;
        constexpr float kSurelyInScope = 2;  // in log odds
        return set.size() != 1 || margin < kSurelyInScope || probabilities[label] < kSure;
    }
};

/// The memory of one thread's predictions; reused, so that a prediction allocates nothing.
struct Workspace {
    Features features;
    std::vector<uint32_t> rows;
    std::vector<float> scores;   // of the n-grams
    std::vector<float> mixed;    // with those of the second opinion
    std::vector<float> nearest;  // similarity of each label's nearest example
    std::vector<float> similarities;
    std::vector<float> probabilities;
    std::vector<uint32_t> set;
};

/// How scores are read. Fitted on held-out messages (calibration.hpp).
struct Calibration {
    Temperature temperature;
    float set_threshold = 0;
    float energy_temperature = 1;
    ScopeRule scope;
};

class IntentClassifier {
  public:
    /// `weights` has a row for each key of `features`, in the order of their values.
    IntentClassifier(std::vector<std::string> labels, const text::KeyTable& features,
                     const Weights& weights, const Calibration& calibration);

    [[nodiscard]] Prediction classify(const text::Units& units,
                                      std::span<const Placeholder> placeholders,
                                      Workspace& workspace) const;

    [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
    [[nodiscard]] const Calibration& calibration() const { return calibration_; }
    [[nodiscard]] size_t feature_count() const { return rows_.size(); }

  private:
    void score(Workspace& workspace) const;

    std::vector<std::string> labels_;
    FeatureRows rows_;
    std::vector<float> bias_;
    Calibration calibration_;
};

/// Reads `scores` (one a label) into a prediction that lives in `workspace`. `lean`: as of
/// ScopeEvidence.
[[nodiscard]] Prediction predict(std::span<const float> scores, float lean,
                                 const Calibration& calibration, Workspace& workspace);

/// What a feature of each block is worth in a message that has `counts` of them.
[[nodiscard]] float value_of(Block block, size_t count);

}  // namespace hayate::understand
