// hayate classify: explains what is understood of a message, and measures it on labelled ones.

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/classify_explain.hpp"
#include "app/cli/classify_report.hpp"
#include "app/cli/names.hpp"
#include "app/cli/setup.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/understanding.hpp"
#include "core/base/nearest.hpp"

namespace hayate::cli {
namespace {

using understand::Understander;
using understand::Understood;
using UnderstanderPtr = std::shared_ptr<const Understander>;

struct ClassifyOptions {
    ConfigOptions config;
    std::string text;
    std::string train;
    std::string test;
    bool json = false;
    bool shows_mistakes = false;
    bool is_plain = false;  // without the second opinion
};

/// The program's exit, when something went wrong on the way.
struct Failure {
    int exit_code = kFailed;
};
template <class T>
using Outcome = tl::expected<T, Failure>;

tl::unexpected<Failure> refuse(const config::Problems& problems) {
    print_problems(problems);
    return tl::unexpected(Failure{kWrongConfig});
}

int refuse_exit(const config::Problems& problems) {
    print_problems(problems);
    return kWrongConfig;
}

// ---- where the understanding comes from --------------------------------------------------------

config::Problems check_training(const std::vector<understand::Example>& examples,
                                const std::string& file) {
    const bool has_two = std::ranges::any_of(examples, [&](const understand::Example& example) {
        return example.intent != examples.front().intent;
    });
    if (has_two) return {};
    return {{.file = file, .text = "at least two intents are needed"}};
}

Outcome<UnderstanderPtr> train_on_file(const std::string& file,
                                       const understand::SentenceVector& vector_of) {
    config::Problems problems;
    const auto messages = read_messages(file, problems);
    std::vector<understand::Example> examples;
    std::vector<std::string> negatives;
    for (const LabelledMessage& message : messages) {
        if (message.intent == kOosIntent) {
            negatives.push_back(message.text);
        } else {
            examples.push_back({message.text, message.intent, message.language});
        }
    }
    if (problems.empty()) config::append(problems, check_training(examples, file));
    if (!problems.empty()) return refuse(problems);
    const auto finder = std::make_shared<const understand::EntityFinder>();
    auto trained =
        understand::train_intents(examples, negatives, *finder, {.vector_of = vector_of});
    const size_t labels = trained.classifier->labels().size();
    return std::make_shared<const Understander>(finder, std::move(trained),
                                                std::vector<float>(labels, 0.5F));
}

Outcome<UnderstanderPtr> train_on_assistant(const ConfigOptions& options,
                                            const understand::SentenceVector& vector_of) {
    const auto setup = load_setup(options);
    if (!setup) return refuse(setup.error());
    if (!setup->assistant || setup->assistant->intents.intents.empty()) {
        print_error("the assistant has no intents (intents/*.yaml)");
        return tl::unexpected(Failure{kWrongConfig});
    }
    auto names = load_names(setup->assistant->folder);
    if (!names) {
        print_error(names.error());
        return tl::unexpected(Failure{kWrongConfig});
    }
    return train_assistant(*setup->assistant, make_finder(*setup->assistant, std::move(*names)),
                           vector_of);
}

Outcome<UnderstanderPtr> train(const ClassifyOptions& options,
                               const understand::SentenceVector& vector_of) {
    return options.train.empty() ? train_on_assistant(options.config, vector_of)
                                 : train_on_file(options.train, vector_of);
}

// ---- one message -------------------------------------------------------------------------------

int explain_text(const ClassifyOptions& options, UnderstanderPtr understander,
                 const understand::SentenceVector& vector_of) {
    Understood understood;
    understander->understand(options.text, 0, understood);
    const bool is_asked = vector_of && understood.prediction.is_ambiguous();
    if (is_asked) {
        // Only now is the head worth the seconds that it takes to train.
        auto with_head = train(options, vector_of);
        if (!with_head) return with_head.error().exit_code;
        understander = std::move(*with_head);
        understander->understand(options.text, 0, understood);
        understander->reconsider(vector_of(options.text), 0, understood);
    }
    const auto setup = load_setup(options.config);
    const bool has_approach = options.train.empty() && setup && setup->assistant;
    const Explained explained{.understander = *understander,
                              .understood = understood,
                              .is_reconsidered = is_asked,
                              .assistant = has_approach ? &*setup->assistant : nullptr};
    if (options.json) {
        print_line(explanation_json(explained));
    } else {
        print_explanation(explained);
    }
    return kOk;
}

// ---- many messages -----------------------------------------------------------------------------

config::Problems check_intents(const std::vector<LabelledMessage>& messages,
                               const std::string& file, const std::vector<std::string>& labels) {
    config::Problems problems;
    for (const LabelledMessage& message : messages) {
        if (message.intent == kOosIntent || std::ranges::binary_search(labels, message.intent)) {
            continue;
        }
        problems.push_back({.file = file,
                            .line = message.line,
                            .text = fmt::format("the intent '{}' was not trained{}", message.intent,
                                                base::did_you_mean(message.intent, labels))});
    }
    return problems;
}

int test_file(const ClassifyOptions& options, const Understander& understander,
              const std::vector<LabelledMessage>& messages,
              const understand::SentenceVector& vector_of, const TrainingSeconds& seconds) {
    const auto& labels = understander.intents().classifier->labels();
    const config::Problems problems = check_intents(messages, options.test, labels);
    if (!problems.empty()) return refuse_exit(problems);
    ClassifyReport report = measure(understander, vector_of, messages);
    report.training = seconds;
    if (options.json) {
        print_line(to_json(report));
    } else {
        print_report(report);
        if (options.shows_mistakes) print_mistakes(report.mistakes);
    }
    return kOk;
}

int run_classify(const ClassifyOptions& options) {
    const bool is_test = !options.test.empty();
    if (options.text.empty() != is_test) {
        print_error("give a message, or --test FILE");
        return kWrongUsage;
    }
    config::Problems problems;
    std::vector<LabelledMessage> messages;
    if (is_test) messages = read_messages(options.test, problems);
    if (!problems.empty()) return refuse_exit(problems);

    understand::SentenceVector vector_of;
    if (!options.is_plain) vector_of = load_sentence_vectors();
    const double begin = thread_seconds();
    auto understander = train(options, {});
    const TrainingSeconds seconds{.ngrams = thread_seconds() - begin};
    if (!understander) return understander.error().exit_code;
    if (!is_test) return explain_text(options, std::move(*understander), vector_of);
    if (vector_of) understander = train(options, vector_of);
    if (!understander) return understander.error().exit_code;
    return test_file(options, **understander, messages, vector_of,
                     {seconds.ngrams, thread_seconds() - begin - 2 * seconds.ngrams});
}

}  // namespace

void add_classify(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand(
        "classify", "explain what is understood of a message, or measure it on a file of them");
    command->footer(
        "Files are tab-separated: intent, language, tier (L, M, H or -), text. The intent 'oos'\n"
        "marks what is out of scope.\n\nExamples:\n"
        "  hayate classify 'Where is my order MNG-78901?'\n"
        "  hayate classify --test messages.tsv\n"
        "  hayate classify --train train.tsv --test test.tsv --json");
    const auto options = std::make_shared<ClassifyOptions>();
    add_config_options(*command, options->config);
    command->add_option("text", options->text, "the message");
    command->add_option("--test", options->test, "labelled messages to measure on")
        ->type_name("FILE");
    command
        ->add_option("--train", options->train,
                     "train on this file instead of the assistant's examples")
        ->type_name("FILE");
    command->add_flag("--no-second-opinion", options->is_plain,
                      "n-grams alone, even where the embedder is installed");
    command->add_flag("--mistakes", options->shows_mistakes,
                      "with --test: show the messages that are not read as their labels say");
    command->add_flag("--json", options->json, "for scripts");
    command->callback([=, &exit_code] { exit_code = run_classify(*options); });
}

}  // namespace hayate::cli
