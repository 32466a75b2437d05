#include "engine/route/choice.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

namespace hayate::route {
namespace {

/// A model whose speed is uncertain is tried more often, to be sure soon.
constexpr double kCuriosity = 10;

/// Between two computations of one and the same quantile.
constexpr double kRounding = 1e-4;

double first_chance(const Candidate& candidate, const Limits& limits) {
    return limits.first_ms ? chance_within(candidate.first, *limits.first_ms) : 1;
}

double total_chance(const Candidate& candidate, const Limits& limits) {
    return limits.total_ms ? chance_within(candidate.total, *limits.total_ms) : 1;
}

Verdict obstacle(const Candidate& candidate, const Limits& limits) {
    if (!candidate.is_configured) return Verdict::kNotConfigured;
    if (!candidate.is_ready) return Verdict::kNotReady;
    if (limits.money_micros && candidate.cost_micros > *limits.money_micros)
        return Verdict::kTooDear;
    if (candidate.quality < limits.quality_min) return Verdict::kNotGoodEnough;
    if (first_chance(candidate, limits) < limits.confidence - kRounding)
        return Verdict::kFirstTooLate;
    if (total_chance(candidate, limits) < limits.confidence - kRounding)
        return Verdict::kTotalTooLate;
    return Verdict::kChosen;
}

bool is_usable(Verdict verdict) {
    return verdict != Verdict::kNotConfigured && verdict != Verdict::kNotReady;
}

/// What the customer may expect of it.
double worth_of(const Candidate& candidate, double chance, const Limits& limits) {
    return candidate.quality * (chance + limits.late_worth * (1 - chance));
}

/// The best of `wanted`, by `is_better(a, b)`; the earlier one of equals.
template <class Wanted, class Better>
std::optional<size_t> best_of(const std::vector<Considered>& all, Wanted wanted, Better is_better) {
    std::optional<size_t> best;
    for (size_t i = 0; i < all.size(); ++i) {
        if (!wanted(all[i])) continue;
        if (!best || is_better(all[i], all[*best])) best = i;
    }
    return best;
}

/// Among those whose worth is within a step of the best, the first in the order of preference.
std::optional<size_t> best_quality(const std::vector<Considered>& all, double step) {
    const auto fits = [](const Considered& one) { return one.verdict == Verdict::kChosen; };
    const auto top = best_of(
        all, fits, [](const Considered& a, const Considered& b) { return a.worth > b.worth; });
    if (!top) return top;
    const double least = all[*top].worth - step;
    const auto first = std::ranges::find_if(
        all, [&](const Considered& one) { return fits(one) && one.worth > least; });
    return static_cast<size_t>(first - all.begin());
}

std::optional<size_t> least_bad(const std::vector<Considered>& all, Verdict& verdict) {
    const auto can_be_paid = [](const Considered& one) {
        return is_usable(one.verdict) && one.verdict != Verdict::kTooDear;
    };
    verdict = Verdict::kLeastBad;
    const auto worthiest = best_of(all, can_be_paid, [](const Considered& a, const Considered& b) {
        if (a.worth != b.worth) return a.worth > b.worth;
        return a.candidate.total.late_ms < b.candidate.total.late_ms;
    });
    if (worthiest) return worthiest;
    verdict = Verdict::kCheapest;
    return best_of(
        all, [](const Considered& one) { return is_usable(one.verdict); },
        [](const Considered& a, const Considered& b) {
            return a.candidate.cost_micros < b.candidate.cost_micros;
        });
}

/// A model may be tried if it can be paid and is hoped to be in time more often than not. The hope
/// includes what was believed at first: what is believed now would never forgive a model that was
/// slow once.
bool may_be_tried(const Considered& one, const Limits& limits) {
    if (!is_usable(one.verdict) || one.verdict == Verdict::kTooDear) return false;
    return !limits.total_ms || one.candidate.hoped_ms <= *limits.total_ms;
}

std::optional<size_t> explored(const std::vector<Considered>& all, size_t chosen,
                               const Limits& limits, double draw, double share) {
    double from = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        if (i == chosen || !may_be_tried(all[i], limits)) continue;
        const bool is_curious =
            all[i].candidate.is_uncertain && all[i].verdict != Verdict::kNotGoodEnough;
        const double own = is_curious ? kCuriosity * share : share;
        if (draw >= from && draw < from + own) return i;
        from += own;
    }
    return std::nullopt;
}

std::string reason_of(const Choice& choice, const Limits& limits) {
    const Considered& chosen = choice.considered[choice.index];
    std::string reason = fmt::format("{}: {:.0f} ms predicted", name_of(chosen.verdict),
                                     chosen.candidate.total.late_ms);
    if (limits.total_ms) reason += fmt::format(" of {:.0f} left", *limits.total_ms);
    for (const Considered& other : choice.considered) {
        if (&other == &chosen || other.verdict == Verdict::kWorse) continue;
        reason += fmt::format("; {}: {}", other.candidate.name, name_of(other.verdict));
    }
    return reason;
}

}  // namespace

