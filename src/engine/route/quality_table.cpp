#include "engine/route/quality_table.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::route {
namespace {

/// Intents and models come from configuration; this only bounds a caller's mistake.
constexpr size_t kRowsMax = 10'000;

bool is_sane(const Label& label) { return !std::isnan(label.quality) && label.weight >= 0; }

double worth(const Label& label) { return std::clamp(label.quality, 0.0, 1.0) * label.weight; }

}  // namespace

double QualityTable::kept_after(int64_t outcomes) const {
    return std::exp2(-static_cast<double>(outcomes) / options_.half_life_outcomes);
}

QualityTable::Outcomes* QualityTable::find_or_make(std::string_view intent, Tier tier,
                                                   std::string_view model) {
    Key key{std::string(intent), tier, std::string(model)};
    const bool is_full = outcomes_.size() >= kRowsMax && !outcomes_.contains(key);
    return is_full ? nullptr : &outcomes_[std::move(key)];
}

double QualityTable::expected(std::string_view intent, Tier tier, std::string_view model,
                              double prior) const {
    const auto found = outcomes_.find({std::string(intent), tier, std::string(model)});
    if (found == outcomes_.end()) return prior;
    const Outcomes& seen = found->second;
    return (prior * options_.prior_weight + seen.sum) / (options_.prior_weight + seen.weight);
}

int64_t QualityTable::record(std::string_view intent, Tier tier, std::string_view model,
                             Label label) {
    if (!is_sane(label)) return 0;
    Outcomes* seen = find_or_make(intent, tier, model);
    if (seen == nullptr) return 0;
    const int64_t position = seen->count + 1;
    restore(intent, tier, model, position, label);
    return position;
}

void QualityTable::restore(std::string_view intent, Tier tier, std::string_view model,
                           int64_t position, Label label) {
    if (!is_sane(label) || position <= 0) return;
    Outcomes* seen = find_or_make(intent, tier, model);
    if (seen == nullptr) return;
    if (position > seen->count) {
        const double kept = kept_after(position - seen->count);
        seen->sum *= kept;
        seen->weight *= kept;
        seen->count = position;
    }
    const double kept = kept_after(seen->count - position);
    seen->sum += worth(label) * kept;
    seen->weight += label.weight * kept;
}

void QualityTable::relabel(std::string_view intent, Tier tier, std::string_view model,
                           int64_t position, Label from, Label to) {
    const auto found = outcomes_.find({std::string(intent), tier, std::string(model)});
    const bool is_known =
        found != outcomes_.end() && position > 0 && position <= found->second.count;
    if (!is_known || !is_sane(from) || !is_sane(to)) return;
    Outcomes& seen = found->second;
    const double kept = kept_after(seen.count - position);
    // Rounding must not leave less than nothing.
    seen.weight = std::max(0.0, seen.weight + (to.weight - from.weight) * kept);
    seen.sum = std::clamp(seen.sum + (worth(to) - worth(from)) * kept, 0.0, seen.weight);
}

std::vector<QualityTable::Row> QualityTable::rows() const {
    std::vector<Row> rows;
    rows.reserve(outcomes_.size());
    for (const auto& [key, seen] : outcomes_) {
        rows.push_back(
            {std::get<0>(key), std::get<1>(key), std::get<2>(key), seen.weight, seen.count});
    }
    return rows;
}

}  // namespace hayate::route
