#include "app/cli/understanding.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/text/tokens.hpp"
#include "engine/turn/describe.hpp"
#include "io/model/embedder/use_embedder.hpp"
#include "io/store/import/folder.hpp"

namespace hayate::cli {
namespace {

using understand::EntityKind;
using understand::EntityName;
using understand::Example;

// A title of one word that so many other texts use as well is an ordinary word.
constexpr size_t kCommonTextsMin = 3;
constexpr size_t kShownConfusions = 5;
constexpr size_t kShownExamples = 3;

/// How many of the catalog's and the FAQ's texts have a word.
class WordCounts {
  public:
    void add(std::string_view text) {
        std::vector<std::string> words = text::search_tokens(text);
        std::ranges::sort(words);
        words.erase(std::ranges::unique(words).begin(), words.end());
        for (std::string& word : words) ++counts_[std::move(word)];
    }
    /// A name of several words is no ordinary word.
    [[nodiscard]] bool is_common(std::string_view name) const {
        const std::vector<text::Run> runs = text::runs_of(name);
        if (runs.size() != 1 || runs[0].kind != text::Run::Kind::kWord) return false;
        const auto found = counts_.find(runs[0].folded);
        return found != counts_.end() && found->second >= kCommonTextsMin;
    }

  private:
    std::map<std::string, size_t> counts_;
};

/// "Kaguya-sama: Love Is War" is called by what stands before the colon.
std::string main_title(const std::string& title) {
    constexpr size_t kShortest = 5;
    const size_t colon = title.find(": ");
    return colon == std::string::npos || colon < kShortest ? std::string() : title.substr(0, colon);
}

/// What the vocabulary's keys are: the catalog says it by using them.
std::map<std::string, EntityKind> kinds_of_keys(const store::FolderData& data) {
    std::map<std::string, EntityKind> kinds;
    if (data.series) {
        for (const store::Series& series : data.series->values) {
            for (const std::string& genre : series.genres) kinds[genre] = EntityKind::kGenre;
            kinds[series.demographic] = EntityKind::kAudience;
            kinds[series.status] = EntityKind::kState;
        }
    }
    if (data.products) {
        for (const store::Product& product : data.products->values) {
            // An ordinary volume is what everything is: its words say nothing.
            if (product.kind != "volume") kinds[product.kind] = EntityKind::kFormat;
            kinds[product.language] = EntityKind::kLanguage;
        }
    }
    return kinds;
}

/// "Oda Eiichiro" for "Eiichiro Oda"; empty for names that are not of two words.
std::string family_name_first(const std::string& name) {
    const size_t blank = name.find(' ');
    if (blank == std::string::npos || name.find(' ', blank + 1) != std::string::npos) return {};
    return name.substr(blank + 1) + " " + name.substr(0, blank);
}

void add_series(const store::Series& series, const WordCounts& counts,
                std::vector<EntityName>& names) {
    std::vector<std::string> titles = series.aliases;
    titles.insert(titles.end(),
                  {series.title.en, series.title.ja, series.romaji, main_title(series.title.en)});
    for (const std::string& title : titles) {
        names.push_back({EntityKind::kTitle, series.id, title, !counts.is_common(title)});
    }
    for (const store::LocalText& author : series.authors) {
        const std::string& value = author.in("en");
        names.push_back({EntityKind::kPerson, value, author.en});
        names.push_back({EntityKind::kPerson, value, family_name_first(author.en)});
        names.push_back({EntityKind::kPerson, value, author.ja});
    }
}

std::vector<EntityName> names_of(const store::FolderData& data) {
    WordCounts counts;
    if (data.series) {
        for (const store::Series& series : data.series->values)
            counts.add(series.title.en + " " + series.description.en);
    }
    if (data.faq) {
        for (const store::FaqEntry& faq : data.faq->values)
            counts.add(faq.question.en + " " + faq.answer.en);
    }
    std::vector<EntityName> names;
    if (data.series) {
        for (const store::Series& series : data.series->values) add_series(series, counts, names);
    }
    const auto kinds = kinds_of_keys(data);
    for (const auto& [key, kind] : kinds) names.push_back({kind, key, key});
    if (data.words) {
        for (const store::WordEntry& entry : data.words->values) {
            const auto kind = kinds.find(entry.key);
            if (kind == kinds.end()) continue;
            for (const std::string& word : entry.words)
                names.push_back({kind->second, entry.key, word});
        }
    }
    return names;
}

std::vector<Example> examples_of(const config::IntentsConfig& intents) {
    std::vector<Example> examples;
    for (const auto& [name, intent] : intents.intents) {
        for (const auto& [language, texts] : intent.examples) {
            for (const std::string& text : texts) examples.push_back({text, name, language});
        }
    }
    return examples;
}

}  // namespace

Result<std::vector<EntityName>> load_names(const std::string& folder) {
    store::Problems problems;
    const auto data = store::read_folder(folder, turn::shop_today(), problems);
    if (!data) return fail(data.error());
    return names_of(*data);
}

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

Result<std::shared_ptr<const understand::Understander>> train_assistant(
    const config::AssistantConfig& assistant, const understand::SentenceVector& vector_of) {
    auto names = load_names(assistant.folder);
    if (!names) return fail(names.error());
    const auto finder = std::make_shared<const understand::EntityFinder>(std::move(*names),
                                                                         assistant.order_pattern);
    if (assistant.intents.intents.empty())
        return std::make_shared<const understand::Understander>(
            finder, understand::TrainedIntents(), std::vector<float>());
    std::vector<std::string> negatives;
    for (const auto& [language, texts] : assistant.intents.out_of_scope)
        negatives.insert(negatives.end(), texts.begin(), texts.end());
    auto trained = understand::train_intents(examples_of(assistant.intents), negatives, *finder,
                                             {.vector_of = vector_of});
    std::vector<float> bases;
    for (const std::string& label : trained.classifier->labels())
        bases.push_back(static_cast<float>(assistant.intents.intents.at(label).base_complexity));
    return std::make_shared<const understand::Understander>(finder, std::move(trained),
                                                            std::move(bases));
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

understand::SentenceVector load_sentence_vectors() {
    const auto embedder = model::UseEmbedder::load(model::UseEmbedder::default_path());
    if (!embedder) return {};
    return [embedder = *embedder](std::string_view text) { return embedder->embed(text); };
}

}  // namespace hayate::cli
