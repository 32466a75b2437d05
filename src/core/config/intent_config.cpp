#include "core/config/intent_config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "core/base/nearest.hpp"
#include "core/config/files.hpp"
#include "core/config/yaml_fields.hpp"

namespace hayate::config {
namespace {

namespace fs = std::filesystem;

constexpr size_t kIntentsMax = 500;
constexpr size_t kExampleBytesMax = 2000;

bool is_intent_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

using Examples = std::map<std::string, std::vector<std::string>>;

void declare_examples(Fields& fields, Examples& examples) {
    fields.each("examples", examples,
                [&](const std::string& language, std::vector<std::string>& texts) {
                    fields.texts(language, texts);
                });
}

void check_examples(const Examples& examples, const std::vector<std::string>& languages,
                    const KeyPlaces& places, Problems& problems) {
    const auto refuse = [&](const std::string& key, std::string text) {
        problems.push_back(places.problem(key, std::move(text)));
    };
    for (const std::string& language : languages) {
        const auto found = examples.find(language);
        if (found == examples.end() || found->second.empty())
            refuse("examples." + language, "at least one example is needed");
    }
    for (const auto& [language, texts] : examples) {
        const std::string key = "examples." + language;
        if (std::ranges::count(languages, language) == 0) {
            refuse(key, fmt::format("'{}' is not one of the assistant's languages{}", language,
                                    base::did_you_mean(language, languages)));
        }
        std::set<std::string_view> seen;
        for (const std::string& text : texts) {
            if (text.find_first_not_of(" \t\r\n") == std::string::npos)
                refuse(key, "an example is empty");
            if (text.size() > kExampleBytesMax)
                refuse(key, fmt::format("an example is longer than {} bytes", kExampleBytesMax));
            if (!seen.insert(text).second) refuse(key, fmt::format("'{}' is given twice", text));
        }
    }
}

/// A text with two meanings teaches neither.
void check_shared_examples(const IntentsConfig& config, const std::string& folder,
                           Problems& problems) {
    std::map<std::string_view, std::string_view> owners;
    for (const auto& [name, intent] : config.intents) {
        for (const auto& [language, texts] : intent.examples) {
            for (const std::string& text : texts) {
                const auto [owner, is_new] = owners.try_emplace(text, name);
                if (is_new || owner->second == name) continue;
                problems.push_back(
                    {.file = fmt::format("{}/{}.yaml", folder, name),
                     .key = "examples." + language,
                     .text = fmt::format("'{}' is an example of {} as well", text, owner->second)});
            }
        }
    }
}

}  // namespace

std::span<const std::string> intent_kinds() {
    // In the order of IntentKind.
    static const std::vector<std::string> kinds{"question", "greeting",       "order_status",
                                                "search",   "recommendation", "complaint"};
    return kinds;
}

IntentKind IntentConfig::kind_value() const {
    const auto found = std::ranges::find(intent_kinds(), kind);
    return found == intent_kinds().end() ? IntentKind::kQuestion
                                         : static_cast<IntentKind>(found - intent_kinds().begin());
}

void declare(Fields& fields, IntentConfig& intent) {
    static const std::vector<std::string> answers{"model", "template"};
    static const std::vector<std::string> gates{"detectors", "opening", "sentence", "whole"};
    fields.text("description", intent.description);
    fields.each("ask_back", intent.ask_back, [&](const std::string& language, std::string& text) {
        fields.text(language, text);
    });
    fields.number("base_complexity", intent.base_complexity, 0, 1);
    fields.choice("kind", intent.kind, intent_kinds());
    fields.choice("answer", intent.answer, answers);
    fields.texts("sources", intent.sources);
    fields.integer("deadline_ms", intent.deadline_ms, 0, 600'000);
    fields.integer("soft_wait_ms", intent.soft_wait_ms, 0, 60'000);
    fields.each("budget_ms", intent.budget.ms,
                [&](const std::string& stage, int& ms) { fields.integer(stage, ms, 0, 600'000); });
    fields.group("models", [&] {
        fields.texts("low", intent.models.low);
        fields.texts("medium", intent.models.medium);
        fields.texts("high", intent.models.high);
    });
    fields.each("quality", intent.quality, [&](const std::string& name, double& quality) {
        fields.number(name, quality, 0, 1);
    });
    fields.choice("gate", intent.gate, gates);
    declare_examples(fields, intent.examples);
}

std::vector<std::string> intent_config_keys() {
    IntentConfig scratch;
    return list_keys([&](Fields& fields) { declare(fields, scratch); });
}

void read_intent(std::string_view yaml, const std::string& name, const std::string& file,
                 const std::vector<std::string>& languages, IntentsConfig& config,
                 Problems& problems) {
    KeyPlaces places(file);
    if (name == kOutOfScope) {
        append(problems, read_yaml(yaml, places, [&](Fields& fields) {
                   declare_examples(fields, config.out_of_scope);
               }));
        return check_examples(config.out_of_scope, languages, places, problems);
    }
    if (!is_intent_name(name)) {
        problems.push_back({.file = file, .text = "an intent's name is made of a-z, 0-9 and _"});
        return;
    }
    IntentConfig& intent = config.intents[name];
    append(problems, read_yaml(yaml, places, [&](Fields& fields) { declare(fields, intent); }));
    check_examples(intent.examples, languages, places, problems);
    intent.places = std::move(places);
}

IntentsConfig load_intents(const std::string& folder, const std::vector<std::string>& languages,
                           Problems& problems) {
    IntentsConfig config;
    const fs::path intents = fs::path(folder) / "intents";
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(intents, error)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    if (files.empty()) return config;
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const auto yaml = read_text_file(file.string(), kConfigBytesMax);
        if (!yaml) {
            problems.push_back({.file = file.string(), .text = yaml.error()});
            continue;
        }
        read_intent(*yaml, file.stem().string(), file.string(), languages, config, problems);
    }
    if (config.intents.size() < 2 || config.intents.size() > kIntentsMax) {
        problems.push_back({.file = intents.string(),
                            .text = fmt::format("{} intents; from 2 to {} are possible",
                                                config.intents.size(), kIntentsMax)});
    }
    check_shared_examples(config, intents.string(), problems);
    return config;
}

}  // namespace hayate::config
