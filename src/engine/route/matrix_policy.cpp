#include "engine/route/matrix_policy.hpp"

#include <algorithm>
#include <utility>

namespace hayate::route {
namespace {

constexpr double kFirstQuality = 0.9;
constexpr double kQualityStep = 0.1;

struct SeedRow {
    std::string_view intent;
    bool is_fast;  // whatever the complexity
    double quality_weight;
    double speed_weight;
};

constexpr std::array kSeedRows{
    SeedRow{"greeting", true, 0.3, 0.95},       SeedRow{"faq", true, 0.5, 0.85},
    SeedRow{"order_status", true, 0.6, 0.9},    SeedRow{"product_search", false, 0.9, 0.5},
    SeedRow{"recommendation", false, 0.9, 0.5}, SeedRow{"comparison", false, 0.9, 0.5},
    SeedRow{"complaint", false, 0.95, 0.6}};

}  // namespace

std::string_view name_of(Tier tier) {
    static constexpr std::array<std::string_view, 3> kNames{"L", "M", "H"};
    return kNames.at(static_cast<size_t>(tier));
}

Tier MatrixPolicy::tier_of(double complexity) const {
    if (complexity > high_above) return Tier::kHigh;
    return complexity < low_below ? Tier::kLow : Tier::kMedium;
}

const MatrixRow& MatrixPolicy::row_of(std::string_view intent) const {
    const auto found = intents.find(std::string(intent));
    return found == intents.end() ? fallback : found->second;
}

double MatrixRow::known_quality(std::string_view model) const {
    const auto known = quality.find(std::string(model));
    return known == quality.end() ? 0 : known->second;
}

double MatrixPolicy::prior_quality(const MatrixRow& row, std::string_view model, size_t place) {
    const auto known = row.quality.find(std::string(model));
    if (known != row.quality.end()) return known->second;
    return std::max(0.1, kFirstQuality - kQualityStep * static_cast<double>(place));
}

MatrixPolicy seed_policy(const std::vector<std::string>& strong_to_fast) {
    std::vector<std::string> fast_to_strong(strong_to_fast.rbegin(), strong_to_fast.rend());
    MatrixPolicy policy;
    policy.fallback.models = {fast_to_strong, strong_to_fast, strong_to_fast};
    for (const SeedRow& seed : kSeedRows) {
        MatrixRow row = policy.fallback;
        if (seed.is_fast) row.models = {fast_to_strong, fast_to_strong, fast_to_strong};
        row.quality_weight = seed.quality_weight;
        row.speed_weight = seed.speed_weight;
        policy.intents.emplace(seed.intent, std::move(row));
    }
    return policy;
}

}  // namespace hayate::route
