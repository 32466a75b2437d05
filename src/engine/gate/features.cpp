#include "engine/gate/features.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/text/lines.hpp"

namespace hayate::gate {
namespace {

constexpr std::array<std::string_view, kFeatures> kNames{
    "empty",          "refusal",      "needless_refusal",
    "hedge",          "prompt_talk",  "deed",
    "wrong_language", "wrong_script", "echo",
    "leak",           "repetition",   "code",
    "fragment",       "unfinished",   "title",
    "person",         "price",        "date",
    "volume",         "number",       "order",
    "quote",          "name",         "computed",
    "mismatch",       "only_asked",   "asserted",
    "novelty",        "scatter",      "contradiction",
    "beside",         "unbacked",     "lower_rank",
    "far_fact",       "restated",     "off_topic",
    "unanswered",     "untold",       "stock",
    "token_least",    "state",        "model"};

/// Names in older files of what is not looked at any more.
constexpr std::array<std::string_view, 2> kRetired{"token_mean", "token_opening"};

Weights make_prior() {
    using enum Feature;
    Weights weights{.bias = -3.F};
    const auto set = [&](Feature feature, float weight) {
        weights.of.at(static_cast<size_t>(feature)) = weight;
    };
    set(kEmpty, 8);
    set(kRefusal, 0.5F);
    set(kNeedlessRefusal, 3.5F);
    set(kHedge, 1);
    set(kPromptTalk, 2.5F);
    set(kDeed, 3);
    set(kWrongLanguage, 5);
    set(kWrongScript, 5);
    set(kEcho, 5);
    set(kLeak, 5);
    set(kRepetition, 5);
    set(kCode, 4);
    set(kFragment, 2.5F);
    set(kUnfinished, 1);
    set(kTitle, 3.5F);
    set(kPerson, 3);
    set(kPrice, 4);
    set(kDate, 3.5F);
    set(kVolume, 3);
    set(kNumber, 2.5F);
    set(kOrder, 5);
    set(kQuote, 2);
    set(kName, 0.7F);
    set(kComputed, 0.7F);
    set(kMismatch, 3);
    set(kOnlyAsked, 2.5F);
    set(kAsserted, 3.5F);
    set(kNovelty, 1);
    set(kScatter, 1);
    set(kContradiction, 3.5F);
    set(kBeside, 1.5F);
    set(kUnbacked, 1.5F);
    set(kLowerRank, 1);
    set(kFarFact, 2);
    set(kRestated, 0.7F);
    set(kOffTopic, 3);
    set(kUnanswered, 3);
    set(kUntold, 3);
    set(kStock, 3.5F);
    set(kTokenLeast, 1);
    set(kState, 1);
    set(kModel, 0.7F);
    return weights;
}

}  // namespace

std::string_view name_of(Feature feature) { return kNames.at(static_cast<size_t>(feature)); }

float expectation_of(double quality) {
    constexpr double kMost = 3;
    if (quality <= 0) return 0;
    return static_cast<float>(std::clamp(std::log((1 - quality) / quality), -kMost, kMost));
}

const Weights& prior_weights() {
    static const Weights prior = make_prior();
    return prior;
}

Result<Weights> parse_weights(std::string_view rest) {
    Weights weights{.bias = 0, .of = prior_weights().of, .subject = {}, .attributes = {}};
    std::vector<std::string> attributes;
    for (int line_number = 1; !rest.empty(); ++line_number) {
        std::string_view line = text::take_line(rest);
        const std::string_view name = text::take_word(line);
        if (name.empty()) continue;
        if (name == "subject") {
            weights.subject = line;
            continue;
        }
        if (name == "attribute") {
            attributes.emplace_back(
                line.substr(std::min(line.find_first_not_of(' '), line.size())));
            continue;
        }
        const auto value = text::number_of<float>(text::take_word(line));
        const auto found = std::ranges::find(kNames, name);
        const bool is_bias = name == "bias";
        const bool is_retired = std::ranges::count(kRetired, name) > 0;
        const bool is_known = is_bias || is_retired || found != kNames.end();
        if (!is_known || !value || (!is_bias && *value < 0) || !text::take_word(line).empty()) {
            return fail(ErrorKind::kBadRequest, "gate",
                        fmt::format("line {}: expected the name of a feature and a weight of at "
                                    "least 0, found \"{}\"",
                                    line_number, name));
        }
        if (is_retired) continue;
        float& weight =
            is_bias ? weights.bias : weights.of.at(static_cast<size_t>(found - kNames.begin()));
        weight = *value;
    }
    if (attributes.empty()) return weights;
    auto made = Attributes::make(std::move(attributes));
    if (!made) return tl::unexpected(made.error());
    weights.attributes = std::make_shared<const Attributes>(std::move(*made));
    return weights;
}

std::string to_text(const Weights& weights) {
    std::string text = fmt::format("bias {:.3f}\n", weights.bias);
    if (!weights.subject.empty()) text += fmt::format("subject{}\n", weights.subject);
    if (weights.attributes != nullptr) {
        for (const std::string& words : weights.attributes->words())
            text += fmt::format("attribute {}\n", words);
    }
    for (size_t i = 0; i < kFeatures; ++i)
        text += fmt::format("{} {:.3f}\n", kNames.at(i), weights.of.at(i));
    return text;
}

Opinion weigh(const Evidence& evidence, const Weights& weights) {
    float sum = weights.bias;
    float most = 0;
    Opinion opinion;
    for (size_t i = 0; i < kFeatures; ++i) {
        const float part = weights.of.at(i) * evidence.all().at(i);
        sum += part;
        if (static_cast<Feature>(i) == Feature::kModel) continue;
        opinion.faults += part;
        if (part <= most) continue;
        most = part;
        opinion.reason = static_cast<Feature>(i);
    }
    opinion.probability = 1.F / (1.F + std::exp(-sum));
    return opinion;
}

}  // namespace hayate::gate
