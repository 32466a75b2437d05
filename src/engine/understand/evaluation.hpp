#pragma once
// How good a classifier is, from what it said about messages whose truth is known. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hayate::understand {

/// One message and what was said about it.
struct Judged {
    std::string language;
    std::optional<uint32_t> truth;  // none: out of scope
    uint32_t predicted = 0;
    float probability = 0;  // of `predicted`
    float margin = 0;       // Prediction::margin
    uint32_t set_size = 0;
    bool is_in_set = false;  // the truth is in the prediction set
    bool is_in_scope = true;
};

struct Evaluation {
    size_t in_scope = 0;  // messages
    size_t out_of_scope = 0;
    double accuracy = 0;  // of those in scope, whatever the energy
    double macro_f1 = 0;
    std::map<std::string, double> by_language;
    /// Mean gap between probability and accuracy, 15 bins (Guo et al. 2017).
    double calibration_error = 0;
    /// Chance that a message in scope has a higher margin than one out of scope; none without
    /// either.
    std::optional<double> auroc;
    double in_scope_kept = 0;       // above the energy threshold
    double out_of_scope_found = 0;  // below it
    double coverage = 0;            // sets that hold the truth
    double set_size = 0;            // mean
    double singletons = 0;          // sets of one
    double accuracy_of_singletons = 0;

    struct Confusion {
        uint32_t truth = 0;
        uint32_t predicted = 0;
        size_t count = 0;
    };
    std::vector<Confusion> confusions;  // most frequent first
};

[[nodiscard]] Evaluation evaluate(const std::vector<Judged>& judged, size_t labels);

/// Area under the ROC curve: the chance that a random one of `high` is above a random one of `low`,
/// ties counted as half. None when either is empty.
[[nodiscard]] std::optional<double> area_under_roc(const std::vector<float>& high,
                                                   const std::vector<float>& low);

}  // namespace hayate::understand
