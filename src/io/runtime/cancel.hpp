#pragma once
// Cancellation as a tree with reasons. A CancelSource is owned by whoever may end a piece of work;
// the work gets its CancelToken and passes it to everything it waits for. A source made from a
// parent's token is cancelled with the parent. Waits subscribe; what does not wait may ask.
// Clean-up is simply work that is not given the token.
//
// Asio's own cancellation slots are not used: they throw at the next co_await, clean-up included,
// and carry no reason.
//
// One tree belongs to one shard: no member may be called from another thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/intrusive/list.hpp>

#include "core/base/error.hpp"

namespace hayate::runtime {

enum class CancelReason : uint8_t {
    kNone,
    kClientGone,  // nobody reads the answer any more
    kStop,        // the customer asked for it
    kDeadline,    // too late to be useful
    kOverload,    // shed
    kLostRace,    // another answer came first
    kShutdown,    // the server drains
};
[[nodiscard]] std::string_view name_of(CancelReason reason);
/// The error that ends a piece of work cancelled for `reason`.
[[nodiscard]] base::Error cancelled_error(CancelReason reason, std::string_view source);

namespace detail {
struct CancelState;
using CancelHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
}  // namespace detail

class CancelToken;

/// Calls back once when the token is cancelled, unless destroyed before. Must not outlive what it
/// captures.
class CancelSubscription : public detail::CancelHook {
  public:
    using Callback = std::function<void(CancelReason)>;
    CancelSubscription() = default;
    /// If the token is cancelled already, `callback` is called at once.
    CancelSubscription(const CancelToken& token, Callback callback);
    CancelSubscription(const CancelSubscription&) = delete;
    CancelSubscription& operator=(const CancelSubscription&) = delete;

  private:
    friend struct detail::CancelState;
    Callback callback_;
};

/// A view of a CancelSource; cheap to copy. A default token is never cancelled.
class CancelToken {
  public:
    CancelToken() = default;
    [[nodiscard]] CancelReason reason() const;
    [[nodiscard]] bool is_cancelled() const { return reason() != CancelReason::kNone; }

  private:
    friend class CancelSource;
    friend class CancelSubscription;
    explicit CancelToken(std::shared_ptr<detail::CancelState> state) : state_(std::move(state)) {}
    std::shared_ptr<detail::CancelState> state_;
};

class CancelSource {
  public:
    CancelSource();
    /// Cancelled with `parent`, or alone.
    explicit CancelSource(const CancelToken& parent);
    CancelSource(const CancelSource&) = delete;
    CancelSource& operator=(const CancelSource&) = delete;

    [[nodiscard]] CancelToken token() const { return CancelToken(state_); }
    /// The first reason counts; later calls do nothing.
    void cancel(CancelReason reason);
    [[nodiscard]] CancelReason reason() const { return token().reason(); }
    /// Cancels like `cancel`, and may be kept longer than the source: for callbacks that cannot be
    /// taken back.
    [[nodiscard]] std::function<void(CancelReason)> detached_cancel() const;

  private:
    std::shared_ptr<detail::CancelState> state_;
    CancelSubscription parent_;
};

}  // namespace hayate::runtime

namespace hayate {
using runtime::CancelReason;
using runtime::CancelSource;
using runtime::CancelToken;
}  // namespace hayate
