// Probes of the local models' states, learned from the tuning half of test/gate/answers.jsonl.
//
//   hayate_bench_probe --of strong --states FILE --model GGUF --layers 18,22,24 [--threads 2]
//       has the model read its answers again and adds their states to FILE; some seconds an answer,
//       those that FILE has are left out
//   hayate_bench_probe --of strong --states FILE
//       how well each layer tells bad from good on questions of the tuning half that were left out
//   hayate_bench_probe --of strong --states FILE --model GGUF --layer 24 [--pull 0.3] --learn
//   FOLDER
//       writes FOLDER/<name of the model's file>.txt, and what it says of each token into
//       answers.jsonl: of the tuning half a probe that has not seen the question, of the test half
//       the one that is written

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "bench/probe/probe_learning.hpp"
#include "bench/probe/states.hpp"
#include "core/text/units.hpp"
#include "io/model/state_probe.hpp"
#include "test/gate/labelled_answers.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::test {
namespace {

constexpr std::array<float, 4> kPulls{0.03F, 0.1F, 0.3F, 1.F};

struct Arguments {
    std::string of;
    std::string states;
    std::string model;
    std::string learn;
    std::vector<int> layers;
    int threads = 1;
    float pull = 0.3F;
};

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(2);
}

Arguments parse(int count, char** values) {
    Arguments given;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view key = values[i];
        const std::string value = values[i + 1];
        if (key == "--of")
            given.of = value;
        else if (key == "--states")
            given.states = value;
        else if (key == "--model")
            given.model = value;
        else if (key == "--learn")
            given.learn = value;
        else if (key == "--threads")
            given.threads = std::max(1, std::atoi(value.c_str()));
        else if (key == "--pull")
            given.pull = std::strtof(value.c_str(), nullptr);
        else if (key == "--layer" || key == "--layers") {
            std::istringstream list(value);
            for (std::string one; std::getline(list, one, ',');)
                given.layers.push_back(std::atoi(one.c_str()));
        } else
            give_up(fmt::format("unknown option {}; see the top of bench/probe/probe.cpp", key));
    }
    const bool is_whole = count % 2 == 1 && !given.of.empty() && !given.states.empty();
    if (!is_whole)
        give_up("--of MODEL and --states FILE are needed; see the top of bench/probe/probe.cpp");
    return given;
}

std::vector<LabelledAnswer> answers_of(const std::string& model) {
    std::vector<LabelledAnswer> answers = load_answers();
    std::erase_if(answers, [&](const LabelledAnswer& answer) { return answer.model != model; });
    // Those of one prompt together, so that it is read once.
    std::ranges::sort(answers, {}, [](const LabelledAnswer& answer) {
        return answer.context + answer.question + answer.id;
    });
    return answers;
}

int collect(const Arguments& given) {
    std::set<std::pair<std::string, int>> there;
    {
        std::ifstream file(given.states, std::ios::binary);
        for (AnswerStates states; read_states(file, states);)
            there.emplace(states.id, states.layer);
    }
    StateReader reader(given.model, given.threads);
    std::ofstream file(given.states, std::ios::binary | std::ios::app);
    for (const LabelledAnswer& answer : answers_of(given.of)) {
        std::vector<int> missing = given.layers;
        std::erase_if(missing, [&](int layer) { return there.contains({answer.id, layer}); });
        for (const int layer : missing) {
            if (layer < 0 || layer + 1 >= reader.layers())
                give_up(fmt::format("layers are 0 to {}", reader.layers() - 2));
        }
        if (missing.empty()) continue;
        for (const AnswerStates& states : reader.read(answer, missing)) write_states(file, states);
    }
    return 0;
}

uint64_t question_key(const LabelledAnswer& answer) {
    return std::hash<std::string>{}(answer.language + answer.question);
}

std::vector<size_t> bytes_of(const LabelledAnswer& answer) {
    std::vector<size_t> bytes;
    for (const std::string& token : answer.tokens) bytes.push_back(token.size());
    return bytes;
}

/// The tuning half's, by layer.
std::map<int, std::vector<ProbeSample>> samples_of(const Arguments& given) {
    std::map<std::string, LabelledAnswer> answers;
    for (LabelledAnswer& answer : answers_of(given.of)) {
        if (answer.is_for_tuning) answers.emplace(answer.id, std::move(answer));
    }
    std::map<int, std::vector<ProbeSample>> samples;
    std::ifstream file(given.states, std::ios::binary);
    for (AnswerStates states; read_states(file, states);) {
        const auto found = answers.find(states.id);
        if (found == answers.end()) continue;
        const LabelledAnswer& answer = found->second;
        const std::vector<float> logprobs =
            aligned(answer.logprobs, bytes_of(answer), states.token_bytes);
        samples[states.layer].push_back({.state = states.mean(logprobs),
                                         .is_bad = answer.is_bad,
                                         .question = question_key(answer)});
    }
    if (samples.empty()) give_up("no states of the tuning half in " + given.states);
    return samples;
}

