#include "core/config/understand_config.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/nearest.hpp"
#include "core/config/assistant_config.hpp"

namespace hayate::config {
namespace {

/// What an intent is called in a question, and what a model is told of it, is a phrase.
constexpr size_t kPhraseBytesMax = 200;

void check_phrases(const std::string& key, const Localized& texts, const KeyPlaces& places,
                   const std::vector<std::string>& languages, Problems& problems) {
    for (const std::string& language : languages) {
        const auto found = texts.find(language);
        if (found != texts.end() && !found->second.empty()) continue;
        problems.push_back(
            places.problem(fmt::format("{}.{}", key, language), "a text is missing or empty"));
    }
    for (const auto& [language, text] : texts) {
        if (std::ranges::count(languages, language) == 0) {
            problems.push_back(places.problem(
                fmt::format("{}.{}", key, language),
                fmt::format("'{}' is not one of the assistant's languages", language)));
        }
    }
}

void check_intent(const IntentConfig& intent, const std::vector<std::string>& languages,
                  Problems& problems) {
    const auto refuse_long = [&](const std::string& key, const std::string& text) {
        if (text.size() <= kPhraseBytesMax) return;
        problems.push_back(intent.places.problem(
            key, fmt::format("longer than {} bytes: a phrase is expected", kPhraseBytesMax)));
    };
    refuse_long("description", intent.description);
    if (intent.ask_back.empty()) return;
    check_phrases("ask_back", intent.ask_back, intent.places, languages, problems);
    for (const auto& [language, text] : intent.ask_back) refuse_long("ask_back." + language, text);
}

void check_question(const AssistantConfig& assistant, Problems& problems) {
    const AskBackConfig& ask = assistant.understand.ask_back;
    const auto refuse = [&](const std::string& key, std::string text) {
        problems.push_back(assistant.places.problem("understand.ask_back." + key, std::move(text)));
    };
    if (ask.margin <= 0 && ask.text.empty()) return;
    check_phrases("understand.ask_back.text", ask.text, assistant.places, assistant.languages,
                  problems);
    for (const auto& [language, text] : ask.text) {
        const auto used = placeholders_of(text);
        if (!used) {
            refuse("text." + language, used.error());
            continue;
        }
        for (const std::string& name : *used) {
            if (std::ranges::count(kAskBackPlaceholders, name) > 0) continue;
            refuse("text." + language,
                   fmt::format("unknown placeholder {{{}}}; this text has {{{}}}", name,
                               fmt::join(kAskBackPlaceholders, "}, {")));
        }
        for (const std::string_view name : kAskBackPlaceholders) {
            if (std::ranges::count(*used, name) == 0)
                refuse("text." + language, fmt::format("{{{}}} is missing", name));
        }
    }
    const auto& intents = assistant.intents.intents;
    const auto has_phrase = [](const auto& entry) { return !entry.second.ask_back.empty(); };
    if (ask.margin > 0 && !intents.empty() && std::ranges::count_if(intents, has_phrase) < 2)
        refuse("margin", "at least two intents need an ask_back phrase to choose between");
}

}  // namespace

void declare(Fields& fields, UnderstandConfig& understand) {
    ClassifierConfig& classifier = understand.classifier;
    AskBackConfig& ask = understand.ask_back;
    fields.group("understand", [&] {
        fields.group("classifier", [&] {
            fields.text("model", classifier.model);
            fields.integer("timeout_ms", classifier.timeout_ms, 1, 60'000);
            fields.integer("max_tokens", classifier.max_tokens, 1, 100);
        });
        fields.group("ask_back", [&] {
            fields.number("margin", ask.margin, 0, 1);
            fields.each("text", ask.text, [&](const std::string& language, std::string& text) {
                fields.text(language, text);
            });
        });
    });
}

Problems check_understand(const AssistantConfig& assistant) {
    Problems problems;
    check_question(assistant, problems);
    for (const auto& entry : assistant.intents.intents)
        check_intent(entry.second, assistant.languages, problems);
    const ClassifierConfig& classifier = assistant.understand.classifier;
    if (classifier.model.empty()) return problems;
    if (classifier.timeout_ms + kAnswerMsMin > assistant.deadline_ms) {
        problems.push_back(assistant.places.problem(
            "understand.classifier.timeout_ms",
            fmt::format("leaves less than {} ms to answer: deadline_ms is {}", kAnswerMsMin,
                        assistant.deadline_ms)));
    }
    if (assistant.intents.intents.contains(std::string(kNoIntent))) {
        problems.push_back(assistant.places.problem(
            "understand.classifier.model",
            fmt::format("an intent is called '{}', which is what the classifier says when none is "
                        "meant; give it another name",
                        kNoIntent)));
    }
    return problems;
}

Problems check_classifier(const AssistantConfig& assistant, std::span<const std::string> models) {
    const std::string& model = assistant.understand.classifier.model;
    if (model.empty() || models.empty() || std::ranges::count(models, model) > 0) return {};
    return {assistant.places.problem(
        "understand.classifier.model",
        fmt::format("there is no model '{}'{}", model, base::did_you_mean(model, models)))};
}

}  // namespace hayate::config
