#include "io/model/endpoints/endpoint_model.hpp"

#include <algorithm>
#include <utility>

#include "io/model/endpoints/race.hpp"

namespace hayate::model {
namespace {

/// The winner's answer: what came before it had won, then what follows.
class EndpointStream : public ModelStream {
  public:
    explicit EndpointStream(std::shared_ptr<Attempt> attempt)
        : attempt_(std::move(attempt)), is_fresh_(!attempt_->events.empty()) {}

    Task<Result<Events>> next() override {
        if (std::exchange(is_fresh_, false)) co_return std::move(attempt_->events);
        auto events = co_await attempt_->stream->next();
        if (!events) attempt_->report_broken(events.error());
        co_return events;
    }

  private:
    std::shared_ptr<Attempt> attempt_;
    bool is_fresh_;
};

}  // namespace

EndpointModel::EndpointModel(std::vector<std::shared_ptr<Model>> endpoints, EndpointOptions options)
    : core_(std::make_shared<Core>(std::move(endpoints), std::move(options))) {}

Task<Result<std::unique_ptr<ModelStream>>> EndpointModel::start(ModelRequest request,
                                                                CancelToken token) {
    const auto core = core_;
    if (token.is_cancelled()) co_return fail(cancelled_error(token.reason(), core->source));
    Race race(core, std::move(request), token, co_await runtime::current_executor());
    auto winner = co_await race.go();
    if (!winner) co_return fail(std::move(winner.error()));
    co_return std::make_unique<EndpointStream>(std::move(*winner));
}

bool EndpointModel::is_ready() const {
    return std::ranges::any_of(core_->endpoints,
                               [](const auto& endpoint) { return endpoint->is_ready(); });
}

Task<Status> EndpointModel::probe(CancelToken token) {
    const auto core = core_;
    Status last;
    for (const auto& endpoint : core->endpoints) {
        last = co_await endpoint->probe(token);
        if (last) co_return last;
    }
    co_return last;
}

std::vector<EndpointModel::EndpointState> EndpointModel::states() const {
    const std::lock_guard lock(core_->mutex);
    std::vector<EndpointState> states;
    states.reserve(core_->endpoints.size());
    for (size_t i = 0; i < core_->endpoints.size(); ++i) {
        states.push_back({core_->balancer.is_open(i), core_->balancer.in_flight(i)});
    }
    return states;
}

}  // namespace hayate::model
