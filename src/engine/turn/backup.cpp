// The backup: while the gate doubts what a model has written and nothing of it has been shown, a
// better model is begun. If the doubted answer is rejected, the backup goes on where it stands by
// then; if not, it is stopped.

#include <algorithm>
#include <utility>

#include "engine/turn/run.hpp"

namespace hayate::turn {
namespace {

bool has_text(const std::vector<model::ModelEvent>& events) {
    return std::ranges::any_of(events, [](const model::ModelEvent& event) {
        const auto* delta = std::get_if<model::TextDelta>(&event);
        return delta != nullptr && !delta->text.empty();
    });
}

}  // namespace

/// A better model that is in time and can be paid beside the doubted one.
std::optional<route::RouteDecision> TurnRun::backup_for(const Call& doubted) {
    std::vector<std::string> better = allowed_;
    keep_better(better, doubted.decision.model->name);
    // Two answers made by this machine's own processor are both late.
    if (doubted.decision.model->provider == "local") {
        std::erase_if(better, [&](const std::string& name) {
            const auto entry = services_.router.find(name);
            return !entry || entry->provider == "local";
        });
    }
    if (better.empty()) return std::nullopt;
    auto decision = decide(std::move(better));
    if (!decision || !decision->choice->is_in_time) return std::nullopt;
    const int64_t spent =
        doubted.decision.choice ? doubted.decision.choice->chosen().cost_micros : 0;
    const bool can_be_paid =
        !admission_.left_micros ||
        spent + decision->choice->chosen().cost_micros <= *admission_.left_micros;
    return can_be_paid ? std::optional(std::move(*decision)) : std::nullopt;
}

void TurnRun::begin_backup(const Call& doubted) {
    if (is_backup_tried_) return;
    is_backup_tried_ = true;
    auto decision = backup_for(doubted);
    if (!decision) return;
    decision->reason += "; begun while " + doubted.decision.model->name + " was in doubt";
    backup_ = make_call(std::move(*decision));
    backups_.spawn([call = backup_.get()] { return read_ahead(*call); });
}

/// Reads as far as the first words, which tell how fast the model is. What follows waits in the
/// connection.
Task<void> TurnRun::read_ahead(Call& call) {
    co_await open(call);
    if (!call.stream) co_return;
    auto events = co_await call.stream->next();
    if (events && has_text(*events)) call.observed.first_token();
    if (events && !events->empty()) {
        call.events = std::move(*events);
        co_return;
    }
    call.stream.reset();
    call.error = events
                     ? base::private_error(ErrorKind::kUpstream,
                                           "model." + call.decision.model->name, "an empty answer")
                     : std::move(events.error());
}

/// The backup, when it has begun to write or has failed; null without one.
Task<std::unique_ptr<TurnRun::Call>> TurnRun::take_backup() {
    co_await backups_.join();
    co_return std::move(backup_);
}

Task<void> TurnRun::drop_backup() {
    if (!backup_) co_return;
    backup_->stop.cancel(CancelReason::kLostRace);
    co_await backups_.join();
    backup_->stream.reset();
    end_call(*backup_, "unneeded", "");
    backup_.reset();
}

}  // namespace hayate::turn
