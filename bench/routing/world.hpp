#pragma once
// The simulated shop of the routing benchmark: turns that arrive at random, two models whose speed
// drifts, and a virtual clock. Nothing sleeps: 5,000 turns take a fraction of a second.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/route/selector.hpp"

namespace hayate::bench {

enum Speed : size_t { kFast = 0, kStrong = 1 };
inline constexpr size_t kModels = 2;

/// How much slower a model is than at the start, by the share of the run that is over (0 to 1).
using Drift = std::function<double(size_t model, double progress)>;

struct Scene {
    std::string name;
    Drift drift;
    uint64_t seed = 1;
    size_t turns = 5'000;
    double per_second = 10;
    double prior_error = 1;  // what the configuration believes of the speeds, over the truth
};

/// One question, and what each model would do with it.
struct Turn {
    std::string intent;
    double at_ms = 0;
    double complexity = 0;
    double deadline_ms = 0;  // what is left when the model is chosen
    int prompt_tokens = 0;
    int expected_tokens = 0;
    std::vector<std::string> allowed;  // models, preferred first; empty: as the policy says
    std::array<int, kModels> tokens{};
    std::array<double, kModels> first_ms{};
    std::array<double, kModels> total_ms{};
    std::array<double, kModels> quality{};
    std::array<bool, kModels> is_right{};  // what the route is told when the answer has ended
    std::array<double, kModels> outcome_weight{1, 1};  // how much that tells it
};

[[nodiscard]] std::vector<Turn> make_turns(const Scene& scene);
[[nodiscard]] std::vector<route::ModelFacts> facts(double prior_error);
[[nodiscard]] int64_t cost_micros(size_t model, const Turn& turn);

/// Plays the turns in virtual time and tells the policy what it can know when it can know it.
class Policy {
  public:
    virtual ~Policy() = default;
    virtual size_t choose(const Turn& turn, size_t index, TimePoint now) = 0;
    virtual void first_token(size_t /*index*/, TimePoint /*now*/) {}
    virtual void end(const Turn& /*turn*/, size_t /*index*/, size_t /*model*/, TimePoint /*now*/) {}
};
/// The chosen model of each turn.
[[nodiscard]] std::vector<size_t> play(const std::vector<Turn>& turns, Policy& policy);

struct Outcome {
    double met_where_possible = 0;  // share, of the turns that some model could answer in time
    double possible = 0;            // share of such turns
    double quality = 0;             // mean
    double met_quality = 0;         // mean, late answers counting 0
    double cost_dollars = 0;        // for 1,000 turns
    double strong = 0;              // share of the calls
};
[[nodiscard]] Outcome judge(const std::vector<Turn>& turns, const std::vector<size_t>& models);

}  // namespace hayate::bench
