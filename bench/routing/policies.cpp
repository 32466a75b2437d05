#include "routing/policies.hpp"

namespace hayate::bench {

size_t Static::choose(const Turn& turn, size_t /*index*/, TimePoint /*now*/) {
    if (turn.complexity < 0.3) return kFast;
    if (turn.complexity > 0.6) return kStrong;
    return turn.deadline_ms < 1000 ? kFast : kStrong;
}

size_t Hayate::choose(const Turn& turn, size_t index, TimePoint now) {
    route::Limits limits = limits_;
    limits.total_ms = turn.deadline_ms;
    const route::ChoiceRequest request{.intent = turn.intent,
                                       .complexity = turn.complexity,
                                       .shape = {turn.prompt_tokens, turn.expected_tokens},
                                       .limits = limits,
                                       .seed = seed_ + index,
                                       .preferred = turn.allowed};
    const auto choice = selector_.choose(request, policy_, states_, now);
    const std::string& name = choice->chosen().name;
    calls_[index] = selector_.begin(*choice, request, now);
    return name == "fast" ? kFast : kStrong;
}

void Hayate::end(const Turn& turn, size_t index, size_t model, TimePoint now) {
    calls_[index].end(turn.tokens.at(model), true, now);
    calls_.erase(index);
    selector_.record_outcome(
        turn.intent, policy_.tier_of(turn.complexity), model == kFast ? "fast" : "strong",
        {.quality = turn.is_right.at(model) ? 1.0 : 0.0, .weight = turn.outcome_weight.at(model)});
}

}  // namespace hayate::bench
