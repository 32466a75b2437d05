#include "engine/route/lessons.hpp"

#include <optional>

namespace hayate::route {
namespace {

/// That the gate found nothing says less than that it found something.
constexpr double kApprovalWeight = 0.5;
constexpr double kFaultWeight = 1;
/// A thumb counts as the true label: ten silent approvals. Customers give one after a few answers
/// in a hundred, mostly when it matters; weighed like a verdict, it would drown in approvals of the
/// same model. Four thumbs then weigh as much as the prior (QualityOptions::prior_weight): a single
/// customer does not turn the route round, several do.
constexpr double kThumbWeight = 5;

std::optional<Tier> tier_named(std::string_view name) {
    for (const Tier tier : {Tier::kLow, Tier::kMedium, Tier::kHigh}) {
        if (name_of(tier) == name) return tier;
    }
    return std::nullopt;
}

}  // namespace

Label label_of(store::Verdict verdict, store::Thumb thumb) {
    if (thumb != store::Thumb::kNone)
        return {.quality = thumb == store::Thumb::kUp ? 1.0 : 0.0, .weight = kThumbWeight};
    switch (verdict) {
        case store::Verdict::kApproved:
        case store::Verdict::kEscalated:
            return {.quality = 1, .weight = kApprovalWeight};
        case store::Verdict::kCorrected:
            return {.quality = 0, .weight = kFaultWeight};
        case store::Verdict::kDegraded:
        case store::Verdict::kUnchecked:
        case store::Verdict::kPrepared:
        case store::Verdict::kAskedBack:
        case store::Verdict::kStopped:
        case store::Verdict::kFailed:
        case store::Verdict::kUnknown:
            break;
    }
    return {};
}

Label label_of_rejected() { return {.quality = 0, .weight = kFaultWeight}; }

void restore_lessons(Selector& memory, const std::vector<store::Lesson>& lessons) {
    for (const store::Lesson& lesson : lessons) {
        const auto tier = tier_named(lesson.tier);
        if (!tier) continue;
        memory.restore_outcome(
            lesson.intent, *tier, lesson.model, lesson.position,
            lesson.is_rejected ? label_of_rejected() : label_of(lesson.verdict, lesson.thumb));
    }
}

void learn_thumb(Selector& memory, const store::Thumbed& thumbed) {
    const store::Lesson& lesson = thumbed.lesson;
    const auto tier = tier_named(lesson.tier);
    if (!tier) return;
    memory.relabel_outcome(lesson.intent, *tier, lesson.model, lesson.position,
                           label_of(lesson.verdict, thumbed.before),
                           label_of(lesson.verdict, lesson.thumb));
}

}  // namespace hayate::route
