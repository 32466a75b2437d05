#include "app/cli/understanding.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "engine/turn/describe.hpp"
#include "io/model/embedder/use_embedder.hpp"
#include "io/store/import/folder.hpp"

namespace hayate::cli {
namespace {

using understand::Example;

constexpr size_t kShownConfusions = 5;
constexpr size_t kShownExamples = 3;

/// The languages side by side, each in its order: what cross-validation holds out are stretches of
/// this, and is to be of all languages alike.
std::vector<Example> side_by_side(
    const std::string& intent, const std::map<std::string, std::vector<std::string>>& languages) {
    std::multimap<double, Example> by_position;  // 0 to 1
    for (const auto& [language, texts] : languages) {
        for (size_t i = 0; i < texts.size(); ++i) {
            const double position = static_cast<double>(i) / static_cast<double>(texts.size());
            by_position.insert({position, {texts[i], intent, language}});
        }
    }
    std::vector<Example> all;
    all.reserve(by_position.size());
    for (auto& [position, example] : by_position) all.push_back(std::move(example));
    return all;
}

std::vector<Example> examples_of(const config::IntentsConfig& intents) {
    std::vector<Example> examples;
    for (const auto& [name, intent] : intents.intents)
        std::ranges::move(side_by_side(name, intent.examples), std::back_inserter(examples));
    return examples;
}

}  // namespace

Result<std::vector<understand::CuePhrase>> load_cues(const std::string& folder) {
    store::Problems problems;
    const auto data = store::read_folder(folder, turn::shop_today(), problems);
    if (!data) return fail(data.error());
    std::vector<understand::CuePhrase> cues;
    if (!data->words) return cues;
    for (const store::WordEntry& entry : data->words->values) {
        const auto cue = understand::cue_of(entry.key);
        if (!cue) continue;
        for (const std::string& word : entry.words) cues.push_back({*cue, word});
    }
    return cues;
}

FinderPtr make_finder(const config::AssistantConfig& assistant,
                      std::vector<understand::EntityName> names) {
    return std::make_shared<const understand::EntityFinder>(std::move(names),
                                                            assistant.order_pattern);
}

std::shared_ptr<const understand::Understander> make_understander(
    const config::AssistantConfig& assistant, FinderPtr finder,
    understand::TrainedIntents trained) {
    std::vector<float> bases;
    if (trained.classifier) {
        for (const std::string& label : trained.classifier->labels())
            bases.push_back(
                static_cast<float>(assistant.intents.intents.at(label).base_complexity));
    }
    return std::make_shared<const understand::Understander>(std::move(finder), std::move(trained),
                                                            std::move(bases));
}

std::shared_ptr<const understand::Understander> train_assistant(
    const config::AssistantConfig& assistant, FinderPtr finder,
    const understand::SentenceVector& vector_of) {
    if (assistant.intents.intents.empty())
        return make_understander(assistant, std::move(finder), {});
    std::vector<std::string> negatives;
    for (Example& example : side_by_side({}, assistant.intents.out_of_scope))
        negatives.push_back(std::move(example.text));
    auto trained = understand::train_intents(examples_of(assistant.intents), negatives, *finder,
                                             {.vector_of = vector_of});
    return make_understander(assistant, std::move(finder), std::move(trained));
}

config::Problems check_accuracy(const config::AssistantConfig& assistant,
                                const understand::Understander& understander) {
    const understand::CrossValidation& validation = understander.intents().cross_validation;
    if (validation.accuracy() >= assistant.intent_accuracy_min) return {};
    const std::vector<Example> examples = examples_of(assistant.intents);
    config::Problems problems{assistant.places.problem(
        "intent_accuracy_min",
        fmt::format("the intents are told apart in only {:.1f} % of their own examples "
                    "(cross-validation), {:.1f} % are required",
                    100 * validation.accuracy(), 100 * assistant.intent_accuracy_min))};
    for (const auto& confusion : validation.confusions()) {
        if (problems.size() > kShownConfusions) break;
        std::string shown;
        for (size_t i = 0; i < std::min(kShownExamples, confusion.examples.size()); ++i)
            shown += fmt::format(" '{}'", examples[confusion.examples[i]].text);
        problems.push_back(
            {.file = fmt::format("{}/intents/{}.yaml", assistant.folder,
                                 understander.label(confusion.truth)),
             .text = fmt::format("{} examples are taken for {}:{}", confusion.examples.size(),
                                 understander.label(confusion.predicted), shown)});
    }
    return problems;
}

tl::expected<gate::Weights, config::Problems> gate_weights_of(
    const config::AssistantConfig& assistant) {
    if (assistant.gate_weights.empty()) return gate::prior_weights();
    auto weights = gate::parse_weights(assistant.gate_weights);
    if (weights) return *weights;
    return tl::unexpected(config::Problems{
        {.file = assistant.folder + "/gate.txt", .text = weights.error().internal}});
}

tl::expected<model::StateProbes, config::Problems> probes_of(
    const config::AssistantConfig& assistant) {
    model::StateProbes probes;
    config::Problems problems;
    for (const auto& [name, text] : assistant.probes) {
        const std::string file = assistant.folder + "/probes/" + name;
        auto probe = model::parse_state_probe(text);
        if (!probe) {
            problems.push_back({.file = file, .text = probe.error().internal});
            continue;
        }
        const std::string model = probe->model;
        if (!probes.emplace(model, std::make_shared<const model::StateProbe>(std::move(*probe)))
                 .second)
            problems.push_back({.file = file, .text = "a second probe for the model " + model});
    }
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return probes;
}

std::string why_no_neighbours(const understand::TrainedIntents& trained) {
    if (!trained.second_opinion || trained.second_opinion->neighbours() > 0) return {};
    return fmt::format("{} examples, those out of scope included, are more than {}",
                       trained.examples, understand::Neighbours::kExamplesMax);
}

understand::SentenceVector load_sentence_vectors() {
    const auto embedder = model::UseEmbedder::load(model::UseEmbedder::default_path());
    if (!embedder) return {};
    return [embedder = *embedder](std::string_view text) { return embedder->embed(text); };
}

}  // namespace hayate::cli
