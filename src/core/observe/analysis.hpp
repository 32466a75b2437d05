#pragma once
// What the spans of one turn say together: which of them made it as long as it was, and what was
// saved by doing things at once.

#include <map>
#include <string>
#include <vector>

#include "core/observe/trace.hpp"

namespace hayate::observe {

/// Only spans without parts count, so that nothing counts twice; what was cancelled because it was
/// not needed does not count at all. `sequential_ms` is the sum of them, `taken_ms` the length of
/// their union, `saved_ms` the difference.
[[nodiscard]] TraceSummary summarise(const std::vector<Span>& spans);

/// The spans that the end of the turn waited for, first to last, as indexes: from the one that
/// ended last back to the one whose end it started after, and so on.
[[nodiscard]] std::vector<size_t> critical_path(const std::vector<Span>& spans);

/// Marks the spans of the critical path, and the stages that contain them.
void mark_critical(std::vector<Span>& spans);

/// Stage name to what it may take, in milliseconds. A stage without an entry has no budget.
using StageBudgets = std::map<std::string, int>;
/// Writes each stage's budget into its spans.
void mark_budgets(std::vector<Span>& spans, const StageBudgets& budgets);
/// By how much the span is over its budget; 0 when it is not, or has none.
[[nodiscard]] double overrun_ms(const Span& span);

}  // namespace hayate::observe
