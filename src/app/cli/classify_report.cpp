#include "app/cli/classify_report.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "app/cli/terminal.hpp"
#include "app/cli/understanding.hpp"
#include "core/base/json_text.hpp"
#include "core/text/utf8.hpp"

namespace hayate::cli {
namespace {

using understand::Evaluation;
using understand::Judged;
using understand::Understander;
using understand::Understood;

constexpr size_t kShortCharacters = 200;
constexpr size_t kShownConfusions = 10;

size_t characters_of(std::string_view text) {
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++count) (void)text::next_code_point(text, at);
    return count;
}

Percentiles percentiles_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::ranges::sort(values);
    const auto at = [&](double share) {
        return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return {.count = values.size(), .p50 = at(0.5), .p99 = at(0.99), .p999 = at(0.999)};
}

/// What was said about each message, and how much thought it was given.
class Sheet {
  public:
    explicit Sheet(const std::vector<std::string>& labels) : labels_(labels) {}

    void add(const LabelledMessage& message, const Understood& understood) {
        const understand::Prediction& prediction = understood.prediction;
        Judged one{.language = message.language,
                   .predicted = prediction.label,
                   .probability = prediction.probabilities[prediction.label],
                   .margin = prediction.margin,
                   .set_size = static_cast<uint32_t>(prediction.set.size()),
                   .is_in_scope = prediction.is_in_scope};
        if (message.intent != kOosIntent) {
            const auto label = std::ranges::lower_bound(labels_, message.intent) - labels_.begin();
            one.truth = static_cast<uint32_t>(label);
            one.is_in_set = std::ranges::count(prediction.set, *one.truth) > 0;
            add_tier(message.tier, understand::name_of(understood.complexity.tier()));
        }
        judged_.push_back(std::move(one));
    }
    [[nodiscard]] Marks marks(size_t asked) const {
        const auto share = [](size_t part, size_t all) {
            return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
        };
        return {.evaluation = understand::evaluate(judged_, labels_.size()),
                .tiers = {.messages = tiers_,
                          .right = share(tiers_ - under_ - over_, tiers_),
                          .under = share(under_, tiers_),
                          .over = share(over_, tiers_)},
                .asked = share(asked, judged_.size())};
    }

  private:
    void add_tier(std::string_view truth, std::string_view found) {
        static constexpr std::string_view kOrder = "LMH";
        if (truth == "-") return;
        ++tiers_;
        under_ += kOrder.find(found) < kOrder.find(truth) ? 1 : 0;
        over_ += kOrder.find(found) > kOrder.find(truth) ? 1 : 0;
    }

