#pragma once
// One call of one endpoint, from its start to its first token, as one of several that race.

#include <memory>
#include <optional>

#include "io/model/endpoints/endpoint_model.hpp"
#include "io/model/remote/stream_decoder.hpp"
#include "io/runtime/event.hpp"

namespace hayate::model {

/// Released on the balancer when it dies. Belongs to the shard that started it.
class Attempt {
  public:
    Attempt(std::shared_ptr<EndpointModel::Core> core, Balancer::Pick pick,
            const CancelToken& parent);
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    /// Begins the call; `changed` is notified when it `is_done`. The coroutine keeps the attempt
    /// and the event alive and ends soon after `cancel`; nobody waits for that, since it may take a
    /// while (a name that is being resolved).
    static void launch(std::shared_ptr<Attempt> attempt, ModelRequest request,
                       std::shared_ptr<runtime::Event> changed, const runtime::Executor& executor);
    void cancel(CancelReason reason) { cancel_.cancel(reason); }
    /// What the balancer is to know of its end. Only the first report counts.
    void report(const Error& error);
    void report(CallOutcome outcome, std::optional<milliseconds> retry_after = std::nullopt);
    void report_first_token();
    /// The answer broke off after its first token.
    void report_broken(const Error& error);

    [[nodiscard]] bool is_done() const { return is_done_; }
    [[nodiscard]] bool is_reported() const { return is_reported_; }
    [[nodiscard]] TimePoint begun() const { return begun_; }
    [[nodiscard]] const Balancer::Pick& pick() const { return pick_; }

    std::unique_ptr<ModelStream> stream;  // set when the first token has come
    Events events;                        // until then
    std::optional<Error> error;           // or why it has not

  private:
    static Task<void> run(std::shared_ptr<Attempt> attempt, ModelRequest request,
                          std::shared_ptr<runtime::Event> changed);
    Task<Status> read_first();

    std::shared_ptr<EndpointModel::Core> core_;
    Balancer::Pick pick_;
    CancelSource cancel_;
    TimePoint begun_ = base::Clock::now();
    bool is_done_ = false;
    bool is_reported_ = false;
};

/// How an error of an endpoint counts.
[[nodiscard]] CallOutcome outcome_of(const Error& error);

}  // namespace hayate::model
