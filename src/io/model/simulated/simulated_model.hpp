#pragma once
// A model without a model: answers from a Simulation, with timers instead of a network. For
// demonstrations, for tests of everything above, and for trying out policies against a given speed.

#include <atomic>
#include <memory>
#include <string>

#include "io/model/model.hpp"
#include "io/model/simulated/simulation.hpp"

namespace hayate::model {

/// Thread-safe. Faults look as those of a remote provider do: a cut is kUpstream, a stall is
/// kTimeout, a status is what that status means.
class SimulatedModel : public Model {
  public:
    struct Options {
        std::string name;  // of the model in the configuration, for errors
        Simulation simulation;
        milliseconds first_token_time{20'000};  // where the request sets no nearer deadline
        milliseconds stall_time{20'000};        // how long a stall lasts before it is an error
    };
    explicit SimulatedModel(Options options);

    Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request,
                                                     CancelToken token) override;
    Task<Status> probe(CancelToken token) override;

  private:
    Options options_;
    std::string source_;
    std::atomic<uint64_t> calls_{0};
};

}  // namespace hayate::model