struct Quality {
    double area = 0;
    double caught = 0;  // at 10 % of the good ones
};

Quality quality_of(std::span<const ProbeSample> samples,
                   std::span<const model::StateProbe> probes) {
    std::vector<float> good;
    std::vector<float> bad;
    for (size_t i = 0; i < samples.size(); ++i)
        (samples[i].is_bad ? bad : good).push_back(probes[i].logit(samples[i].state));
    if (good.empty() || bad.empty()) return {};
    std::ranges::sort(good, std::greater<>());
    const float limit = good[good.size() / 10];
    Quality quality;
    for (const float one : bad) {
        quality.area += static_cast<double>(
            std::ranges::count_if(good, [&](float other) { return one > other; }));
        quality.caught += one > limit ? 1 : 0;
    }
    quality.area /= static_cast<double>(good.size() * bad.size());
    quality.caught /= static_cast<double>(bad.size());
    return quality;
}

int compare(const Arguments& given) {
    fmt::print(
        "| layer | pull | answers | area  | caught at 10 % |\n"
        "|-------|------|---------|-------|----------------|\n");
    for (const auto& [layer, samples] : samples_of(given)) {
        for (const float pull : kPulls) {
            const Quality quality = quality_of(samples, probes_left_out(samples, pull));
            fmt::print("| {:>5} | {:>4} | {:>7} | {:.3f} | {:>12.1f} % |\n", layer, pull,
                       samples.size(), quality.area, 100 * quality.caught);
        }
    }
    return 0;
}

using Logits = std::map<std::string, std::vector<float>>;  // by id

Logits logits_by_id(const Arguments& given, int layer, const model::StateProbe& probe) {
    const std::vector<ProbeSample> samples = samples_of(given).at(layer);
    const std::vector<model::StateProbe> left_out = probes_left_out(samples, given.pull);
    std::map<std::string, LabelledAnswer> answers;
    for (LabelledAnswer& answer : answers_of(given.of))
        answers.emplace(answer.id, std::move(answer));
    Logits logits;
    size_t tuned = 0;  // samples are in the order of the file
    std::ifstream file(given.states, std::ios::binary);
    for (AnswerStates states; read_states(file, states);) {
        const auto found = answers.find(states.id);
        if (states.layer != layer || found == answers.end()) continue;
        const model::StateProbe& own = found->second.is_for_tuning ? left_out.at(tuned++) : probe;
        std::vector<float> of_tokens;
        for (size_t i = 0; i < states.token_bytes.size(); ++i)
            of_tokens.push_back(own.logit(states.row(i)));
        logits[states.id] = aligned(of_tokens, states.token_bytes, bytes_of(found->second));
    }
    return logits;
}

/// The field is the last of its line.
void write_answers(const Logits& logits) {
    const std::filesystem::path path = source_dir() / "test/gate/answers.jsonl";
    std::ifstream in(path);
    std::string out;
    size_t written = 0;
    for (std::string line; std::getline(in, line);) {
        const size_t begin = line.find("\"id\": \"") + 7;
        const auto found = logits.find(line.substr(begin, line.find('"', begin) - begin));
        if (found != logits.end()) {
            ++written;
            line.resize(std::min(line.rfind('}'), line.find(", \"probe_logits\": ")));
            line += ", \"probe_logits\": [";
            for (size_t i = 0; i < found->second.size(); ++i)
                line += fmt::format("{}{:.2f}", i == 0 ? "" : ", ", found->second[i]);
            line += "]}";
        }
        out += line + "\n";
    }
    if (written != logits.size()) give_up("lines of answers.jsonl do not begin with their ids");
    std::ofstream(path) << out;
}

int learn(const Arguments& given) {
    if (given.layers.size() != 1 || given.model.empty())
        give_up("--learn needs one --layer and the --model that it is for");
    const int layer = given.layers.front();
    const auto samples = samples_of(given);
    if (!samples.contains(layer)) give_up("no states of this layer");
    model::StateProbe probe = learn_probe(samples.at(layer), given.pull);
    probe.model = std::filesystem::path(given.model).stem().string();
    probe.layer = layer;
    std::filesystem::create_directories(given.learn);
    const std::string file = given.learn + "/" + probe.model + ".txt";
    std::ofstream(file) << "# A probe of this model's state, learned by hayate_bench_probe from "
                        << samples.at(layer).size() << " answers.\n"
                        << to_text(probe);
    write_answers(logits_by_id(given, layer, probe));
    fmt::print("{}\n", file);
    return 0;
}

}  // namespace
}  // namespace hayate::test

int main(int count, char** values) {
    using namespace hayate::test;
    const Arguments given = parse(count, values);
    if (!given.learn.empty()) return learn(given);
    return given.layers.empty() ? compare(given) : collect(given);
}
