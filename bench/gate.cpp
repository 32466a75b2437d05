// The gate over test/gate/answers.jsonl: what it catches at how many held tokens, by reason and by
// language, and what it costs.
//
//   hayate_bench_gate                  the tables, for the half that nothing was tuned on;
//                                      "can be escalated": all but the strong model's answers,
//                                      behind which there is no better one
//   hayate_bench_gate --mistakes       each answer that is judged wrongly, and why
//   hayate_bench_gate --evidence       what each answer has against it
//   hayate_bench_gate --tune           the same for the half that the weights are learned from
//   hayate_bench_gate --authors        those of authors.jsonl: many hands, hard on purpose
//   hayate_bench_gate --prior          with the weights that are set by hand
//   hayate_bench_gate --learn FILE     learns weights from the tuning half
//   hayate_bench_gate --cross-validate what that finds on questions of this half that it left out

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "bench/gate_learning.hpp"
#include "engine/gate/sentences.hpp"
#include "test/gate/labelled_answers.hpp"

namespace hayate::test {
namespace {

using gate::Feature;
using gate::GateOptions;
using gate::Profile;

struct Arguments {
    bool is_tune = false;
    bool is_of_authors = false;
    bool is_prior = false;
    bool has_mistakes = false;
    bool has_evidence = false;
    bool is_cross_validation = false;
    std::string learn;
};

/// Ids go up: what came later was labelled when the detectors for the rest were there.
struct Part {
    int first;
    std::string_view name;
};
constexpr std::array<Part, 6> kParts{{{1, "to a539"},
                                      {540, "a540 to a787"},
                                      {788, "a788 to a1093"},
                                      {1094, "a1094 to a2240"},
                                      {2241, "a2241 to a2672"},
                                      {2673, "from a2673"}}};

struct Corpus {
    std::vector<LabelledAnswer> answers;
    std::vector<std::shared_ptr<const gate::Grounds>> grounds;
};

Corpus corpus_of(const Arguments& arguments) {
    Corpus corpus;
    const bool is_tuning = arguments.is_tune || arguments.is_of_authors;
    for (LabelledAnswer& answer :
         arguments.is_of_authors ? load_author_answers() : load_answers()) {
        if (answer.is_for_tuning != is_tuning) continue;
        corpus.grounds.push_back(grounds_of(answer));
        corpus.answers.push_back(std::move(answer));
    }
    return corpus;
}

Judged judge_at(const Corpus& corpus, size_t index, GateOptions options) {
    options.profile = profile_for(corpus.answers[index], options.profile);
    return judge(corpus.answers[index], corpus.grounds[index], options);
}

Rates rates_of(const Corpus& corpus, const GateOptions& options,
               const std::function<bool(const LabelledAnswer&)>& is_wanted) {
    Rates rates;
    for (size_t i = 0; i < corpus.answers.size(); ++i) {
        if (is_wanted(corpus.answers[i]))
            rates.add(corpus.answers[i], judge_at(corpus, i, options));
    }
    return rates;
}

void print_row(std::string_view name, const Rates& rates) {
    const auto percent = [](int part, int whole) { return whole == 0 ? 0 : 100.0 * part / whole; };
    fmt::print("| {:<24} | {:>4} | {:>5.1f} % | {:>5.1f} % | {:>4} | {:>5.1f} % | {:>5.1f} % |\n",
               name, rates.bad, percent(rates.caught_early, rates.bad),
               percent(rates.caught, rates.bad), rates.good,
               percent(rates.called_bad_early, rates.good), percent(rates.called_bad, rates.good));
}

void print_head(std::string_view first) {
    fmt::print("\n| {:<24} | bad  | unseen  | caught  | good | unseen  | wrongly |\n", first);
    fmt::print("|{:-<26}|------|---------|---------|------|---------|---------|\n", "");
}

bool is_any(const LabelledAnswer&) { return true; }

void print_holding(const Corpus& corpus, const gate::Weights& weights) {
    print_head("held");
    for (const size_t tokens : {0U, 4U, 8U, 16U, 24U}) {
        print_row(
            fmt::format("{} tokens", tokens),
            rates_of(corpus,
                     {.profile = Profile::kOpening, .hold_tokens = tokens, .weights = weights},
                     is_any));
    }
    print_row(
        "16 tokens, without doubt",
        rates_of(
            corpus,
            {.profile = Profile::kOpening, .hold_tokens = 16, .doubt = 1000, .weights = weights},
            is_any));
    print_row("a sentence",
              rates_of(corpus, {.profile = Profile::kSentence, .weights = weights}, is_any));
    print_row("the whole answer",
              rates_of(corpus, {.profile = Profile::kWhole, .weights = weights}, is_any));
}

/// What other thresholds would give: sentence by sentence, the highest probability that is reached.
void print_thresholds(const Corpus& corpus, const gate::Weights& weights) {
    std::vector<float> good;
    std::vector<float> bad;
    for (const LabelledAnswer& answer : corpus.answers) {
        float most = 0;
        for (const gate::Evidence& evidence : evidence_path_of(answer))
            most = std::max(most, weigh(evidence, weights).probability);
        (answer.is_bad ? bad : good).push_back(most);
    }
    std::ranges::sort(good, std::greater<>());
    double higher = 0;
    for (const float one : bad) {
        const auto [equal, end] = std::ranges::equal_range(good, one, std::greater<>());
        higher += static_cast<double>(good.end() - end) + static_cast<double>(end - equal) / 2;
    }
    fmt::print("\narea under the curve {:.3f}", higher / double(good.size() * bad.size()));
    for (const double share : {0.05, 0.10, 0.15}) {
        const auto allowed = static_cast<size_t>(share * static_cast<double>(good.size()));
        const auto caught =
            std::ranges::count_if(bad, [&](float one) { return one > good.at(allowed); });
        fmt::print("; {:.1f} % caught at {:.0f} % (from {:.2f} on)",
                   100 * double(caught) / double(bad.size()), 100 * share, good.at(allowed));
    }
    fmt::print("\n");
}

void print_groups(const Corpus& corpus, const gate::Weights& weights) {
    const GateOptions options{.profile = Profile::kSentence, .weights = weights};
    print_head("by language and origin");
    for (const std::string language : {"en", "ja"}) {
        for (const bool is_real : {true, false}) {
            print_row(language + (is_real ? ", local models" : ", written or edited"),
                      rates_of(corpus, options, [&](const LabelledAnswer& answer) {
                          return answer.language == language && answer.is_real() == is_real;
                      }));
        }
    }
    print_row("can be escalated", rates_of(corpus, options, [](const LabelledAnswer& answer) {
                  return answer.model != "strong";
              }));
    for (const std::string model : {"fast", "strong", "written"}) {
        print_row(model, rates_of(corpus, options, [&](const LabelledAnswer& answer) {
                      return answer.model == model;
                  }));
    }
    for (size_t i = 0; i < kParts.size(); ++i) {
        const int first = kParts[i].first;
        const int end =
            i + 1 < kParts.size() ? kParts[i + 1].first : std::numeric_limits<int>::max();
        for (const bool only_real : {false, true}) {
            print_row(fmt::format("{}, {}", kParts[i].name, only_real ? "real" : "all"),
                      rates_of(corpus, options, [&](const LabelledAnswer& answer) {
                          const int id = std::stoi(answer.id.substr(1));
                          return first <= id && id < end && (!only_real || answer.is_real());
                      }));
        }
    }
    std::map<std::string, int> reasons;
    for (const LabelledAnswer& answer : corpus.answers) ++reasons[answer.reason];
    print_head("by label");
    for (const auto& [reason, count] : reasons) {
        print_row(reason, rates_of(corpus, options,
                                   [&](const LabelledAnswer& a) { return a.reason == reason; }));
    }
}

/// How often each detector is what weighs most, and how often it is right then.
void print_detectors(const Corpus& corpus, const gate::Weights& weights) {
    std::map<std::string, std::map<std::string, std::pair<int, int>>> counts;
    for (size_t i = 0; i < corpus.answers.size(); ++i) {
        const Judged judged =
            judge_at(corpus, i, {.profile = Profile::kSentence, .weights = weights});
        if (!judged.is_caught) continue;
        auto& [right, wrong] =
            counts[std::string(name_of(judged.reason))][corpus.answers[i].language];
        ++(corpus.answers[i].is_bad ? right : wrong);
    }
    fmt::print("\n| {:<16} | en: right, wrong | ja: right, wrong |\n", "detector");
    fmt::print("|{:-<18}|-----------------|-----------------|\n", "");
    for (auto& [name, by_language] : counts) {
        fmt::print("| {:<16} | {:>9} {:>5} | {:>9} {:>5} |\n", name, by_language["en"].first,
                   by_language["en"].second, by_language["ja"].first, by_language["ja"].second);
    }
}

void print_cost(const Corpus& corpus) {
    using Clock = std::chrono::steady_clock;
    constexpr int kRounds = 20;
    const auto micros = [](Clock::duration d) {
        return std::chrono::duration<double, std::micro>(d).count();
    };
    double judging = 0;
    size_t sentences = 0;
    std::vector<double> each;
    for (int round = 0; round < kRounds; ++round) {
        for (size_t i = 0; i < corpus.answers.size(); ++i) {
            std::string text;
            for (const std::string& token : corpus.answers[i].tokens) text += token;
            gate::Examiner examiner(corpus.grounds[i], true);
            for (std::string_view rest = text; !rest.empty();) {
                const size_t end = gate::sentence_end(rest, 1200).value_or(rest.size());
                const auto begin = Clock::now();
                examiner.read_sentence(rest.substr(0, end));
                each.push_back(micros(Clock::now() - begin));
                judging += each.back();
                ++sentences;
                rest.remove_prefix(end);
            }
        }
    }
    const auto begin = Clock::now();
    for (const LabelledAnswer& answer : corpus.answers) (void)grounds_of(answer);
    const double reading =
        micros(Clock::now() - begin) / static_cast<double>(corpus.answers.size());
    std::ranges::sort(each);
    fmt::print(
        "\na sentence: mean {:.1f} us, p50 {:.1f}, p99 {:.1f}; the grounds, once a turn: {:.0f} "
        "us\n",
        judging / static_cast<double>(sentences), each[each.size() / 2],
        each[each.size() * 99 / 100], reading);
}

/// One line an answer, for looking at features elsewhere.
void print_evidence(const Corpus& corpus) {
    for (const LabelledAnswer& answer : corpus.answers) {
        const auto evidence = evidence_of(answer).evidence;
        fmt::print("{}\t{}\t{}\t{}", answer.id, answer.is_bad ? "bad" : "good", answer.model,
                   answer.language);
        for (size_t f = 0; f < gate::kFeatures; ++f) {
            const float value = evidence.all().at(f);
            if (value > 0) fmt::print("\t{}={:.2f}", name_of(static_cast<Feature>(f)), value);
        }
        fmt::print("\n");
    }
}

void print_mistakes(const Corpus& corpus, const gate::Weights& weights) {
    for (size_t i = 0; i < corpus.answers.size(); ++i) {
        const LabelledAnswer& answer = corpus.answers[i];
        const Judged judged =
            judge_at(corpus, i, {.profile = Profile::kSentence, .weights = weights});
        if (judged.is_caught == answer.is_bad) continue;
        std::string text;
        for (const std::string& token : answer.tokens) text += token;
        fmt::print("\n{} {} {} {}: {} ({:.2f})\n  Q {}\n  A {}\n ", answer.id, answer.model,
                   answer.language, answer.is_bad ? "missed" : "WRONGLY CAUGHT",
                   answer.is_bad ? answer.reason : std::string(name_of(judged.reason)),
                   judged.probability, answer.question, text);
        for (size_t f = 0; f < gate::kFeatures; ++f) {
            const float value = judged.evidence.all().at(f);
            if (value > 0) fmt::print(" {}={:.2f}", name_of(static_cast<Feature>(f)), value);
        }
        fmt::print("\n");
    }
}

Arguments parse(int count, char** values) {
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string_view value = values[i];
        arguments.is_tune |= value == "--tune";
        arguments.is_of_authors |= value == "--authors";
        arguments.is_prior |= value == "--prior";
        arguments.has_mistakes |= value == "--mistakes";
        arguments.has_evidence |= value == "--evidence";
        arguments.is_cross_validation |= value == "--cross-validate";
        if (value == "--learn" && i + 1 < count) arguments.learn = values[++i];
    }
    return arguments;
}

}  // namespace

int run(int count, char** values) {
    const Arguments arguments = parse(count, values);
    if (!arguments.learn.empty()) return learn_into(arguments.learn);
    if (arguments.is_cross_validation) {
        print_cross_validation(arguments.has_mistakes);
        return 0;
    }
    const Corpus corpus = corpus_of(arguments);
    const gate::Weights weights = arguments.is_prior ? gate::prior_weights() : shipped_weights();
    if (arguments.has_evidence) {
        print_evidence(corpus);
        return 0;
    }
    if (arguments.has_mistakes) {
        print_mistakes(corpus, weights);
        return 0;
    }
    print_holding(corpus, weights);
    print_thresholds(corpus, weights);
    print_groups(corpus, weights);
    print_detectors(corpus, weights);
    print_cost(corpus);
    return 0;
}

}  // namespace hayate::test

int main(int count, char** values) { return hayate::test::run(count, values); }
