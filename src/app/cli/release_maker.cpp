#include "app/cli/release_maker.hpp"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "app/cli/understanding.hpp"
#include "core/base/log.hpp"
#include "core/config/engine_checks.hpp"
#include "core/config/release.hpp"

namespace hayate::cli {
namespace {

using config::AssistantConfig;
using config::Problems;

double seconds_since(TimePoint begin) { return base::to_ms(base::Clock::now() - begin) / 1000; }

void log_learned(const AssistantConfig& assistant, const understand::TrainedIntents& trained,
                 TimePoint begin) {
    const bool has_more = trained.second_opinion != nullptr;
    const auto& validation = has_more ? trained.with_second_opinion : trained.cross_validation;
    base::log_info(has_more ? "second_opinion_learned" : "intents_learned",
                   {{"intents", assistant.intents.intents.size()},
                    {"examples", trained.cross_validation.outcomes.size()},
                    {"right_in_cross_validation", fmt::format("{:.3f}", validation.accuracy())},
                    {"seconds", fmt::format("{:.2f}", seconds_since(begin))}});
}

/// What is expected of each model: as its configuration says, unless the intent says otherwise.
route::MatrixPolicy policy_of(const config::EngineConfig& engine,
                              const AssistantConfig& assistant) {
    route::MatrixPolicy policy = route::seed_policy(assistant.models);
    std::map<std::string, double> known;
    for (const auto& [name, model] : engine.models) {
        if (model.quality > 0) known[name] = model.quality;
    }
    policy.fallback.quality = known;
    for (const auto& [name, intent] : assistant.intents.intents) {
        route::MatrixRow& row = policy.intents.try_emplace(name, policy.fallback).first->second;
        row.quality = known;
        for (const auto& [model, quality] : intent.quality) row.quality[model] = quality;
    }
    return policy;
}

/// The vectors of all examples, made one by one so that the wish to stop is noticed between them.
std::unordered_map<std::string, std::vector<float>> vectors_of(
    const AssistantConfig& assistant, const understand::SentenceVector& vector_of,
    const std::stop_token& stop) {
    std::unordered_map<std::string, std::vector<float>> vectors;
    const auto add = [&](const std::map<std::string, std::vector<std::string>>& examples) {
        for (const auto& [language, texts] : examples) {
            for (const std::string& text : texts) {
                if (stop.stop_requested()) return;
                vectors.try_emplace(text, vector_of(text));
            }
        }
    };
    for (const auto& [name, intent] : assistant.intents.intents) add(intent.examples);
    add(assistant.intents.out_of_scope);
    return vectors;
}

}  // namespace

ReleaseMaker::Outcome ReleaseMaker::make(AssistantConfig assistant) {
    const std::lock_guard lock(making_);
    const TimePoint begin = base::Clock::now();
    auto understander = train_assistant(assistant, {});
    if (!understander) {
        return tl::unexpected(
            Problems{{.file = assistant.folder, .text = understander.error().internal}});
    }
    if ((*understander)->has_intents()) {
        if (Problems problems = check_accuracy(assistant, **understander); !problems.empty())
            return tl::unexpected(std::move(problems));
        log_learned(assistant, (*understander)->intents(), begin);
    }
    auto sources = sources_(assistant);
    if (!sources) {
        const Error& error = sources.error();
        return tl::unexpected(Problems{assistant.places.problem(
            "sources", error.external.empty() ? error.internal : error.external)});
    }
    const auto weights = gate_weights_of(assistant);
    if (!weights) return tl::unexpected(weights.error());
    const auto cues = load_cues(assistant.folder);
    if (!cues)
        return tl::unexpected(Problems{{.file = assistant.folder, .text = cues.error().internal}});
    auto release = std::make_shared<turn::Release>();
    release->product_queries = std::make_shared<const understand::ProductQueryReader>(*cues);
    release->gate_weights = *weights;
    release->hash = config::release_hash(config_, assistant);
    release->sources = std::move(*sources);
    release->policy = policy_of(config_, assistant);
    release->assistant = std::move(assistant);
    release->understander = std::move(*understander);
    learner_ = {};  // the one before, if it still learns, is not wanted any more
    releases_.swap(release);
    base::log_info("release", {{"assistant", release->assistant.id}, {"hash", release->hash}});
    if (release->understander->has_intents() && vector_of_) {
        learner_ = std::jthread(
            [this, release](const std::stop_token& stop) { learn_second_opinion(release, stop); });
    }
    return release->hash;
}

void ReleaseMaker::learn_second_opinion(const std::shared_ptr<const turn::Release>& release,
                                        const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "learner");
    const TimePoint begin = base::Clock::now();
    const auto vectors = vectors_of(release->assistant, vector_of_, stop);
    if (stop.stop_requested()) return;
    auto understander = train_assistant(
        release->assistant, [&](std::string_view text) { return vectors.at(std::string(text)); });
    if (!understander || stop.stop_requested()) return;
    log_learned(release->assistant, (*understander)->intents(), begin);
    auto wiser = std::make_shared<turn::Release>(*release);
    wiser->understander = std::move(*understander);
    releases_.swap(std::move(wiser));
}

ReleaseMaker::Outcome ReleaseMaker::reload() {
    auto assistant = config::load_assistant(config_.assistant);
    if (!assistant) return tl::unexpected(std::move(assistant.error()));
    if (Problems problems = config::check_together(config_, *assistant); !problems.empty())
        return tl::unexpected(std::move(problems));
    return make(std::move(*assistant));
}

}  // namespace hayate::cli
