#include "engine/route/quality_table.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::route {
namespace {

/// Intents and models come from configuration; this only bounds a caller's mistake.
constexpr size_t kRowsMax = 10'000;

}  // namespace

double QualityTable::expected(std::string_view intent, Tier tier, std::string_view model,
                              double prior) const {
    const auto found = outcomes_.find({std::string(intent), tier, std::string(model)});
    if (found == outcomes_.end()) return prior;
    const Outcomes& seen = found->second;
    return (prior * options_.prior_weight + seen.sum) / (options_.prior_weight + seen.weight);
}

void QualityTable::record(std::string_view intent, Tier tier, std::string_view model,
                          double quality, double weight) {
    if (!(quality >= 0 || quality < 0) || !(weight > 0)) return;  // NaN
    Key key{std::string(intent), tier, std::string(model)};
    if (outcomes_.size() >= kRowsMax && !outcomes_.contains(key)) return;
    Outcomes& seen = outcomes_[std::move(key)];
    const double keep = std::exp2(-weight / options_.half_life_outcomes);
    seen.sum = seen.sum * keep + std::clamp(quality, 0.0, 1.0) * weight;
    seen.weight = seen.weight * keep + weight;
}

std::vector<QualityTable::Row> QualityTable::rows() const {
    std::vector<Row> rows;
    rows.reserve(outcomes_.size());
    for (const auto& [key, seen] : outcomes_) {
        rows.push_back(
            {std::get<0>(key), std::get<1>(key), std::get<2>(key), seen.sum, seen.weight});
    }
    return rows;
}

void QualityTable::restore(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const bool is_sane = row.weight >= 0 && row.sum >= 0 && row.sum <= row.weight * 1.000001;
        if (!is_sane || outcomes_.size() >= kRowsMax) continue;
        outcomes_[{row.intent, row.tier, row.model}] = {row.sum, row.weight};
    }
}

}  // namespace hayate::route
