#pragma once
// EndpointModel: one model behind several endpoints. Chooses an endpoint for each call (Balancer),
// tries another one when it fails before the first token, and hedges: when the first token is later
// than in 95 % of the calls, a second endpoint is asked as well, the first one to speak wins, and
// the other call is cancelled, which closes its connection.
//
// `start` returns with the first token, not before: until then a failure can still be repaired
// without the caller noticing. After it nothing is repeated. Failures that the caller is to blame
// for are not repeated either.
//
// Never for local models: asking the same processor twice makes both answers slower.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "io/model/endpoints/balancer.hpp"
#include "io/model/model.hpp"

namespace hayate::model {

struct EndpointOptions {
    std::string name;  // of the model in the configuration, for errors
    BalancerOptions balancer;
    int tries_max = 3;
    Duration backoff = milliseconds(25);  // full jitter: from 0 to this, doubled each time
    Duration backoff_max = milliseconds(1'000);
    /// No attempt begins later than this, or than the request's deadline for the first token.
    Duration retry_time = std::chrono::seconds(20);
    /// An attempt that takes so many times the 95 % quantile (and this at least) counts as failed;
    /// another endpoint is asked while it goes on.
    double overdue_factor = 4;
    Duration overdue_min = milliseconds(1'000);
    uint64_t seed = 1;
};

/// Thread-safe. Destroyed when the last stream of it has gone.
class EndpointModel : public Model {
  public:
    /// `endpoints` is not empty; each is the same model at another address.
    EndpointModel(std::vector<std::shared_ptr<Model>> endpoints, EndpointOptions options);

    Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request,
                                                     CancelToken token) override;
    [[nodiscard]] bool is_ready() const override;
    /// One endpoint that answers is enough; else the last one's error.
    Task<Status> probe(CancelToken token) override;

    struct EndpointState {
        bool is_open = false;  // its breaker: no calls
        int in_flight = 0;
    };
    [[nodiscard]] std::vector<EndpointState> states() const;

    /// What calls and streams share, and keep alive.
    struct Core {
        Core(std::vector<std::shared_ptr<Model>> models, EndpointOptions given)
            : endpoints(std::move(models)),
              options(std::move(given)),
              source("model." + options.name),
              balancer(endpoints.size(), options.seed, options.balancer) {}
        const std::vector<std::shared_ptr<Model>> endpoints;
        const EndpointOptions options;
        const std::string source;
        std::mutex mutex;
        Balancer balancer;  // guarded by mutex
    };

  private:
    std::shared_ptr<Core> core_;
};

}  // namespace hayate::model
