#include "engine/route/answer_lengths.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::route {
namespace {

/// Intents and models come from configuration; this only bounds a caller's mistake.
constexpr size_t kRowsMax = 10'000;
constexpr double kRatioMax = 20;  // either way; one odd answer is not to decide

}  // namespace

int AnswerLengths::expected(std::string_view intent, std::string_view model, int tokens) const {
    const auto found = seen_.find(std::pair(std::string(intent), std::string(model)));
    if (found == seen_.end()) return std::max(1, tokens);
    const Seen& seen = found->second;
    const double ratio = std::exp(seen.sum / (options_.prior_weight + seen.weight));
    return std::max(1, static_cast<int>(std::lround(tokens * ratio)));
}

void AnswerLengths::record(std::string_view intent, std::string_view model, int expected,
                           int64_t tokens) {
    if (expected <= 0 || tokens <= 0) return;
    std::pair key{std::string(intent), std::string(model)};
    if (seen_.size() >= kRowsMax && !seen_.contains(key)) return;
    const double ratio = static_cast<double>(tokens) / expected;
    const double kept = std::exp2(-1 / options_.half_life_answers);
    Seen& seen = seen_[std::move(key)];
    seen.sum = seen.sum * kept + std::log(std::clamp(ratio, 1 / kRatioMax, kRatioMax));
    seen.weight = seen.weight * kept + 1;
}

}  // namespace hayate::route
