#include "routing/world.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <random>

namespace hayate::bench {
namespace {

struct Intent {
    const char* name;
    double share;
    double complexity;   // mean; the deviation is 0.12
    double deadline_ms;  // the p99 target
    double prompt_tokens;
    double tokens;  // medians
};

constexpr std::array kIntents{
    Intent{"greeting", .10, .08, 400, 200, 20},
    Intent{"faq", .20, .18, 600, 500, 40},
    Intent{"order_status", .15, .25, 800, 400, 40},
    Intent{"product_search", .25, .42, 2200, 1200, 60},
    Intent{"recommendation", .15, .55, 3000, 1500, 100},
    Intent{"comparison", .08, .80, 3500, 1800, 120},
    Intent{"complaint", .07, .72, 2800, 900, 90},
};

/// Two classes of hosted model: prices of Claude 3 Haiku and Sonnet, dollars per million tokens.
struct Truth {
    double first_ms;
    double prompt_token_ms;
    double token_ms;
    double quality;        // of the simplest question
    double quality_slope;  // what complexity takes away
    model::Price price;
};
constexpr std::array<Truth, kModels> kTruth{
    Truth{120, 0.02, 6, 0.95, 0.55, {250'000, 1'250'000}},
    Truth{400, 0.08, 13, 0.97, 0.12, {3'000'000, 15'000'000}}};
constexpr double kFirstSpread = 0.35;
constexpr double kTokenSpread = 0.20;
constexpr double kGatherMs = 80;

using Generator = std::mt19937_64;

double lognormal(Generator& random, double median, double spread) {
    return median * std::exp(std::normal_distribution<double>(0, spread)(random));
}

const Intent& any_intent(Generator& random) {
    double at = std::uniform_real_distribution<double>(0, 1)(random);
    for (const Intent& intent : kIntents) {
        if ((at -= intent.share) < 0) return intent;
    }
    return kIntents.back();
}

Turn make_turn(Generator& random, const Scene& scene, double at_ms, double progress) {
    const Intent& intent = any_intent(random);
    Turn turn{.intent = intent.name, .at_ms = at_ms};
    turn.complexity =
        std::clamp(std::normal_distribution<double>(intent.complexity, 0.12)(random), 0.0, 1.0);
    turn.deadline_ms =
        intent.deadline_ms - std::min(intent.deadline_ms / 8, lognormal(random, kGatherMs, 0.5));
    turn.prompt_tokens = static_cast<int>(lognormal(random, intent.prompt_tokens, 0.5));
    turn.expected_tokens = static_cast<int>(intent.tokens);
    const int tokens = std::max(1, static_cast<int>(lognormal(random, intent.tokens, 0.25)));
    turn.tokens = {tokens, tokens};
    for (size_t model = 0; model < kModels; ++model) {
        const Truth& truth = kTruth.at(model);
        const double drift = scene.drift(model, progress);
        const double first = truth.first_ms + truth.prompt_token_ms * turn.prompt_tokens;
        turn.first_ms.at(model) = drift * lognormal(random, first, kFirstSpread);
        turn.total_ms.at(model) =
            turn.first_ms.at(model) +
            drift * (tokens - 1) * lognormal(random, truth.token_ms, kTokenSpread);
        turn.quality.at(model) = truth.quality - truth.quality_slope * turn.complexity;
        // Drawn with that probability: what the gate would see.
        turn.is_right.at(model) =
            std::uniform_real_distribution<double>(0, 1)(random) < turn.quality.at(model);
    }
    return turn;
}

TimePoint time_at(double ms) {
    return TimePoint(std::chrono::hours(1)) +
           std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms));
}

struct Event {
    double at_ms;
    size_t turn;
    int kind;  // 0: it comes, 1: its first token, 2: its end
    bool operator>(const Event& other) const {
        return std::tie(at_ms, turn, kind) > std::tie(other.at_ms, other.turn, other.kind);
    }
};

}  // namespace

std::vector<Turn> make_turns(const Scene& scene) {
    Generator random(scene.seed);
    std::exponential_distribution<double> gap(scene.per_second / 1000);
    std::vector<Turn> turns;
    turns.reserve(scene.turns);
    double at_ms = 0;
    for (size_t i = 0; i < scene.turns; ++i) {
        at_ms += gap(random);
        const double progress = static_cast<double>(i) / static_cast<double>(scene.turns);
        turns.push_back(make_turn(random, scene, at_ms, progress));
    }
    return turns;
}

std::vector<route::ModelFacts> facts(double prior_error) {
    std::vector<route::ModelFacts> made;
    for (size_t model = 0; model < kModels; ++model) {
        const Truth& truth = kTruth.at(model);
        made.push_back({.name = model == kFast ? "fast" : "strong",
                        .price = truth.price,
                        .prior = {.first_ms = truth.first_ms * prior_error,
                                  .prompt_token_ms = truth.prompt_token_ms * prior_error,
                                  .token_ms = truth.token_ms * prior_error}});
    }
    return made;
}

int64_t cost_micros(size_t model, const Turn& turn) {
    return model::cost_micros(kTruth.at(model).price, {.prompt_tokens = turn.prompt_tokens,
                                                       .completion_tokens = turn.tokens.at(model)});
}

std::vector<size_t> play(const std::vector<Turn>& turns, Policy& policy) {
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    std::vector<size_t> models(turns.size());
    for (size_t i = 0; i < turns.size(); ++i) events.push({turns[i].at_ms, i, 0});
    while (!events.empty()) {
        const Event event = events.top();
        events.pop();
        const Turn& turn = turns[event.turn];
        const TimePoint now = time_at(event.at_ms);
        size_t& model = models[event.turn];
        if (event.kind == 1) policy.first_token(event.turn, now);
        if (event.kind == 2) policy.end(turn, event.turn, model, now);
        if (event.kind != 0) continue;
        model = policy.choose(turn, event.turn, now);
        events.push({turn.at_ms + turn.first_ms.at(model), event.turn, 1});
        events.push({turn.at_ms + turn.total_ms.at(model), event.turn, 2});
    }
    return models;
}

Outcome judge(const std::vector<Turn>& turns, const std::vector<size_t>& models) {
    Outcome outcome;
    double possible = 0;
    for (size_t i = 0; i < turns.size(); ++i) {
        const Turn& turn = turns[i];
        const size_t model = models[i];
        const bool is_met = turn.total_ms.at(model) <= turn.deadline_ms;
        const bool is_possible = std::ranges::min(turn.total_ms) <= turn.deadline_ms;
        possible += is_possible ? 1 : 0;
        outcome.met_where_possible += is_possible && is_met ? 1 : 0;
        outcome.quality += turn.quality.at(model);
        outcome.met_quality += is_met ? turn.quality.at(model) : 0;
        outcome.cost_dollars += static_cast<double>(cost_micros(model, turn)) / 1e6;
        outcome.strong += model == kStrong ? 1 : 0;
    }
    const auto count = static_cast<double>(turns.size());
    outcome.met_where_possible /= std::max(possible, 1.0);
    outcome.possible = possible / count;
    outcome.quality /= count;
    outcome.met_quality /= count;
    outcome.strong /= count;
    outcome.cost_dollars *= 1000 / count;
    return outcome;
}

}  // namespace hayate::bench
