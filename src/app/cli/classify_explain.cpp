#include "app/cli/classify_explain.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/terminal.hpp"
#include "app/cli/understanding.hpp"
#include "core/base/json_text.hpp"
#include "core/text/language.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/turn/intent_model.hpp"

namespace hayate::cli {
namespace {

using understand::Entity;
using understand::Understander;
using understand::Understood;

std::string range_of(const Entity& entity) {
    if (!entity.low && !entity.high) return {};
    if (entity.low == entity.high) return std::to_string(*entity.low);
    return fmt::format("{}..{}", entity.low ? std::to_string(*entity.low) : "",
                       entity.high ? std::to_string(*entity.high) : "");
}

std::string_view span_of(const Understood& understood, const Entity& entity) {
    const auto all = understood.units.all();
    const size_t begin = all[entity.begin].begin;
    return understood.units.text().substr(begin, all[entity.end - 1].end - begin);
}

void print_entities(const Understood& understood) {
    for (const Entity& entity : understood.entities) {
        print_line(fmt::format("  {:<12} '{}'{}{}{}", understand::name_of(entity.kind),
                               span_of(understood, entity),
                               entity.value.empty() ? "" : fmt::format(" → {}", entity.value),
                               range_of(entity).empty() ? "" : " " + range_of(entity),
                               entity.is_certain ? "" : dim(" (also an ordinary word)")));
    }
}

void print_intents(const Understander& understander, const Understood& understood) {
    const auto& prediction = understood.prediction;
    std::vector<uint32_t> order(prediction.probabilities.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, std::ranges::greater(),
                      [&](uint32_t label) { return prediction.probabilities[label]; });
    constexpr size_t kShown = 8;
    order.resize(std::min(order.size(), kShown));
    for (const uint32_t label : order) {
        const bool is_in_set = std::ranges::count(prediction.set, label) > 0;
        print_line(fmt::format("  {:<24} {:>6.2f} %{}", understander.label(label),
                               100 * prediction.probabilities[label], is_in_set ? "  in set" : ""));
    }
}

std::string joined(const std::vector<std::string>& names) {
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

/// What a turn would do about the message, and who would be asked before.
struct Plan {
    turn::Approach approach;
    std::string consults;                // a model; empty: none
    std::vector<std::string> asks_back;  // intents
    std::string question;                // about those
};

Plan plan_for(const Explained& explained) {
    const config::AssistantConfig& assistant = *explained.assistant;
    const auto reading = understand::reading_of(explained.understander, explained.understood);
    const std::string language(text::reply_language(explained.understood.units.text()));
    Plan plan{.approach = turn::approach_to(reading, assistant),
              .asks_back = turn::intents_to_ask_about(reading, assistant, language)};
    if (turn::is_for_classifier(reading, plan.approach, assistant))
        plan.consults = assistant.understand.classifier.model;
    if (!plan.asks_back.empty())
        plan.question = turn::ask_back_text(plan.asks_back, assistant, language);
    return plan;
}

void print_plan(const Plan& plan) {
    const turn::Approach& approach = plan.approach;
    if (!plan.consults.empty())
        print_line(fmt::format("open        the model {} would be consulted", plan.consults));
    if (!plan.question.empty()) {
        print_line(fmt::format("{}{}", plan.consults.empty() ? "asks back   " : "  or asks    ",
                               plan.question));
    }
    print_line(fmt::format("approach    {}{}", approach.intent.empty() ? "a plain question" : "",
                           approach.intent));
    print_line(fmt::format("  gathers      {}, waits {} ms", joined(approach.sources),
                           approach.soft_wait.count()));
    print_line(fmt::format("  answered by  {} within {} ms",
                           approach.is_from_template ? "a template" : joined(approach.models),
                           approach.deadline.count()));
    if (approach.may_be_out_of_scope)
        print_line("  out of scope unless the store has something that resembles it");
}

std::string strings_json(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ",") + base::json_string(text);
    return "[" + out + "]";
}

std::string plan_json(const Plan& plan) {
    const turn::Approach& approach = plan.approach;
    return fmt::format(
        R"({{"intent":{},"gathers":{},"soft_wait_ms":{},"deadline_ms":{},"template":{},)"
        R"("models":{},"may_be_out_of_scope":{},"consults":{},"asks_back":{}}})",
        base::json_string(approach.intent), strings_json(approach.sources),
        approach.soft_wait.count(), approach.deadline.count(), approach.is_from_template,
        strings_json(approach.models), approach.may_be_out_of_scope,
        plan.consults.empty() ? "null" : base::json_string(plan.consults),
        strings_json(plan.asks_back));
}

}  // namespace

void print_explanation(const Explained& explained) {
    const auto& [understander, understood, is_reconsidered, assistant] = explained;
    const auto& prediction = understood.prediction;
    print_line(fmt::format("language    {}", text::name_of(understood.language)));
    print_line(fmt::format("intent      {}{}", bold(understander.label(prediction.label)),
                           is_reconsidered ? dim(" (with a second opinion)") : ""));
    if (const auto why = why_no_neighbours(understander.intents()); !why.empty())
        print_line("  without neighbours: " + why);
    print_intents(understander, understood);
    print_line(fmt::format("scope       {}, {:+.2f} from the threshold (energy {:.2f})",
                           prediction.is_in_scope ? "in scope" : "out of scope", prediction.margin,
                           prediction.energy));
    print_line(fmt::format("entities    {}", understood.entities.size()));
    print_entities(understood);
    print_line(fmt::format("complexity  {:.2f} ({})", understood.complexity.score,
                           understand::name_of(understood.complexity.tier())));
    for (const auto& [name, amount] : understood.complexity.contributions) {
        if (amount > 0) print_line(fmt::format("  {:<12} {:+.3f}", name, amount));
    }
    if (assistant) print_plan(plan_for(explained));
}

std::string explanation_json(const Explained& explained) {
    const auto& [understander, understood, is_reconsidered, assistant] = explained;
    const auto& prediction = understood.prediction;
    std::string intents;
    for (uint32_t i = 0; i < prediction.probabilities.size(); ++i) {
        intents +=
            fmt::format("{}{}:{:.4f}", i == 0 ? "" : ",", base::json_string(understander.label(i)),
                        prediction.probabilities[i]);
    }
    std::string set;
    for (const uint32_t label : prediction.set)
        set += (set.empty() ? "" : ",") + base::json_string(understander.label(label));
    const auto number = [](const std::optional<int64_t>& value) {
        return value ? std::to_string(*value) : std::string("null");
    };
    std::string entities;
    for (const Entity& entity : understood.entities) {
        entities += fmt::format(
            R"({}{{"kind":"{}","text":{},"value":{},"low":{},"high":{},"certain":{}}})",
            entities.empty() ? "" : ",", understand::name_of(entity.kind),
            base::json_string(span_of(understood, entity)), base::json_string(entity.value),
            number(entity.low), number(entity.high), entity.is_certain);
    }
    std::string contributions;
    for (const auto& [name, amount] : understood.complexity.contributions)
        contributions +=
            fmt::format(R"({}"{}":{:.4f})", contributions.empty() ? "" : ",", name, amount);
    std::string approach = "null";
    if (assistant) approach = plan_json(plan_for(explained));
    return fmt::format(
        R"({{"language":"{}","intent":{},"intents":{{{}}},"set":[{}],"second_opinion":{},)"
        R"("energy":{:.4f},"margin":{:.4f},"in_scope":{},"entities":[{}],)"
        R"("complexity":{{"score":{:.4f},"tier":"{}","contributions":{{{}}}}},"approach":{}}})",
        text::name_of(understood.language), base::json_string(understander.label(prediction.label)),
        intents, set, is_reconsidered, prediction.energy, prediction.margin, prediction.is_in_scope,
        entities, understood.complexity.score, understand::name_of(understood.complexity.tier()),
        contributions, approach);
}

}  // namespace hayate::cli
