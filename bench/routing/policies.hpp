#pragma once
// Who may choose the model in the routing benchmarks: three fixed rules, and Hayate's route.

#include <map>
#include <vector>

#include "routing/world.hpp"

namespace hayate::bench {

class Fixed : public Policy {
  public:
    explicit Fixed(size_t model) : model_(model) {}
    size_t choose(const Turn& /*turn*/, size_t /*index*/, TimePoint /*now*/) override {
        return model_;
    }

  private:
    size_t model_;
};

/// The seed's flow chart, without memory.
class Static : public Policy {
  public:
    size_t choose(const Turn& turn, size_t index, TimePoint now) override;
};

class Hayate : public Policy {
  public:
    /// `states` of the models in the order of `facts`; `seed` decides which turns explore; `limits`
    /// of every turn, besides its deadline.
    Hayate(std::vector<route::ModelFacts> facts, route::MatrixPolicy policy,
           std::vector<route::ModelState> states = {{}, {}}, uint64_t seed = 0,
           route::Limits limits = {})
        : selector_(std::move(facts)),
          policy_(std::move(policy)),
          states_(std::move(states)),
          seed_(seed),
          limits_(limits) {}

    size_t choose(const Turn& turn, size_t index, TimePoint now) override;
    void first_token(size_t index, TimePoint now) override { calls_[index].first_token(now); }
    void end(const Turn& turn, size_t index, size_t model, TimePoint now) override;

  private:
    route::Selector selector_;
    route::MatrixPolicy policy_;
    std::vector<route::ModelState> states_;
    uint64_t seed_;
    route::Limits limits_;
    std::map<size_t, route::ObservedCall> calls_;
};

}  // namespace hayate::bench
