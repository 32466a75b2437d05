#pragma once
// From examples to a calibrated classifier. Everything that is fitted beside the weights (the
// temperature, the set, the energy threshold) and everything that is reported comes from
// cross-validation: from messages that the model in question has not seen.

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/understand/classifier.hpp"
#include "engine/understand/entities.hpp"
#include "engine/understand/second_opinion.hpp"

namespace hayate::understand {

struct Example {
    std::string text;
    std::string intent;
    std::string language;
};

/// What became of an example while it was held out.
struct Outcome {
    uint32_t example = 0;
    uint32_t truth = 0;  // labels
    uint32_t predicted = 0;
    float probability = 0;  // of `predicted`
};

struct CrossValidation {
    std::vector<Outcome> outcomes;
    [[nodiscard]] double accuracy() const;

    struct Confusion {
        uint32_t truth = 0;
        uint32_t predicted = 0;
        std::vector<uint32_t> examples;
    };
    /// The pairs that are taken for each other, most frequent first.
    [[nodiscard]] std::vector<Confusion> confusions() const;
};

struct TrainingPlan {
    TrainingOptions options;
    size_t folds = 5;
    /// With very many examples fewer folds hold out enough of them.
    size_t held_out_max = 3000;
    double coverage = 0.95;  // of the set
    double kept = 0.95;      // of the messages in scope, when nothing says what is not in it
    double kept_min = 0.9;   // the same with negatives: not more is given up to find those
    /// With more examples, those out of scope included, second opinions do without neighbours.
    size_t neighbours_max = Neighbours::kExamplesMax;
    /// Makes sentence vectors; empty: no second opinion.
    SentenceVector vector_of;
};

struct TrainedIntents {
    std::shared_ptr<const IntentClassifier> classifier;
    std::shared_ptr<const SecondOpinion> second_opinion;  // null without sentence vectors
    CrossValidation cross_validation;
    CrossValidation with_second_opinion;  // empty without
    size_t examples = 0;                  // that were learned from, those out of scope included
};

/// At least two intents, each with an example. `negatives` are out of scope: they teach the model
/// to be undecided, and calibrate the energy threshold. Takes 7 intents of 1,000 examples 0.7 s,
/// 15,000 examples of 150 intents a few seconds.
[[nodiscard]] TrainedIntents train_intents(std::span<const Example> examples,
                                           std::span<const std::string> negatives,
                                           const EntityFinder& finder, const TrainingPlan& plan);

}  // namespace hayate::understand
