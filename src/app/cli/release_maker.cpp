#include "app/cli/release_maker.hpp"

#include <algorithm>
#include <chrono>
#include <set>
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

constexpr std::chrono::seconds kRetryAfter(5);

double seconds_since(TimePoint begin) { return base::to_ms(base::Clock::now() - begin) / 1000; }

std::string share(double value) { return fmt::format("{:.3f}", value); }

std::string seconds(TimePoint begin) { return fmt::format("{:.2f}", seconds_since(begin)); }

void log_learned(const understand::TrainedIntents& trained, TimePoint begin) {
    base::log_info("intents_learned",
                   {{"intents", trained.classifier->labels().size()},
                    {"examples", trained.examples},
                    {"right_in_cross_validation", share(trained.cross_validation.accuracy())},
                    {"seconds", seconds(begin)}});
}

/// `made`: so many sentence vectors had to be made.
void log_second_opinion(const understand::TrainedIntents& trained, size_t made, TimePoint begin) {
    base::log_info("second_opinion_learned",
                   {{"examples", trained.examples},
                    {"vectors_made", made},
                    {"neighbours", trained.second_opinion->neighbours()},
                    {"right_in_cross_validation", share(trained.with_second_opinion.accuracy())},
                    {"seconds", seconds(begin)}});
    if (const auto why = why_no_neighbours(trained); !why.empty())
        base::log_warning("no_neighbours", {{"reason", why}});
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

std::set<std::string> texts_of(const AssistantConfig& assistant) {
    std::set<std::string> all;
    const auto add = [&](const std::map<std::string, std::vector<std::string>>& examples) {
        for (const auto& [language, texts] : examples) all.insert(texts.begin(), texts.end());
    };
    for (const auto& [name, intent] : assistant.intents.intents) add(intent.examples);
    add(assistant.intents.out_of_scope);
    return all;
}

Problems problems_of(const AssistantConfig& assistant, const Error& error) {
    return {{.file = assistant.folder, .text = error.internal}};
}

}  // namespace

ReleaseMaker::ReleaseMaker(const config::EngineConfig& config, Parts parts)
    : config_(config),
      parts_(std::move(parts)),
      examples_(parts_.vector_of, parts_.vector_file),
      follower_([this](const std::stop_token& stop) { follow_loop(stop); }) {}

ReleaseMaker::Outcome ReleaseMaker::make(AssistantConfig assistant) {
    const std::lock_guard lock(making_);
    const TimePoint begin = base::Clock::now();
    auto names = parts_.names(assistant);
    if (!names) return tl::unexpected(problems_of(assistant, names.error()));
    auto understander = train_assistant(assistant, make_finder(assistant, *names), {});
    if (understander->has_intents()) {
        if (Problems problems = check_accuracy(assistant, *understander); !problems.empty())
            return tl::unexpected(std::move(problems));
        log_learned(understander->intents(), begin);
    }
    auto sources = parts_.sources(assistant);
    if (!sources) {
        const Error& error = sources.error();
        return tl::unexpected(Problems{assistant.places.problem(
            "sources", error.external.empty() ? error.internal : error.external)});
    }
    const auto weights = gate_weights_of(assistant);
    if (!weights) return tl::unexpected(weights.error());
    auto probes = probes_of(assistant);
    if (!probes) return tl::unexpected(probes.error());
    const auto cues = load_cues(assistant.folder);
    if (!cues) return tl::unexpected(problems_of(assistant, cues.error()));
    auto release = std::make_shared<turn::Release>();
    release->product_queries = std::make_shared<const understand::ProductQueryReader>(*cues);
    release->gate_weights = *weights;
    release->gate_probes = std::make_shared<const model::StateProbes>(std::move(*probes));
    if (!assistant.understand.classifier.model.empty())
        release->intent_question = std::make_shared<const turn::IntentQuestion>(assistant);
    release->hash = config::release_hash(config_, assistant);
    release->sources = std::move(*sources);
    release->policy = policy_of(config_, assistant);
    release->assistant = std::move(assistant);
    release->understander = std::move(understander);
    learner_ = {};  // the one before, if it still learns, is not wanted any more
    names_ = std::move(*names);
    parts_.prepare(release->assistant);
    releases_.swap(release);
    base::log_info("release", {{"assistant", release->assistant.id}, {"hash", release->hash}});
    start_learning(release);
    return release->hash;
}

void ReleaseMaker::start_learning(const Release& release) {
    if (!release->understander->has_intents() || !parts_.vector_of) return;
    learner_ = std::jthread(
        [this, release](const std::stop_token& stop) { learn_second_opinion(release, stop); });
}

void ReleaseMaker::learn_second_opinion(const Release& release, const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "learner");
    const TimePoint begin = base::Clock::now();
    const ExampleVectors::Texts texts = texts_of(release->assistant);
    const auto made = examples_.make_for(texts, stop);
    if (!made) return;
    auto understander = train_assistant(release->assistant, release->understander->finder(),
                                        examples_.known(texts));
    if (stop.stop_requested()) return;
    log_second_opinion(understander->intents(), *made, begin);
    auto wiser = std::make_shared<turn::Release>(*release);
    wiser->understander = std::move(understander);
    releases_.swap(std::move(wiser));
}

ReleaseMaker::Outcome ReleaseMaker::reload() {
    auto assistant = config::load_assistant(config_.assistant);
    if (!assistant) return tl::unexpected(std::move(assistant.error()));
    if (Problems problems = config::check_together(config_, *assistant); !problems.empty())
        return tl::unexpected(std::move(problems));
    return make(std::move(*assistant));
}

void ReleaseMaker::names_changed() {
    {
        const std::lock_guard lock(change_mutex_);
        have_names_changed_ = true;
    }
    wake_.notify_all();
}

void ReleaseMaker::follow_loop(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "names");
    std::unique_lock lock(change_mutex_);
    while (wake_.wait(lock, stop, [this] { return have_names_changed_; })) {
        have_names_changed_ = false;
        lock.unlock();
        const Status followed = follow_names();
        if (!followed) base::log_failure("names_not_followed", followed.error());
        lock.lock();
        if (followed) continue;
        wake_.wait_for(lock, stop, kRetryAfter, [] { return false; });
        have_names_changed_ = true;
    }
}

/// The rest of the release stays as it is: its folder may be in the middle of a change.
Status ReleaseMaker::follow_names() {
    const std::lock_guard lock(making_);
    const TimePoint begin = base::Clock::now();
    const Release running = releases_.current();
    if (!running) return {};  // the first one will know them
    const AssistantConfig& assistant = running->assistant;
    auto names = parts_.names(assistant);
    if (!names) return fail(names.error());
    if (*names == names_) return {};
    learner_ = {};                               // it learns for the names before
    const Release before = releases_.current();  // the learner may have put another one there
    const FinderPtr finder = make_finder(assistant, *names);
    auto understander = train_assistant(assistant, finder, examples_.known(texts_of(assistant)));
    // Names must be found; if they spoil the examples, what was learned before serves better.
    if (understander->has_intents() && !check_accuracy(assistant, *understander).empty()) {
        base::log_warning("names_spoil_examples", {{"remedy", "hayate check"}});
        understander = make_understander(assistant, finder, before->understander->intents());
    }
    const auto next = std::make_shared<turn::Release>(*before);
    next->understander = std::move(understander);
    names_ = std::move(*names);
    releases_.swap(next);
    base::log_info("names_followed", {{"names", names_.size()}, {"seconds", seconds(begin)}});
    if (!next->understander->has_second_opinion()) start_learning(next);
    return {};
}

}  // namespace hayate::cli
