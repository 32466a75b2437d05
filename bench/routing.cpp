// Deadline-aware selection against three fixed policies, while the models' speed drifts. Virtual
// time; the turns, and what each model would do with each, are the same for all policies.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "routing/endpoints.hpp"
#include "routing/policies.hpp"

namespace hayate::bench {
namespace {

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

std::unique_ptr<Policy> make_policy(size_t kind, const Scene& scene) {
    if (kind == 0) return std::make_unique<Fixed>(kFast);
    if (kind == 1) return std::make_unique<Fixed>(kStrong);
    if (kind == 2) return std::make_unique<Static>();
    return std::make_unique<Hayate>(facts(scene.prior_error),
                                    route::seed_policy({"strong", "fast"}));
}

/// The mean over the seeds, and the least share in time of any.
Outcome run(const Scene& scene, size_t kind, size_t seeds, double& worst) {
    Outcome mean;
    const double share = 1 / static_cast<double>(seeds);
    worst = 1;
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
        Scene seeded = scene;
        seeded.seed = seed;
        const std::vector<Turn> turns = make_turns(seeded);
        const auto policy = make_policy(kind, scene);
        const Outcome one = judge(turns, play(turns, *policy));
        worst = std::min(worst, one.met_where_possible);
        mean.met_where_possible += share * one.met_where_possible;
        mean.quality += share * one.quality;
        mean.met_quality += share * one.met_quality;
        mean.cost_dollars += share * one.cost_dollars;
        mean.strong += share * one.strong;
    }
    return mean;
}

void show(const Scene& scene, size_t seeds) {
    static constexpr const char* kNames[]{"fixed fast", "fixed strong", "the seed's matrix",
                                          "Hayate"};
    for (size_t kind = 0; kind < 4; ++kind) {
        double worst = 1;
        const Outcome mean = run(scene, kind, seeds, worst);
        std::printf("| %s | %s | %.2f%% (%.2f%%) | %.3f | %.3f | %.2f | %.0f%% |\n",
                    kind == 0 ? scene.name.c_str() : "", kNames[kind],
                    100 * mean.met_where_possible, 100 * worst, mean.quality, mean.met_quality,
                    mean.cost_dollars, 100 * mean.strong);
    }
    std::fflush(stdout);
}

}  // namespace
}  // namespace hayate::bench

/// `hayate_bench_routing [SEEDS]`: so many runs of 5,000 turns for each line.
int main(int argc, char** argv) {
    const size_t seeds = argc > 1 ? static_cast<size_t>(std::max(1, std::atoi(argv[1]))) : 10;
    std::printf(
        "5,000 turns, mean of %zu seeds. In time: of the turns that some model could answer in "
        "time\n\n| speeds | policy | in time (worst seed) | quality | quality in time | $ for "
        "1,000 | strong |\n|---|---|---|---|---|---|---|\n",
        seeds);
    for (const auto& scene : hayate::bench::scenes()) hayate::bench::show(scene, seeds);
    hayate::bench::show_endpoints();
    return 0;
}
