#include "engine/understand/training.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>

#include "engine/understand/calibration.hpp"
#include "engine/understand/kernels.hpp"
#include "engine/understand/scope.hpp"

namespace hayate::understand {
namespace {

/// Sentence vectors are short, dense and all alike in size: many gentle rounds, nothing left out.
constexpr TrainingOptions kHeadOptions{.epochs = 40,
                                       .first_rate = 0.3F,
                                       .last_rate = 0.03F,
                                       .smoothing = 0.05F,
                                       .dropout = 0.1F,
                                       .prior = 0};

class FeatureMaker {
  public:
    explicit FeatureMaker(const EntityFinder& finder) : finder_(finder) {}

    const Features& read(std::string_view message) {
        units_.read(message);
        finder_.find(units_, matches_, entities_);
        placeholders_of(entities_, placeholders_);
        features_.read(units_, placeholders_);
        return features_;
    }

  private:
    const EntityFinder& finder_;
    text::Units units_;
    std::vector<text::NameFinder::Match> matches_;
    std::vector<Entity> entities_;
    std::vector<Placeholder> placeholders_;
    Features features_;
};

/// Labels, features and samples: what every fold has in common.
struct Corpus {
    std::vector<std::string> labels;
    text::KeyTable table;
    Samples sparse;         // examples first, then negatives
    Samples dense;          // the same as sentence vectors; may be empty
    size_t dimensions = 0;  // of the sentence vectors
    size_t examples = 0;
    size_t neighbours_max = 0;
};

uint32_t label_of(const std::vector<std::string>& labels, const std::string& intent) {
    return static_cast<uint32_t>(std::ranges::lower_bound(labels, intent) - labels.begin());
}

void add_sparse(Corpus& corpus, const Features& features, uint32_t label, bool is_example) {
    for (size_t i = 0; i < kBlocks; ++i) {
        const auto hashes = features.of(static_cast<Block>(i));
        if (hashes.empty()) continue;
        const float value = value_of(static_cast<Block>(i), hashes.size());
        for (const uint64_t hash : hashes) {
            const auto fresh = static_cast<uint32_t>(corpus.table.size());
            const uint32_t row =
                is_example ? corpus.table.add(hash, fresh) : corpus.table.find(hash);
            if (row != text::KeyTable::kNone) corpus.sparse.add(row, value);
        }
    }
    corpus.sparse.close(label);
}

void add_dense(Corpus& corpus, const std::vector<float>& vector, uint32_t label) {
    corpus.dimensions = vector.size();
    for (uint32_t i = 0; i < vector.size(); ++i) corpus.dense.add(i, vector[i]);
    corpus.dense.close(label);
}

Corpus read_corpus(std::span<const Example> examples, std::span<const std::string> negatives,
                   const EntityFinder& finder, const TrainingPlan& plan) {
    Corpus corpus{.examples = examples.size(), .neighbours_max = plan.neighbours_max};
    for (const Example& example : examples) corpus.labels.push_back(example.intent);
    std::ranges::sort(corpus.labels);
    corpus.labels.erase(std::ranges::unique(corpus.labels).begin(), corpus.labels.end());
    FeatureMaker maker(finder);
    const auto add = [&](const std::string& text, uint32_t label, bool is_example) {
        add_sparse(corpus, maker.read(text), label, is_example);
        if (plan.vector_of) add_dense(corpus, plan.vector_of(text), label);
    };
    for (const Example& example : examples)
        add(example.text, label_of(corpus.labels, example.intent), true);
    for (const std::string& negative : negatives) add(negative, kNoLabel, false);
    return corpus;
}

/// Each intent's examples, and what is out of scope, are cut into as many stretches as there are
/// folds, in the order of the file: neighbours are often one person's variations of one sentence,
/// and dealt to different folds they would make unseen messages look easier than they are.
std::vector<std::vector<uint32_t>> deal(const Corpus& corpus, size_t folds) {
    std::vector<std::vector<uint32_t>> of_label(corpus.labels.size() + 1);
    for (uint32_t i = 0; i < corpus.sparse.size(); ++i)
        of_label[std::min<size_t>(corpus.sparse.labels[i], corpus.labels.size())].push_back(i);
    std::vector<std::vector<uint32_t>> dealt(folds);
    for (const auto& examples : of_label) {
        for (size_t i = 0; i < examples.size(); ++i)
            dealt[i * folds / examples.size()].push_back(examples[i]);
    }
    return dealt;
}

std::vector<uint32_t> all_of(const Corpus& corpus) {
    std::vector<uint32_t> all(corpus.sparse.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

Neighbours neighbours_in(const Corpus& corpus, std::span<const uint32_t> indexes) {
    if (corpus.dense.size() > corpus.neighbours_max) return {};
    return {corpus.dense, indexes, corpus.dimensions, corpus.labels.size()};
}

HeldOut empty_held_out(const Corpus& corpus) {
    return {.labels = corpus.labels.size(), .stride = padded(corpus.labels.size())};
}

/// What the neighbours of the messages that were held out say.
struct NeighbourTrial {
    HeldOut held_out;  // similarities for scores
    HeldOut negatives;
    std::vector<float> leans;  // of those held out
    std::vector<float> negative_leans;

    explicit NeighbourTrial(const Corpus& corpus)
        : held_out(empty_held_out(corpus)), negatives(empty_held_out(corpus)) {}

    void run(const Corpus& corpus, std::span<const uint32_t> among,
             std::span<const uint32_t> hold_out) {
        const Neighbours neighbours = neighbours_in(corpus, among);
        std::vector<float> memory;
        for (const uint32_t index : hold_out) {
            const size_t begin = corpus.dense.ends[index];
            const auto vector =
                std::span(corpus.dense.values).subspan(begin, corpus.dense.ends[index + 1] - begin);
            const bool is_negative = corpus.dense.labels[index] == kNoLabel;
            HeldOut& to = is_negative ? negatives : held_out;
            to.scores.resize(to.scores.size() + to.stride);
            to.truths.push_back(corpus.dense.labels[index]);
            const auto scores = std::span(to.scores).last(to.stride).first(to.labels);
            (is_negative ? negative_leans : leans)
                .push_back(neighbours.compare(vector, scores, memory));
        }
    }
};

/// One kind of model in cross-validation: the scores of what was held out.
class Trial {
  public:
    Trial(const Samples& samples, const Corpus& corpus, size_t features,
          const TrainingOptions& options)
        : held_out_(empty_held_out(corpus)),
          negatives_(empty_held_out(corpus)),
          samples_(samples),
          corpus_(corpus),
          features_(features),
          options_(options) {}

    void run(std::span<const uint32_t> train_on, std::span<const uint32_t> hold_out) {
        const Weights weights =
            train(samples_, train_on, features_, corpus_.labels.size(), options_);
        for (const uint32_t index : hold_out)
            add(samples_.labels[index] == kNoLabel ? negatives_ : held_out_, index, weights);
    }
    [[nodiscard]] Weights train_on_all() const {
        return train(samples_, all_of(corpus_), features_, corpus_.labels.size(), options_);
    }

    HeldOut held_out_;
    HeldOut negatives_;

  private:
    void add(HeldOut& to, size_t index, const Weights& weights) const {
        const size_t at = to.scores.size();
        to.scores.resize(at + to.stride);
        score(samples_, index, weights, &to.scores[at]);
        to.truths.push_back(samples_.labels[index]);
    }

    const Samples& samples_;
    const Corpus& corpus_;
    size_t features_;
    TrainingOptions options_;
};

/// `leans` may be empty.
std::vector<ScopeEvidence> evidence_of(const HeldOut& scores, float temperature,
                                       const std::vector<float>& leans) {
    std::vector<ScopeEvidence> evidence(scores.size());
    for (size_t i = 0; i < scores.size(); ++i) {
        evidence[i] = {.energy = energy_of(scores.of(i), temperature),
                       .lean = leans.empty() ? 0 : leans[i]};
    }
    return evidence;
}

Calibration calibrate(const HeldOut& held_out, const HeldOut& negatives, const TrainingPlan& plan,
                      const std::vector<float>& leans, const std::vector<float>& negative_leans) {
    const Temperature growing = fit_growing_temperature(held_out);
    const float temperature = fit_temperature(held_out);
    return {.temperature = growing,
            .set_threshold = fit_set_threshold(held_out, growing, plan.coverage),
            .energy_temperature = temperature,
            .scope = fit_scope(evidence_of(held_out, temperature, leans),
                               evidence_of(negatives, temperature, negative_leans),
                               negatives.size() > 0 ? plan.kept_min : plan.kept, temperature)};
}

CrossValidation outcomes_of(const HeldOut& held_out, std::span<const uint32_t> examples,
                            const Temperature& temperature) {
    CrossValidation validation;
    for (size_t i = 0; i < held_out.size(); ++i) {
        const auto scores = held_out.of(i);
        const auto best = std::ranges::max_element(scores);
        const float own = temperature.of(scores);
        const float energy = energy_of(scores, own);
        validation.outcomes.push_back({.example = examples[i],
                                       .truth = held_out.truths[i],
                                       .predicted = static_cast<uint32_t>(best - scores.begin()),
                                       .probability = std::exp((*best - energy) / own)});
    }
    return validation;
}

}  // namespace

TrainedIntents train_intents(std::span<const Example> examples,
                             std::span<const std::string> negatives, const EntityFinder& finder,
                             const TrainingPlan& plan) {
    Corpus corpus = read_corpus(examples, negatives, finder, plan);
    Trial words(corpus.sparse, corpus, corpus.table.size(), plan.options);
    Trial meaning(corpus.dense, corpus, corpus.dimensions, kHeadOptions);
    const bool has_meaning = corpus.dimensions > 0;

    NeighbourTrial neighbours(corpus);
    const auto dealt = deal(corpus, plan.folds);
    std::vector<uint32_t> held_out;
    for (size_t fold = 0; fold < plan.folds && held_out.size() < plan.held_out_max; ++fold) {
        std::vector<uint32_t> rest;
        for (size_t other = 0; other < plan.folds; ++other) {
            if (other != fold) rest.insert(rest.end(), dealt[other].begin(), dealt[other].end());
        }
        words.run(rest, dealt[fold]);
        if (has_meaning) {
            meaning.run(rest, dealt[fold]);
            neighbours.run(corpus, rest, dealt[fold]);
        }
        std::ranges::copy_if(dealt[fold], std::back_inserter(held_out),
                             [&](uint32_t index) { return index < corpus.examples; });
    }

    TrainedIntents trained{.examples = corpus.sparse.size()};
    const Calibration calibration = calibrate(words.held_out_, words.negatives_, plan, {}, {});
    trained.cross_validation = outcomes_of(words.held_out_, held_out, calibration.temperature);
    if (has_meaning) {
        const Mixture of_meaning = fit_mixture(meaning.held_out_, neighbours.held_out);
        const HeldOut meant = mix_scores(meaning.held_out_, neighbours.held_out, of_meaning);
        const Mixture mixture = fit_mixture(words.held_out_, meant);
        const HeldOut mixed = mix_scores(words.held_out_, meant, mixture);
        const HeldOut mixed_negatives =
            mix_scores(words.negatives_,
                       mix_scores(meaning.negatives_, neighbours.negatives, of_meaning), mixture);
        const Calibration of_mixed =
            calibrate(mixed, mixed_negatives, plan, neighbours.leans, neighbours.negative_leans);
        trained.with_second_opinion = outcomes_of(mixed, held_out, of_mixed.temperature);
        trained.second_opinion = std::make_shared<const SecondOpinion>(
            meaning.train_on_all(), neighbours_in(corpus, all_of(corpus)),
            Proportions{.words = mixture.first,
                        .head = mixture.second * of_meaning.first,
                        .nearest = mixture.second * of_meaning.second},
            of_mixed);
    }
    const Weights weights = words.train_on_all();
    trained.classifier = std::make_shared<const IntentClassifier>(
        std::move(corpus.labels), corpus.table, weights, calibration);
    return trained;
}

double CrossValidation::accuracy() const {
    if (outcomes.empty()) return 0;
    const auto right = std::ranges::count_if(
        outcomes, [](const Outcome& outcome) { return outcome.truth == outcome.predicted; });
    return static_cast<double>(right) / static_cast<double>(outcomes.size());
}

std::vector<CrossValidation::Confusion> CrossValidation::confusions() const {
    std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>> pairs;
    for (const Outcome& outcome : outcomes) {
        if (outcome.truth != outcome.predicted)
            pairs[{outcome.truth, outcome.predicted}].push_back(outcome.example);
    }
    std::vector<Confusion> all;
    all.reserve(pairs.size());
    for (auto& [pair, wrong] : pairs) all.push_back({pair.first, pair.second, std::move(wrong)});
    std::ranges::sort(all, std::ranges::greater(),
                      [](const Confusion& confusion) { return confusion.examples.size(); });
    return all;
}

}  // namespace hayate::understand
