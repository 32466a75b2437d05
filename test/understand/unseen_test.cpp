// MangaAssist on messages that its examples were not written for (README.md): the share that is
// read right must hold, and no example may be made after one of them.

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/cli/messages_file.hpp"
#include "app/cli/names.hpp"
#include "app/cli/understanding.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/understand/evaluation.hpp"
#include "engine/understand/reading.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::understand {
namespace {

using cli::LabelledMessage;

std::vector<LabelledMessage> messages_of(const std::string& name) {
    config::Problems problems;
    auto messages =
        cli::read_messages((test::source_dir() / "test/understand" / name).string(), problems);
    EXPECT_TRUE(problems.empty()) << config::format(problems);
    EXPECT_FALSE(messages.empty());
    return messages;
}

const config::AssistantConfig& assistant() {
    static const auto config =
        config::load_assistant((test::source_dir() / "assistants/mangaassist").string());
    EXPECT_TRUE(config) << config::format(config.error());
    return *config;
}

/// What was said about each message, n-grams alone or with the second opinion of those that are
/// ambiguous.
Evaluation measure(const Understander& understander, const std::vector<LabelledMessage>& messages,
                   const SentenceVector& vector_of) {
    const auto& labels = understander.intents().classifier->labels();
    std::vector<Judged> judged;
    Understood understood;
    for (const LabelledMessage& message : messages) {
        understander.understand(message.text, 0, understood);
        if (vector_of && understood.prediction.is_ambiguous())
            understander.reconsider(vector_of(message.text), 0, understood);
        const Prediction& said = understood.prediction;
        Judged& one = judged.emplace_back(Judged{.language = message.language,
                                                 .predicted = said.label,
                                                 .probability = said.probabilities[said.label],
                                                 .margin = said.margin,
                                                 .is_in_scope = said.is_in_scope});
        if (message.intent == cli::kOosIntent) continue;
        const auto label = std::ranges::find(labels, message.intent) - labels.begin();
        one.truth = static_cast<uint32_t>(label);
    }
    return evaluate(judged, labels.size());
}

void expect_languages_alike(const Evaluation& of) {
    EXPECT_NEAR(of.by_language.at("en"), of.by_language.at("ja"), 0.05);
}

std::shared_ptr<const Understander> train(const SentenceVector& vector_of) {
    auto names = cli::load_names(assistant().folder);
    if (!names) return nullptr;
    return cli::train_assistant(assistant(), cli::make_finder(assistant(), std::move(*names)),
                                vector_of);
}

TEST(UnseenMessages, AreReadRightByNgramsAlone) {
    const auto understander = train({});
    ASSERT_TRUE(understander);
    const Evaluation of = measure(*understander, messages_of("unseen.tsv"), {});
    EXPECT_GE(of.accuracy, 0.94);
    expect_languages_alike(of);
    EXPECT_GE(of.auroc.value_or(0), 0.97);
    EXPECT_GE(of.in_scope_kept, 0.95);
    EXPECT_GE(of.out_of_scope_found, 0.7);
    const Evaluation unread = measure(*understander, messages_of("unseen_third.tsv"), {});
    EXPECT_GE(unread.accuracy, 0.88);
    expect_languages_alike(unread);
    EXPECT_GE(unread.auroc.value_or(0), 0.93);
}

/// Asked back is who would otherwise be misunderstood as often as not, and hardly anybody.
void expect_rarely_asked_back(const Understander& understander, const SentenceVector& vector_of) {
    size_t messages = 0;
    size_t asked = 0;
    size_t named = 0;
    Understood understood;
    for (const std::string name : {"unseen.tsv", "unseen_again.tsv", "unseen_third.tsv"}) {
        for (const LabelledMessage& message : messages_of(name)) {
            understander.understand(message.text, 0, understood);
            if (understood.prediction.is_ambiguous())
                understander.reconsider(vector_of(message.text), 0, understood);
            const auto about = turn::intents_to_ask_about(reading_of(understander, understood),
                                                          assistant(), message.language);
            ++messages;
            asked += about.empty() ? 0 : 1;
            named += static_cast<size_t>(std::ranges::count(about, message.intent));
        }
    }
    EXPECT_GT(asked, 0U);
    EXPECT_LT(static_cast<double>(asked), 0.03 * static_cast<double>(messages));
    EXPECT_GE(static_cast<double>(named), 0.8 * static_cast<double>(asked));
}

TEST(UnseenMessages, AreReadBetterWithTheSecondOpinion) {
    const SentenceVector vector_of = cli::load_sentence_vectors();
    ASSERT_TRUE(vector_of) << "the embedder's weights are missing: tools/fetch-embedder.py";
    const auto understander = train(vector_of);
    ASSERT_TRUE(understander);
    const Evaluation of = measure(*understander, messages_of("unseen.tsv"), vector_of);
    EXPECT_GE(of.accuracy, 0.96);
    expect_languages_alike(of);
    EXPECT_LE(of.calibration_error, 0.03);
    EXPECT_GE(of.auroc.value_or(0), 0.98);
    EXPECT_GE(of.in_scope_kept, 0.96);
    EXPECT_GE(of.out_of_scope_found, 0.92);
    const Evaluation again = measure(*understander, messages_of("unseen_again.tsv"), vector_of);
    EXPECT_GE(again.accuracy, 0.9);
    expect_languages_alike(again);
    EXPECT_GE(again.auroc.value_or(0), 0.97);
    const Evaluation unread = measure(*understander, messages_of("unseen_third.tsv"), vector_of);
    EXPECT_GE(unread.accuracy, 0.93);
    expect_languages_alike(unread);
    EXPECT_GE(unread.auroc.value_or(0), 0.96);
    expect_rarely_asked_back(*understander, vector_of);
}

/// Three letters in a row, words apart; sorted.
using Trigrams = std::vector<uint64_t>;

Trigrams trigrams_of(std::string_view text) {
    text::Units units;
    units.read(text);
    std::vector<char32_t> letters{U' '};
    for (size_t i = 0; i < units.all().size(); ++i) {
        if (i > 0 && !units.is_glued(i)) letters.push_back(U' ');
        const auto of = units.letters(units.all()[i]);
        letters.insert(letters.end(), of.begin(), of.end());
    }
    letters.push_back(U' ');
    Trigrams trigrams;
    for (size_t i = 0; i + 2 < letters.size(); ++i)
        trigrams.push_back(text::mix(text::mix(letters[i], letters[i + 1]), letters[i + 2]));
    std::ranges::sort(trigrams);
    trigrams.erase(std::ranges::unique(trigrams).begin(), trigrams.end());
    return trigrams;
}

double likeness(const Trigrams& a, const Trigrams& b) {
    Trigrams common;
    std::ranges::set_intersection(a, b, std::back_inserter(common));
    const auto both = static_cast<double>(common.size());
    return both == 0 ? 0 : both / (static_cast<double>(a.size() + b.size()) - both);
}

TEST(UnseenMessages, NoExampleIsMadeAfterOneOfThem) {
    constexpr double kAlike = 0.7;
    std::vector<std::string> examples;
    const auto add = [&](const std::map<std::string, std::vector<std::string>>& languages) {
        for (const auto& [language, texts] : languages)
            examples.insert(examples.end(), texts.begin(), texts.end());
    };
    for (const auto& [name, intent] : assistant().intents.intents) add(intent.examples);
    add(assistant().intents.out_of_scope);
    std::vector<Trigrams> trigrams;
    for (const std::string& example : examples) trigrams.push_back(trigrams_of(example));
    ASSERT_GT(likeness(trigrams_of("Where is my order?"), trigrams_of("where's my order")), 0.5);
    for (const std::string name : {"unseen.tsv", "unseen_again.tsv", "unseen_third.tsv"}) {
        for (const LabelledMessage& message : messages_of(name)) {
            const auto of = trigrams_of(message.text);
            for (size_t i = 0; i < examples.size(); ++i) {
                EXPECT_LT(likeness(of, trigrams[i]), kAlike)
                    << fmt::format("{}:{} '{}' is like the example '{}'", name, message.line,
                                   message.text, examples[i]);
            }
        }
    }
}

}  // namespace
}  // namespace hayate::understand
