#include "engine/route/answer_lengths.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::route {
namespace {

/// Intents and models come from configuration; this only bounds a caller's mistake.
constexpr size_t kRowsMax = 10'000;
constexpr double kRatioMax = 20;  // either way; one odd answer is not to decide

}  // namespace

double AnswerLengths::log_ratio(const Seen& seen, double prior) const {
    return (seen.sum + prior * options_.prior_weight) / (options_.prior_weight + seen.weight);
}

int AnswerLengths::expected(std::string_view intent, std::string_view model, int tokens) const {
    double ratio = log_ratio(all_, 0);
    const auto found = seen_.find(std::pair(std::string(intent), std::string(model)));
    if (found != seen_.end()) ratio = log_ratio(found->second, ratio);
    return std::max(1, static_cast<int>(std::lround(tokens * std::exp(ratio))));
}

void AnswerLengths::record(std::string_view intent, std::string_view model, int expected,
                           int64_t tokens) {
    if (expected <= 0 || tokens <= 0) return;
    const double ratio = static_cast<double>(tokens) / expected;
    const double log_ratio = std::log(std::clamp(ratio, 1 / kRatioMax, kRatioMax));
    add(all_, log_ratio);
    std::pair key{std::string(intent), std::string(model)};
    if (seen_.size() < kRowsMax || seen_.contains(key)) add(seen_[std::move(key)], log_ratio);
}

void AnswerLengths::add(Seen& seen, double log_ratio) const {
    const double kept = std::exp2(-1 / options_.half_life_answers);
    seen.sum = seen.sum * kept + log_ratio;
    seen.weight = seen.weight * kept + 1;
}

}  // namespace hayate::route