    const std::vector<std::string>& labels_;
    std::vector<Judged> judged_;
    size_t tiers_ = 0;
    size_t under_ = 0;
    size_t over_ = 0;
};

/// None when the message was read as its label says.
std::optional<Mistake> mistake_of(const LabelledMessage& message, const Understood& understood,
                                  const std::vector<std::string>& labels) {
    const understand::Prediction& prediction = understood.prediction;
    const std::string& said = prediction.is_in_scope ? labels[prediction.label] : kOosIntent;
    if (said == message.intent) return std::nullopt;
    return Mistake{.truth = message.intent,
                   .said = said,
                   .probability = prediction.probabilities[prediction.label],
                   .text = message.text};
}

std::string json(const Percentiles& micros) {
    return fmt::format(R"({{"queries":{},"p50":{:.2f},"p99":{:.2f},"p99_9":{:.2f}}})", micros.count,
                       micros.p50, micros.p99, micros.p999);
}

std::string json(const Marks& marks, const std::vector<std::string>& labels) {
    const Evaluation& of = marks.evaluation;
    std::string languages;
    for (const auto& [language, accuracy] : of.by_language) {
        languages += fmt::format("{}{}:{:.4f}", languages.empty() ? "" : ",",
                                 base::json_string(language), accuracy);
    }
    std::string confusions;
    for (const auto& [truth, predicted, count] : of.confusions) {
        confusions += fmt::format(R"({}{{"truth":{},"predicted":{},"count":{}}})",
                                  confusions.empty() ? "" : ",", base::json_string(labels[truth]),
                                  base::json_string(labels[predicted]), count);
    }
    std::string tiers = "null";
    if (marks.tiers.messages > 0) {
        tiers = fmt::format(R"({{"messages":{},"right":{:.4f},"under":{:.4f},"over":{:.4f}}})",
                            marks.tiers.messages, marks.tiers.right, marks.tiers.under,
                            marks.tiers.over);
    }
    return fmt::format(
        R"({{"in_scope":{},"oos":{},"accuracy":{:.4f},"macro_f1":{:.4f},"by_language":{{{}}},)"
        R"("ece":{:.4f},"oos_auroc":{},"in_scope_kept":{:.4f},"oos_found":{:.4f},)"
        R"("set_coverage":{:.4f},"set_size":{:.4f},"singletons":{:.4f},)"
        R"("accuracy_of_singletons":{:.4f},"tiers":{},"confusions":[{}]}})",
        of.in_scope, of.out_of_scope, of.accuracy, of.macro_f1, languages, of.calibration_error,
        of.auroc ? fmt::format("{:.4f}", *of.auroc) : "null", of.in_scope_kept,
        of.out_of_scope_found, of.coverage, of.set_size, of.singletons, of.accuracy_of_singletons,
        tiers, confusions);
}

void print_marks(const Marks& marks, const std::vector<std::string>& labels) {
    const Evaluation& of = marks.evaluation;
    std::string languages;
    for (const auto& [language, accuracy] : of.by_language)
        languages += fmt::format("  {} {:.2f} %", language, 100 * accuracy);
    print_line(fmt::format("  accuracy       {:.2f} % of {} in scope; macro F1 {:.2f} %",
                           100 * of.accuracy, of.in_scope, 100 * of.macro_f1));
    print_line("  by language  " + languages);
    print_line(fmt::format("  calibration    ECE {:.2f} %", 100 * of.calibration_error));
    print_line(fmt::format(
        "  95 % set       holds the truth in {:.2f} %; {:.2f} labels, {:.1f} % "
        "are one label, right in {:.2f} %",
        100 * of.coverage, of.set_size, 100 * of.singletons, 100 * of.accuracy_of_singletons));
    if (of.auroc) {
        print_line(fmt::format(
            "  out of scope   AUROC {:.4f}; {:.1f} % of {} found, {:.1f} % of "
            "the others kept",
            *of.auroc, 100 * of.out_of_scope_found, of.out_of_scope, 100 * of.in_scope_kept));
    } else {
        print_line(fmt::format("  in scope kept  {:.1f} %", 100 * of.in_scope_kept));
    }
    if (marks.tiers.messages > 0) {
        print_line(fmt::format("  tiers          {:.1f} % right, {:.1f} % under, {:.1f} % over",
                               100 * marks.tiers.right, 100 * marks.tiers.under,
                               100 * marks.tiers.over));
    }
    for (size_t i = 0; i < std::min(kShownConfusions, of.confusions.size()); ++i) {
        const auto& [truth, predicted, count] = of.confusions[i];
        print_line(fmt::format("  {} {} × {} taken for {}",
                               i == 0 ? "confused      " : "              ", count, labels[truth],
                               labels[predicted]));
    }
}

}  // namespace

double thread_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

