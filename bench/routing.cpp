// Deadline-aware selection against three fixed policies, while the models' speed drifts. Virtual
// time; the turns, and what each model would do with each, are the same for all policies.

#include <cstdio>
#include <map>
#include <memory>

#include "routing/world.hpp"

namespace hayate::bench {
namespace {

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
    size_t choose(const Turn& turn, size_t /*index*/, TimePoint /*now*/) override {
        if (turn.complexity < 0.3) return kFast;
        if (turn.complexity > 0.6) return kStrong;
        return turn.deadline_ms < 1000 ? kFast : kStrong;
    }
};

class Hayate : public Policy {
  public:
    explicit Hayate(double prior_error)
        : selector_(facts(prior_error)), policy_(route::seed_policy({"strong", "fast"})) {}

    size_t choose(const Turn& turn, size_t index, TimePoint now) override {
        const route::ChoiceRequest request{.intent = turn.intent,
                                           .complexity = turn.complexity,
                                           .shape = {turn.prompt_tokens, turn.expected_tokens},
                                           .limits = {.total_ms = turn.deadline_ms},
                                           .seed = index};
        const auto choice = selector_.choose(request, policy_, states_, now);
        const std::string& name = choice->chosen().name;
        calls_[index] = selector_.begin(*choice, request, now);
        fits_ += choice->fits ? 1 : 0;
        explored_ += choice->is_exploration ? 1 : 0;
        return name == "fast" ? kFast : kStrong;
    }
    void first_token(size_t index, TimePoint now) override { calls_[index].first_token(now); }
    void end(const Turn& turn, size_t index, size_t model, TimePoint now) override {
        calls_[index].end(turn.tokens, true, now);
        calls_.erase(index);
        selector_.record_outcome(turn.intent, policy_.tier_of(turn.complexity),
                                 model == kFast ? "fast" : "strong",
                                 turn.is_right.at(model) ? 1 : 0);
    }

  private:
    route::Selector selector_;
    route::MatrixPolicy policy_;
    std::vector<route::ModelState> states_{{}, {}};
    std::map<size_t, route::ObservedCall> calls_;
    size_t fits_ = 0;
    size_t explored_ = 0;
};

double step(double progress, double factor) { return progress >= 0.5 ? factor : 1; }

std::vector<Scene> scenes() {
    std::vector<Scene> all;
    for (const double factor : {3.0, 1.0, 0.5, 1.5, 2.0, 5.0}) {
        char name[64];
        std::snprintf(name, sizeof name, "all models %.1fx in the middle", factor);
        all.push_back(
            {.name = name, .drift = [factor](size_t, double at) { return step(at, factor); }});
    }
    all.push_back({.name = "only strong 3x in the middle", .drift = [](size_t model, double at) {
                       return model == kStrong ? step(at, 3) : 1;
                   }});
    all.push_back({.name = "only fast 3x in the middle", .drift = [](size_t model, double at) {
                       return model == kFast ? step(at, 3) : 1;
                   }});
    all.push_back(
        {.name = "strong 3x from 0.3 to 0.6, then back", .drift = [](size_t model, double at) {
             return model == kStrong && at >= 0.3 && at < 0.6 ? 3.0 : 1.0;
         }});
    all.push_back(
        {.name = "strong ramps 1x to 3x over the run",
         .drift = [](size_t model, double at) { return model == kStrong ? 1 + 2 * at : 1; }});
    all.push_back({.name = "all ramp 1x to 3x to 1x",
                   .drift = [](size_t, double at) { return at < 0.5 ? 1 + 4 * at : 5 - 4 * at; }});
    all.push_back({.name = "no drift, configuration 3x too slow",
                   .drift = [](size_t, double) { return 1.0; },
                   .prior_error = 3});
    all.push_back({.name = "no drift, configuration 3x too fast",
                   .drift = [](size_t, double) { return 1.0; },
                   .prior_error = 1.0 / 3});
    return all;
}

void show(const Scene& scene, size_t seeds) {
    std::printf("\n%s\n  %-22s %9s %9s %9s %9s %9s\n", scene.name.c_str(), "policy", "in time",
                "quality", "met qual.", "$/1,000", "strong");
    double possible = 0;
    for (const char* name : {"fixed fast", "fixed strong", "seed's static matrix", "Hayate"}) {
        Outcome sum;
        double worst = 1;
        for (uint64_t seed = 1; seed <= seeds; ++seed) {
            Scene seeded = scene;
            seeded.seed = seed;
            const std::vector<Turn> turns = make_turns(seeded);
            std::unique_ptr<Policy> policy;
            if (name[0] == 'H')
                policy = std::make_unique<Hayate>(scene.prior_error);
            else if (name[0] == 's')
                policy = std::make_unique<Static>();
            else
                policy = std::make_unique<Fixed>(name[6] == 'f' ? kFast : kStrong);
            const Outcome one = judge(turns, play(turns, *policy));
            worst = std::min(worst, one.met_where_possible);
            sum.met_where_possible += one.met_where_possible;
            sum.possible += one.possible;
            sum.quality += one.quality;
            sum.met_quality += one.met_quality;
            sum.cost_dollars += one.cost_dollars;
            sum.strong += one.strong;
        }
        const auto n = static_cast<double>(seeds);
        possible = sum.possible / n;
        std::printf("  %-22s %8.2f%% %9.4f %9.4f %9.3f %8.1f%%  (worst seed %.2f%%)\n", name,
                    100 * sum.met_where_possible / n, sum.quality / n, sum.met_quality / n,
                    sum.cost_dollars / n, 100 * sum.strong / n, 100 * worst);
    }
    std::printf("  (some model could answer in time: %.1f%% of the turns)\n", 100 * possible);
}

}  // namespace
}  // namespace hayate::bench

int main() {
    for (const auto& scene : hayate::bench::scenes()) hayate::bench::show(scene, 10);
    return 0;
}
