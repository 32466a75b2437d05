#include "io/runtime/cancel.hpp"

#include <utility>

namespace hayate::runtime {
namespace detail {

struct CancelState {
    using List =
        boost::intrusive::list<CancelSubscription, boost::intrusive::constant_time_size<false>>;

    CancelReason reason = CancelReason::kNone;
    List subscriptions;

    void fire(CancelReason why) {
        reason = why;
        // Each callback may destroy other subscriptions, which unlinks them: take them one at a
        // time.
        while (!subscriptions.empty()) {
            CancelSubscription& first = subscriptions.front();
            subscriptions.pop_front();
            auto callback = std::move(first.callback_);
            callback(why);
        }
    }
};

}  // namespace detail

std::string_view name_of(CancelReason reason) {
    switch (reason) {
        case CancelReason::kNone:
            return "none";
        case CancelReason::kClientGone:
            return "client_gone";
        case CancelReason::kStop:
            return "stop";
        case CancelReason::kDeadline:
            return "deadline";
        case CancelReason::kOverload:
            return "overload";
        case CancelReason::kLostRace:
            return "lost_race";
        case CancelReason::kShutdown:
            return "shutdown";
    }
    return "unknown";
}

base::Error cancelled_error(CancelReason reason, std::string_view source) {
    const auto kind = reason == CancelReason::kDeadline   ? base::ErrorKind::kTimeout
                      : reason == CancelReason::kOverload ? base::ErrorKind::kBusy
                                                          : base::ErrorKind::kCancelled;
    return base::private_error(kind, std::string(source),
                               "cancelled: " + std::string(name_of(reason)));
}

CancelSubscription::CancelSubscription(const CancelToken& token, Callback callback)
    : callback_(std::move(callback)) {
    if (!token.state_) return;
    if (token.is_cancelled()) {
        std::exchange(callback_, nullptr)(token.reason());
        return;
    }
    token.state_->subscriptions.push_back(*this);
}

CancelReason CancelToken::reason() const { return state_ ? state_->reason : CancelReason::kNone; }

CancelSource::CancelSource() : state_(std::make_shared<detail::CancelState>()) {}

CancelSource::CancelSource(const CancelToken& parent)
    : state_(std::make_shared<detail::CancelState>()),
      parent_(parent, [this](CancelReason reason) { cancel(reason); }) {}

void CancelSource::cancel(CancelReason reason) { detached_cancel()(reason); }

std::function<void(CancelReason)> CancelSource::detached_cancel() const {
    // Holds the state: a callback may destroy the source while it fires.
    return [state = state_](CancelReason reason) {
        if (state->reason == CancelReason::kNone) state->fire(reason);
    };
}

}  // namespace hayate::runtime
