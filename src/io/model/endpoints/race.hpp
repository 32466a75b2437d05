#pragma once
// The attempts that are made for one request until one of them has spoken, or all have failed.

#include <memory>
#include <optional>
#include <vector>

#include "io/model/endpoints/attempt.hpp"

namespace hayate::model {

class Race {
  public:
    Race(std::shared_ptr<EndpointModel::Core> core, ModelRequest request, CancelToken token,
         const runtime::Executor& executor);
    /// The attempt that won, with its stream, its first events and its report made.
    Task<Result<std::shared_ptr<Attempt>>> go();

  private:
    using AttemptPtr = std::shared_ptr<Attempt>;

    /// False when there is no endpoint to ask.
    bool launch();
    /// The winner, if one has spoken. Failed ones are reported and forgotten.
    AttemptPtr settle();
    /// After the last failure: waits and asks again. False when that is not to be.
    Task<bool> retry();
    [[nodiscard]] bool may_retry() const;
    /// When something is due although nothing has happened: a hedge, or an attempt that takes far
    /// too long.
    [[nodiscard]] Deadline next_step() const;
    void take_step();
    void hedge();
    void give_up_on(Attempt& attempt);
    /// Cancels the attempts still running and accounts them, except `kept`.
    void abandon(const Attempt* kept, CancelReason reason, std::string_view outcome);
    void account(std::string_view outcome, bool is_billed) const;
    [[nodiscard]] Error no_endpoint() const;

    std::shared_ptr<EndpointModel::Core> core_;
    ModelRequest request_;
    CancelToken token_;
    runtime::Executor executor_;
    Deadline retry_until_;
    std::shared_ptr<runtime::Event> changed_;
    std::vector<AttemptPtr> running_;
    std::vector<size_t> tried_;
    int tries_ = 0;
    std::optional<TimePoint> hedge_at_;
    std::optional<Duration> overdue_after_;
    std::optional<Error> last_error_;
    bool was_probe_ = false;  // the attempt with the last error
};

}  // namespace hayate::model
