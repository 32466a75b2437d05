// What became of the turn: counted, kept for later learning, and taught to the route.

#include <algorithm>

#include "core/base/json_text.hpp"
#include "engine/route/lessons.hpp"
#include "engine/turn/findings.hpp"
#include "engine/turn/run.hpp"

namespace hayate::turn {

store::Verdict TurnRun::verdict(bool is_failed) const {
    using End = Attempt::End;
    if (cancel_.reason() != CancelReason::kNone) return store::Verdict::kStopped;
    if (is_failed) return store::Verdict::kFailed;
    const bool has_answered =
        !tried_.empty() && (tried_.back().end == End::kWhole || tried_.back().end == End::kCut);
    if (!turn_.asked_back.empty()) return store::Verdict::kAskedBack;
    if (!has_answered) {
        const bool is_planned = std::ranges::none_of(
            degraded_, [](const std::string& name) { return name == "answer" || name == "model"; });
        return is_planned ? store::Verdict::kPrepared : store::Verdict::kDegraded;
    }
    if (tried_.back().end == End::kCut) return store::Verdict::kCorrected;
    if (!tried_.back().is_checked) return store::Verdict::kUnchecked;
    const bool is_second =
        std::ranges::any_of(tried_, [](const Tried& one) { return one.end == End::kRejected; });
    return is_second ? store::Verdict::kEscalated : store::Verdict::kApproved;
}

/// As a JSON array, with the positions that the lessons have.
std::string TurnRun::learn_from_rejected(route::Tier tier) const {
    std::string out = "[";
    for (const Tried& one : tried_) {
        if (one.end != Attempt::End::kRejected) continue;
        const int64_t position = services_.router.memory().record_outcome(
            approach_.intent, tier, one.model, route::label_of_rejected());
        if (out.back() == '}') out += ',';
        out += R"({"model":)" + base::json_string(one.model) + R"(,"reason":)" +
               base::json_string(gate::name_of(one.reason)) + R"(,"position":)" +
               std::to_string(position) + "}";
    }
    return out + "]";
}

void TurnRun::keep_outcome(std::string_view failure) {
    const store::Verdict verdict = this->verdict(!failure.empty());
    const route::Tier tier = release_->policy.tier_of(reading_.complexity);
    metrics_.outcomes
        .at({shown_intent(), turn_.model.empty() ? "none" : turn_.model, store::name_of(verdict)})
        .add();
    store::Outcome outcome{.response_id = turn_.response_id,
                           .owner = ask_.owner,
                           .session = ask_.is_stored ? turn_.session : "",
                           .intent = approach_.intent,
                           .language = language_,
                           .tier = std::string(route::name_of(tier)),
                           .model = turn_.model,
                           .verdict = verdict,
                           .reason = std::string(failure),
                           .rejected_json = learn_from_rejected(tier),
                           .degraded_json = "[",
                           .first_word_ms = turn_.first_word_ms,
                           .total_ms = turn_.total_ms,
                           .created_ms = base::unix_ms()};
    for (const std::string& name : degraded_) {
        if (outcome.degraded_json != "[") outcome.degraded_json += ',';
        base::append_json_string(outcome.degraded_json, name);
    }
    outcome.degraded_json += ']';
    if (verdict == store::Verdict::kCorrected) outcome.reason = gate::name_of(tried_.back().reason);
    const bool has_answered =
        verdict == store::Verdict::kApproved || verdict == store::Verdict::kEscalated ||
        verdict == store::Verdict::kCorrected || verdict == store::Verdict::kUnchecked;
    if (has_answered) {
        outcome.position = services_.router.memory().record_outcome(
            approach_.intent, tier, turn_.model, route::label_of(verdict, store::Thumb::kNone));
    }
    services_.outcomes.add(std::move(outcome));
}

}  // namespace hayate::turn
