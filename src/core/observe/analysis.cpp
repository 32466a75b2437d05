#include "core/observe/analysis.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hayate::observe {
namespace {

/// Times that differ by less are the same moment, taken twice.
constexpr double kSameMs = 0.01;

/// The spans that stand for work, by index: neither a heading over others nor work nobody needed.
std::vector<size_t> pieces_of_work(const std::vector<Span>& spans) {
    std::vector<size_t> all;
    for (size_t i = 0; i < spans.size(); ++i) {
        const bool has_parts = std::ranges::any_of(
            spans, [&](const Span& other) { return other.parent == spans[i].name; });
        if (!has_parts && spans[i].outcome != "cancelled" && spans[i].end_ms > spans[i].start_ms) {
            all.push_back(i);
        }
    }
    return all;
}

}  // namespace

TraceSummary summarise(const std::vector<Span>& spans) {
    std::vector<size_t> pieces = pieces_of_work(spans);
    std::ranges::sort(pieces, {}, [&](size_t i) { return spans[i].start_ms; });
    TraceSummary summary;
    double covered_until = 0;
    for (const size_t i : pieces) {
        const Span& span = spans[i];
        summary.sequential_ms += span.end_ms - span.start_ms;
        summary.taken_ms += std::max(0.0, span.end_ms - std::max(span.start_ms, covered_until));
        covered_until = std::max(covered_until, span.end_ms);
    }
    summary.saved_ms = std::max(0.0, summary.sequential_ms - summary.taken_ms);
    return summary;
}

std::vector<size_t> critical_path(const std::vector<Span>& spans) {
    std::vector<size_t> left = pieces_of_work(spans);
    std::vector<size_t> path;
    double until = std::numeric_limits<double>::infinity();
    while (true) {
        std::erase_if(left, [&](size_t i) { return spans[i].end_ms > until + kSameMs; });
        if (left.empty()) break;
        // Of those that ended in the same moment, the longest was waited for from the earliest on.
        const auto last = std::ranges::max_element(
            left, {}, [&](size_t i) { return std::pair(spans[i].end_ms, -spans[i].start_ms); });
        const size_t found = *last;
        left.erase(last);
        path.push_back(found);
        until = spans[found].start_ms;
    }
    std::ranges::reverse(path);
    return path;
}

void mark_critical(std::vector<Span>& spans) {
    for (const size_t i : critical_path(spans)) {
        spans[i].is_critical = true;
        for (Span& heading : spans) {
            if (heading.name == spans[i].parent) heading.is_critical = true;
        }
    }
}

void mark_budgets(std::vector<Span>& spans, const StageBudgets& budgets) {
    for (Span& span : spans) {
        const auto found = budgets.find(span.name);
        if (found != budgets.end()) span.budget_ms = found->second;
    }
}

double overrun_ms(const Span& span) {
    if (!span.budget_ms) return 0;
    return std::max(0.0, span.end_ms - span.start_ms - *span.budget_ms);
}

}  // namespace hayate::observe
