// Which of the two local models answers, with real questions, real answers judged by reading, and
// measured times: Hayate's route against three fixed rules at several deadlines. Virtual time.
//
//   hayate_bench_routing_local [--clock] [ORDERS]
//
// --clock takes the times by the clock instead of the CPU's; ORDERS: so many orders of the
// questions.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "routing/local_world.hpp"
#include "routing/policies.hpp"

namespace hayate::bench {
namespace {

/// What a policy that learns has seen before it is judged.
enum class Before { kNothing, kOtherHalf };

/// So often the other half of the questions is asked first.
constexpr size_t kRounds = 10;

struct Named {
    std::string name;
    std::function<std::unique_ptr<Policy>(uint64_t seed)> make;
    Before before = Before::kNothing;
    int expected_tokens = 0;  // of an answer; 0: as a turn supposes
};

std::vector<Named> policies(const LocalWorld& world) {
    const auto with = [&world](const route::Limits& limits) {
        return [&world, limits](uint64_t seed) {
            return std::make_unique<Hayate>(world.facts, world.policy, world.states, seed << 20U,
                                            limits);
        };
    };
    const auto hayate = with({.quality_min = world.quality_min});
    return {{"fixed fast", [](uint64_t) { return std::make_unique<Fixed>(kFast); }},
            {"fixed strong", [](uint64_t) { return std::make_unique<Fixed>(kStrong); }},
            {"the seed's matrix", [](uint64_t) { return std::make_unique<Static>(); }},
            {"Hayate, from its first turn", hayate},
            {"Hayate, having learned", hayate, Before::kOtherHalf},
            {fmt::format("told that answers take {} tokens", world.usual_tokens), hayate,
             Before::kOtherHalf, world.usual_tokens},
            {"any answer in time is good enough", with({}), Before::kOtherHalf},
            {fmt::format("as shipped: late ones keep {:.0f} %", 100 * world.late_worth),
             with({.quality_min = world.quality_min, .late_worth = world.late_worth}),
             Before::kOtherHalf}};
}

/// The turns one after another, each beginning long after the other has ended.
void append(std::vector<Turn>& turns, std::span<const Turn> more) {
    for (const Turn& turn : more) {
        const double at_ms = turns.empty() ? 0 : turns.back().at_ms + kGapMs;
        turns.push_back(turn);
        turns.back().at_ms = at_ms;
    }
}

/// Every turn is judged once. One that is judged has not been asked before, by no policy.
Outcome judged(const Named& named, const std::vector<Turn>& turns, uint64_t seed) {
    if (named.before == Before::kNothing) return judge(turns, play(turns, *named.make(seed)));
    const std::span<const Turn> all(turns);
    const std::array halves{all.first(turns.size() / 2), all.subspan(turns.size() / 2)};
    std::vector<size_t> models;
    for (const size_t half : {0U, 1U}) {
        std::vector<Turn> asked;
        for (size_t i = 0; i < kRounds; ++i) append(asked, halves.at(1 - half));
        const auto seen = static_cast<std::ptrdiff_t>(asked.size());
        append(asked, halves.at(half));
        const auto chosen = play(asked, *named.make(seed));
        models.insert(models.end(), chosen.begin() + seen, chosen.end());
    }
    return judge(turns, models);
}

struct Results {
    Outcome mean;
    double worst_met_quality = 1;
};

Results run(const LocalWorld& world, const Named& named, std::optional<double> deadline_ms,
            size_t orders) {
    Results results;
    const double share = 1 / static_cast<double>(orders);
    for (uint64_t seed = 1; seed <= orders; ++seed) {
        auto turns = shuffled(world.turns, seed, deadline_ms);
        if (named.expected_tokens > 0) {
            for (Turn& turn : turns) turn.expected_tokens = named.expected_tokens;
        }
        const Outcome one = judged(named, turns, seed);
        results.worst_met_quality = std::min(results.worst_met_quality, one.met_quality);
        results.mean.met_where_possible += share * one.met_where_possible;
        results.mean.possible += share * one.possible;
        results.mean.met_quality += share * one.met_quality;
        results.mean.strong += share * one.strong;
    }
    return results;
}

/// What no policy can beat: of each turn the better answer that is in time.
double best_possible(const std::vector<Turn>& turns) {
    double sum = 0;
    for (const Turn& turn : turns) {
        double best = 0;
        for (size_t model = 0; model < kModels; ++model) {
            if (turn.total_ms.at(model) <= turn.deadline_ms)
                best = std::max(best, turn.quality.at(model));
        }
        sum += best;
    }
    return sum / static_cast<double>(turns.size());
}

/// The middle one and the one that 95 % do not exceed.
void show_times(const LocalWorld& world) {
    for (const size_t model : {kFast, kStrong}) {
        std::vector<double> first;
        std::vector<double> total;
        double good = 0;
        double rejected = 0;
        for (const Turn& turn : world.turns) {
            first.push_back(turn.first_ms.at(model) / 1000);
            total.push_back(turn.total_ms.at(model) / 1000);
            good += turn.quality.at(model);
            rejected += turn.is_right.at(model) ? 0 : 1;
        }
        std::ranges::sort(first);
        std::ranges::sort(total);
        const auto count = static_cast<double>(first.size());
        const auto at = [&](double q) { return static_cast<size_t>(q * (count - 1)); };
        fmt::print(
            "{}: first token {:.1f} s (95 %: {:.1f}), whole answer {:.1f} s ({:.1f}), reads {:.0f} "
            "and writes {:.1f} tokens a second; {:.0f} % good, {:.0f} % rejected by the gate\n",
            model == kFast ? "fast" : "strong", first[at(0.5)], first[at(0.95)], total[at(0.5)],
            total[at(0.95)], world.states.at(model).prompt_tokens_per_s,
            world.states.at(model).tokens_per_s, 100 * good / count, 100 * rejected / count);
    }
}

void show_all(bool uses_clock, size_t orders) {
    const LocalWorld world = load_local_world(uses_clock);
    fmt::print("{} questions ({} Japanese), the times of {} estimated, {} left out; {} orders\n",
               world.turns.size(), world.japanese, world.estimated, world.unmeasured, orders);
    show_times(world);
    const std::vector<std::optional<double>> deadlines{std::nullopt, 3e3, 5e3, 8e3, 12e3, 20e3};
    std::string head = "| |";
    std::string line = "|---|";
    std::string best = "| best possible |";
    std::string possible = "| of all turns possible |";
    std::vector<std::string> qualities;
    std::vector<std::string> times;
    std::vector<double> sums;  // of the qualities, over the deadlines that are one for all
    for (const auto& deadline : deadlines) {
        head += deadline ? fmt::format(" {:.0f} s |", *deadline / 1000) : " the intents' |";
        line += "---|";
        best += fmt::format(" {:.3f} |", best_possible(shuffled(world.turns, 1, deadline)));
        size_t row = 0;
        for (const Named& named : policies(world)) {
            const auto [mean, worst] = run(world, named, deadline, orders);
            if (row == qualities.size()) {
                qualities.push_back("| " + named.name + " |");
                times.push_back(qualities.back());
                sums.push_back(0);
            }
            if (deadline) sums[row] += mean.met_quality;
            if (row == 0) possible += fmt::format(" {:.0f} % |", 100 * mean.possible);
            qualities[row] += fmt::format(" {:.3f} ({:.3f}) |", mean.met_quality, worst);
            times[row++] += fmt::format(" {:.0f} %, {:.0f} % |", 100 * mean.met_where_possible,
                                        100 * mean.strong);
        }
    }
    fmt::print(
        "\nQuality in time (of the worst order), by deadline; last the mean of 3 to 20 s\n\n"
        "{} mean |\n{}---|\n{} |\n",
        head, line, best);
    const auto common = static_cast<double>(deadlines.size() - 1);
    for (size_t row = 0; row < qualities.size(); ++row)
        fmt::print("{} {:.3f} |\n", qualities[row], sums[row] / common);
    fmt::print("\nIn time, of the turns that some model could answer in time; calls of strong\n\n");
    fmt::print("{}\n{}\n{}\n", head, line, possible);
    for (const std::string& row : times) fmt::print("{}\n", row);
}

}  // namespace
}  // namespace hayate::bench

int main(int argc, char** argv) {
    bool uses_clock = false;
    size_t orders = 50;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--clock") == 0)
            uses_clock = true;
        else
            orders = static_cast<size_t>(std::max(1, std::atoi(argv[i])));
    }
    hayate::bench::show_all(uses_clock, orders);
    return 0;
}
