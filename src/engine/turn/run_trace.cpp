// What a turn tells of itself when it has ended: to whoever asked for the trace, and to operators.

#include <utility>

#include "engine/turn/run.hpp"

namespace hayate::turn {

void TurnRun::explain(wire::FinalEvent& final) const {
    if (!ask_.wants_trace) return;
    observe::mark_budgets(final.stages, budgets_);
    observe::mark_critical(final.stages);
    final.summary = observe::summarise(final.stages);
}

void TurnRun::keep_trace(std::string_view outcome) const {
    if (services_.traces == nullptr) return;
    const double total_ms = trace_.now_ms();
    std::vector<observe::Span> spans = trace_.spans();
    observe::mark_budgets(spans, budgets_);
    services_.traces->add({.response_id = turn_.response_id,
                           .begin_unix_ms = base::unix_ms() - static_cast<int64_t>(total_ms),
                           .outcome = std::string(outcome),
                           .language = language_,
                           .intent = approach_.intent,
                           .model = turn_.model,
                           .degraded = degraded_,
                           .first_word_ms = trace_.first_word_ms.value_or(total_ms),
                           .total_ms = total_ms,
                           .spans = std::move(spans)});
}

}  // namespace hayate::turn
