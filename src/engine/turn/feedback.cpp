#include "engine/turn/feedback.hpp"

#include <utility>

#include "engine/route/lessons.hpp"

namespace hayate::turn {
namespace {

/// More than a person clicks; few enough that a program cannot try ids or keep the disk busy.
constexpr int kPerMinute = 60;
constexpr auto kMinute = std::chrono::minutes(1);
/// Bounds the memory when very many visitors come in one minute.
constexpr size_t kOwnersMax = 100'000;

Error too_often() {
    Error error = base::public_error(ErrorKind::kRateLimited, "feedback",
                                     "That was a lot of feedback in a short time. Please wait a "
                                     "minute.",
                                     "rate_limited");
    error.retry_after = kMinute;
    return error;
}

}  // namespace

bool OwnerRate::take(const store::Owner& owner, TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (now - minute_ >= kMinute) {
        minute_ = now;
        counts_.clear();
    }
    std::pair key(owner.tenant, owner.subject);
    if (counts_.size() >= kOwnersMax && !counts_.contains(key)) return false;
    return ++counts_[std::move(key)] <= per_minute_;
}

Feedback::Feedback(store::OutcomeStore& outcomes, const route::Router& router,
                   observe::Metrics& metrics)
    : outcomes_(outcomes),
      router_(router),
      counted_(metrics.counter("hayate_feedback_total",
                               "Thumbs that were given, changed or taken back (`none`).",
                               {"intent", "model", "thumb"})),
      rate_(kPerMinute) {}

Task<Status> Feedback::give(store::Owner owner, std::string response_id, store::Thumb thumb,
                            store::Wait wait) {
    if (!rate_.take(owner)) co_return fail(too_often());
    const auto thumbed = co_await outcomes_.set_thumb(std::move(owner), std::move(response_id),
                                                      thumb, std::move(wait));
    if (!thumbed) co_return fail(thumbed.error());
    if (thumbed->before == thumb) co_return Status{};
    const store::Lesson& lesson = thumbed->lesson;
    counted_
        .at({lesson.intent.empty() ? "unsure" : lesson.intent,
             lesson.model.empty() ? "none" : lesson.model, store::name_of(thumb)})
        .add();
    route::learn_thumb(router_.memory(), *thumbed);
    co_return Status{};
}

}  // namespace hayate::turn