ClassifyReport measure(const Understander& understander,
                       const understand::SentenceVector& vector_of,
                       const std::vector<LabelledMessage>& messages) {
    const auto& intents = understander.intents();
    ClassifyReport report{.labels = intents.classifier->labels(),
                          .cross_validation = intents.cross_validation.accuracy(),
                          .features = intents.classifier->feature_count()};
    const bool has_second = intents.second_opinion != nullptr;
    Sheet plain(report.labels);
    Sheet reconsidered(report.labels);
    std::vector<double> micros;
    std::vector<double> micros_short;
    std::vector<double> micros_second;
    Understood understood;
    // Timed on their own, after a round that warms the caches: marks and second opinions in between
    // would be measured as well.
    for (const LabelledMessage& message : messages)
        understander.understand(message.text, 0, understood);
    for (const LabelledMessage& message : messages) {
        const double begin = thread_seconds();
        understander.understand(message.text, 0, understood);
        micros.push_back((thread_seconds() - begin) * 1e6);
        if (characters_of(message.text) <= kShortCharacters) micros_short.push_back(micros.back());
    }
    for (const LabelledMessage& message : messages) {
        understander.understand(message.text, 0, understood);
        plain.add(message, understood);
        if (has_second && understood.prediction.is_ambiguous()) {
            const double asked = thread_seconds();
            understander.reconsider(vector_of(message.text), 0, understood);
            micros_second.push_back((thread_seconds() - asked) * 1e6);
        }
        if (has_second) reconsidered.add(message, understood);
        if (auto mistake = mistake_of(message, understood, report.labels))
            report.mistakes.push_back(std::move(*mistake));
    }
    report.ngrams = plain.marks(0);
    if (has_second) report.neighbours = intents.second_opinion->neighbours();
    report.why_no_neighbours = why_no_neighbours(intents);
    if (has_second) report.second_opinion = reconsidered.marks(micros_second.size());
    report.micros = percentiles_of(std::move(micros));
    report.micros_short = percentiles_of(std::move(micros_short));
    report.micros_second = percentiles_of(std::move(micros_second));
    return report;
}

std::string to_json(const ClassifyReport& report) {
    std::string mistakes;
    for (const auto& [truth, said, probability, text] : report.mistakes) {
        mistakes += fmt::format(R"({}{{"truth":{},"said":{},"probability":{:.4f},"text":{}}})",
                                mistakes.empty() ? "" : ",", base::json_string(truth),
                                base::json_string(said), probability, base::json_string(text));
    }
    std::string second = "null";
    if (report.second_opinion) {
        second = fmt::format(R"({{"training_seconds":{:.3f},"neighbours":{},"asked":{:.4f},)"
                             R"("latency_us":{},"marks":{}}})",
                             report.training.second_opinion, report.neighbours,
                             report.second_opinion->asked, json(report.micros_second),
                             json(*report.second_opinion, report.labels));
    }
    return fmt::format(
        R"({{"intents":{},"features":{},"training_seconds":{:.3f},)"
        R"("cross_validation_accuracy":{:.4f},"latency_us":{},"latency_us_200_characters":{},)"
        R"("ngrams":{},"second_opinion":{},"mistakes":[{}]}})",
        report.labels.size(), report.features, report.training.ngrams, report.cross_validation,
        json(report.micros), json(report.micros_short), json(report.ngrams, report.labels), second,
        mistakes);
}

void print_report(const ClassifyReport& report) {
    print_line(
        fmt::format("{} intents, {} features; trained in {:.2f} s of CPU, "
                    "cross-validation {:.2f} %",
                    report.labels.size(), report.features, report.training.ngrams,
                    100 * report.cross_validation));
    print_line(bold("n-grams alone"));
    print_marks(report.ngrams, report.labels);
    const auto latency = [](const char* what, const Percentiles& micros) {
        print_line(fmt::format("  {} p50 {:.1f}  p99 {:.1f}  p99.9 {:.1f} µs of thread CPU ({})",
                               what, micros.p50, micros.p99, micros.p999, micros.count));
    };
    latency("latency       ", report.micros);
    latency("≤ 200 chars   ", report.micros_short);
    if (!report.second_opinion) {
        print_line(
            dim("No second opinion: the embedder's weights are not there "
                "(tools/fetch-embedder.py)."));
        return;
    }
    print_line(bold("with the second opinion") +
               fmt::format(", asked for {:.1f} %; {:.1f} s more to train",
                           100 * report.second_opinion->asked, report.training.second_opinion));
    if (!report.why_no_neighbours.empty())
        print_line("  without neighbours: " + report.why_no_neighbours);
    print_marks(*report.second_opinion, report.labels);
    latency("its latency   ", report.micros_second);
}

void print_mistakes(const std::vector<Mistake>& mistakes) {
    print_line(bold(fmt::format("{} read as something else", mistakes.size())));
    for (const auto& [truth, said, probability, text] : mistakes)
        print_line(
            fmt::format("  {:<16} {:<16} {:>5.1f} %  {}", truth, said, 100 * probability, text));
}

}  // namespace hayate::cli