double chance_within(const Expected& expected, double left_ms) {
    if (!(left_ms > 0)) return 0;
    constexpr double kNormal95 = 1.6449;
    const double typical = std::max(expected.typical_ms, 1e-3);
    const double spread =
        std::max(std::log(std::max(expected.late_ms, typical) / typical), 1e-3) / kNormal95;
    const double z = std::log(left_ms / typical) / spread;
    return std::erfc(-z / std::numbers::sqrt2) / 2;
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kChosen:
            return "the best that fits";
        case Verdict::kExplored:
            return "tried to learn its speed";
        case Verdict::kLeastBad:
            return "nothing fits, the least bad";
        case Verdict::kCheapest:
            return "nothing can be paid, the cheapest";
        case Verdict::kWorse:
            return "a better one fits";
        case Verdict::kNotConfigured:
            return "not configured";
        case Verdict::kNotReady:
            return "not ready";
        case Verdict::kTooDear:
            return "too dear";
        case Verdict::kNotGoodEnough:
            return "not good enough";
        case Verdict::kFirstTooLate:
            return "first word too late";
        case Verdict::kTotalTooLate:
            return "too late";
    }
    return "";
}

std::optional<Choice> choose(std::vector<Candidate> candidates, const Limits& limits, double draw,
                             const ChoiceOptions& options) {
    Choice choice;
    for (Candidate& candidate : candidates) {
        const Verdict verdict = obstacle(candidate, limits);
        const double chance =
            std::min(first_chance(candidate, limits), total_chance(candidate, limits));
        const double worth = worth_of(candidate, chance, limits);
        choice.considered.push_back({std::move(candidate), chance, worth, verdict});
    }
    std::vector<Considered>& all = choice.considered;
    auto index = best_quality(all, options.quality_step);
    choice.fits = index.has_value();
    Verdict verdict = Verdict::kChosen;
    if (!index) index = least_bad(all, verdict);
    if (!index) return std::nullopt;
    choice.is_in_time =
        verdict != Verdict::kCheapest && all[*index].chance >= limits.confidence - kRounding;
    // Otherwise the customer waits too long already.
    if (choice.is_in_time) {
        const auto other = explored(all, *index, limits, draw, options.exploration);
        choice.is_exploration = other.has_value();
        if (other) verdict = Verdict::kExplored;
        index = other.value_or(*index);
    }
    for (Considered& one : all) {
        if (one.verdict == Verdict::kChosen) one.verdict = Verdict::kWorse;
    }
    all[*index].verdict = verdict;
    choice.index = *index;
    choice.reason = reason_of(choice, limits);
    return choice;
}

double score(const ScoreWeights& weights, double quality, double latency_ms, int64_t cost_micros) {
    const double seconds = std::max(latency_ms, 0.001) / 1000;
    const double milli_dollars = static_cast<double>(std::max<int64_t>(cost_micros, 1)) / 1000;
    return (weights.quality * quality) * (weights.speed / seconds) / milli_dollars;
}

}  // namespace hayate::route
