#include "routing/local_world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <tuple>

#include <boost/json.hpp>

#include "app/cli/names.hpp"
#include "app/cli/understanding.hpp"
#include "core/config/model_defaults.hpp"
#include "engine/turn/approach.hpp"
#include "engine/turn/prompt.hpp"
#include "test/gate/labelled_answers.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::bench {
namespace {

namespace json = boost::json;
using test::LabelledAnswer;

/// Between a message and the choice of a model: understanding, search, the stores.
constexpr double kGatherMs = 80;
/// As a turn supposes it.
constexpr int kTypicalAnswerTokens = 100;
/// What a verdict tells the route: that the gate found nothing says less than that it found
/// something (engine/turn/attempt.cpp).
constexpr double kApprovalWeight = 0.5;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

struct Times {
    double first_ms = 0;
    double token_ms = 0;
    double prompt_token_ms = 0;  // of those that were read
    bool is_estimated = false;
};

std::map<std::string, Times> load_times(bool uses_clock) {
    const auto path = test::source_dir() / "bench/routing/local_times.jsonl";
    std::ifstream file(path);
    if (!file) give_up("cannot read " + path.string());
    const std::string first = uses_clock ? "first_ms" : "first_cpu_ms";
    const std::string last = uses_clock ? "last_ms" : "last_cpu_ms";
    std::map<std::string, Times> times;
    for (std::string line; std::getline(file, line);) {
        const json::object row = json::parse(line).as_object();
        const auto number = [&](const std::string& key) {
            const auto* value = row.if_contains(key);
            return value == nullptr ? 0.0 : value->to_number<double>();
        };
        const double tokens = number("tokens");
        const double read = number("prompt_tokens") - number("cached_tokens");
        if (number(first) <= 0 || tokens < 2 || read <= 0) continue;
        times[std::string(row.at("id").as_string())] = {
            .first_ms = number(first),
            .token_ms = (number(last) - number(first)) / (tokens - 1),
            .prompt_token_ms = number(first) / read,
            .is_estimated = row.if_contains("is_estimated") != nullptr};
    }
    return times;
}

/// Both answers to one question with one context.
struct Pair {
    std::array<const LabelledAnswer*, kModels> answers{};
};

std::vector<Pair> pairs_of(const std::vector<LabelledAnswer>& answers) {
    using Key = std::tuple<std::string, std::string, std::string>;
    std::map<Key, size_t> places;
    std::vector<Pair> pairs;
    for (const LabelledAnswer& answer : answers) {
        if (!answer.is_real()) continue;
        const auto [place, is_new] = places.try_emplace(
            Key{answer.question, answer.documents, answer.preferences}, pairs.size());
        if (is_new) pairs.emplace_back();
        pairs[place->second].answers.at(answer.model == "fast" ? kFast : kStrong) = &answer;
    }
    std::erase_if(pairs,
                  [](const Pair& pair) { return std::ranges::count(pair.answers, nullptr) > 0; });
    return pairs;
}

gate::Profile profile_named(const std::string& name) {
    for (const auto profile :
         {gate::Profile::kDetectors, gate::Profile::kSentence, gate::Profile::kWhole}) {
        if (gate::name_of(profile) == name) return profile;
    }
    return gate::Profile::kOpening;
}

bool is_rejected(const LabelledAnswer& answer, const std::string& profile) {
    static const gate::Weights kWeights = test::shipped_weights();
    return test::judge(answer, test::grounds_of(answer),
                       {.profile = profile_named(profile), .weights = kWeights})
        .is_caught;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

config::AssistantConfig load_shipped_assistant() {
    auto assistant =
        config::load_assistant((test::source_dir() / "assistants/mangaassist").string());
    if (!assistant) give_up("the shipped assistant has mistakes: hayate check names them");
    return *std::move(assistant);
}

/// What a server knows of a question before a model is chosen, and what each would make of it.
class TurnMaker {
  public:
    explicit TurnMaker(const config::AssistantConfig& assistant) : assistant_(assistant) {
        auto names = cli::load_names(assistant.folder);
        if (!names) give_up(names.error().internal);
        understander_ = cli::train_assistant(
            assistant, cli::make_finder(assistant, std::move(*names)), vector_of_);
    }

    Turn make(const Pair& pair, const std::map<std::string, Times>& times) const {
        const LabelledAnswer& asked = *pair.answers[kFast];
        const auto reading = read(asked.question);
        const turn::Approach approach = turn::approach_to(reading, assistant_);
        Turn turn{
            .intent = approach.intent,
            .complexity = reading.complexity,
            .deadline_ms = static_cast<double>(approach.deadline.count()) - kGatherMs,
            .prompt_tokens = turn::estimate_tokens(assistant_.system_prompt + asked.documents +
                                                   asked.preferences + asked.question),
            .expected_tokens = std::min(kTypicalAnswerTokens, assistant_.max_tokens),
            .allowed = approach.models};
        for (size_t model = 0; model < kModels; ++model) {
            const LabelledAnswer& answer = *pair.answers.at(model);
            const Times& took = times.at(answer.id);
            std::string text;
            for (const std::string& token : answer.tokens) text += token;
            turn.tokens.at(model) = turn::estimate_tokens(text);
            turn.first_ms.at(model) = took.first_ms;
            turn.total_ms.at(model) =
                took.first_ms +
                took.token_ms * static_cast<double>(std::max<size_t>(answer.tokens.size(), 1) - 1);
            turn.quality.at(model) = answer.is_bad ? 0 : 1;
            turn.is_right.at(model) = !is_rejected(answer, approach.gate);
            turn.outcome_weight.at(model) = turn.is_right.at(model) ? kApprovalWeight : 1;
        }
        return turn;
    }

  private:
    [[nodiscard]] understand::Reading read(const std::string& question) const {
        understand::Understood understood;
        understander_->understand(question, 0, understood);
        if (understander_->has_second_opinion() && understood.prediction.is_ambiguous())
            understander_->reconsider(vector_of_(question), 0, understood);
        return understand::reading_of(*understander_, understood);
    }

    const config::AssistantConfig& assistant_;
    understand::SentenceVector vector_of_ = cli::load_sentence_vectors();
    std::shared_ptr<const understand::Understander> understander_;
};

}  // namespace

LocalWorld load_local_world(bool uses_clock) {
    const auto times = load_times(uses_clock);
    const auto answers = test::load_answers();
    const config::AssistantConfig assistant = load_shipped_assistant();
    const TurnMaker maker(assistant);
    LocalWorld world;
    std::vector<double> lengths;
    std::array<std::vector<double>, kModels> read;
    std::array<std::vector<double>, kModels> write;
    for (const Pair& pair : pairs_of(answers)) {
        const bool is_measured = std::ranges::all_of(
            pair.answers, [&](const LabelledAnswer* one) { return times.contains(one->id); });
        if (!is_measured) {
            ++world.unmeasured;
            continue;
        }
        world.turns.push_back(maker.make(pair, times));
        world.japanese += pair.answers[kFast]->language == "ja" ? 1 : 0;
        world.estimated += std::ranges::any_of(pair.answers,
                                               [&](const LabelledAnswer* one) {
                                                   return times.at(one->id).is_estimated;
                                               })
                               ? 1
                               : 0;
        for (size_t model = 0; model < kModels; ++model) {
            const Times& took = times.at(pair.answers.at(model)->id);
            lengths.push_back(world.turns.back().tokens.at(model));
            read.at(model).push_back(took.prompt_token_ms);
            write.at(model).push_back(took.token_ms);
        }
    }
    world.usual_tokens = static_cast<int>(median(lengths));
    world.quality_min = assistant.quality_min;
    world.late_worth = assistant.late_worth;
    world.policy = route::seed_policy(assistant.models);
    for (size_t model = 0; model < kModels; ++model) {
        const std::string name = model == kFast ? "fast" : "strong";
        config::ModelConfig config{.name = name, .provider = "local"};
        config::fill_defaults(config, {});
        world.policy.fallback.quality[name] = config.quality;
        world.facts.push_back({.name = name});
        world.states.push_back({.prompt_tokens_per_s = 1000 / median(read.at(model)),
                                .tokens_per_s = 1000 / median(write.at(model))});
    }
    for (auto& [intent, row] : world.policy.intents) row.quality = world.policy.fallback.quality;
    return world;
}

std::vector<Turn> shuffled(const std::vector<Turn>& turns, uint64_t seed,
                           std::optional<double> deadline_ms) {
    std::vector<Turn> ordered = turns;
    std::mt19937_64 random(seed);
    std::ranges::shuffle(ordered, random);
    double at_ms = 0;
    for (Turn& turn : ordered) {
        turn.at_ms = at_ms += kGapMs;
        if (deadline_ms) turn.deadline_ms = *deadline_ms - kGatherMs;
    }
    return ordered;
}

}  // namespace hayate::bench
