#pragma once
// hayate classify --test: a classifier's marks on labelled messages, for people and as JSON.

#include <optional>
#include <string>
#include <vector>

#include "app/cli/messages_file.hpp"
#include "engine/understand/evaluation.hpp"
#include "engine/understand/understander.hpp"

namespace hayate::cli {

struct Percentiles {
    size_t count = 0;
    double p50 = 0;
    double p99 = 0;
    double p999 = 0;
};

struct TierMarks {
    size_t messages = 0;  // with a tier
    double right = 0;     // shares
    double under = 0;     // thought easier than they are
    double over = 0;
};

/// One way of answering: n-grams alone, or with the second opinion.
struct Marks {
    understand::Evaluation evaluation;
    TierMarks tiers;
    double asked = 0;  // the share of messages that got a second opinion
};

/// CPU, cross-validation included.
struct TrainingSeconds {
    double ngrams = 0;
    double second_opinion = 0;  // more: the sentence vectors and the head
};

/// A message that was not read as its label says.
struct Mistake {
    std::string truth;  // an intent, or "oos"
    std::string said;
    float probability = 0;  // of the likeliest intent
    std::string text;
};

struct ClassifyReport {
    std::vector<std::string> labels;
    TrainingSeconds training;
    double cross_validation = 0;  // accuracy
    size_t features = 0;
    Marks ngrams;
    std::optional<Marks> second_opinion;
    size_t neighbours = 0;  // examples that a second opinion compares a message with
    std::string why_no_neighbours;
    Percentiles micros;             // thread CPU, of all messages
    Percentiles micros_short;       // of those of at most 200 characters
    Percentiles micros_second;      // of a second opinion alone, the sentence vector included
    std::vector<Mistake> mistakes;  // of the best way of answering there is
};

/// Classifies every message, after a round that warms the caches. Messages of unknown intents must
/// have been refused before.
[[nodiscard]] ClassifyReport measure(const understand::Understander& understander,
                                     const understand::SentenceVector& vector_of,
                                     const std::vector<LabelledMessage>& messages);

[[nodiscard]] std::string to_json(const ClassifyReport& report);
void print_report(const ClassifyReport& report);
/// A line each: what it is, what it was read as and how surely, the message.
void print_mistakes(const std::vector<Mistake>& mistakes);

/// Seconds of CPU that this thread has used.
[[nodiscard]] double thread_seconds();

}  // namespace hayate::cli
