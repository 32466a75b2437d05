#include "core/config/assistant_checks.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/nearest.hpp"
#include "core/text/pattern.hpp"

namespace hayate::config {
namespace {

constexpr size_t kSuggestionsMax = 8;
constexpr size_t kIdBytesMax = 64;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kIdBytesMax && std::ranges::all_of(text, [](char c) {
        return is_lower(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_language(std::string_view text) {
    return (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, is_lower);
}

std::string under(std::string_view group, std::string_view name) {
    return fmt::format("{}.{}", group, name);
}

bool is_empty(const std::string& text) { return text.empty(); }
bool is_empty(const std::vector<std::string>& texts) {
    return texts.empty() || std::ranges::any_of(texts, &std::string::empty);
}

class Checker {
  public:
    explicit Checker(const AssistantConfig& assistant) : assistant_(assistant) {}

    void require(bool is_right, const std::string& key, std::string text) {
        if (!is_right) problems_.push_back(assistant_.places.problem(key, std::move(text)));
    }
    void check_basics();
    void check_order_pattern();
    void check_templates();
    /// Each of `wanted` is there; with `is_closed` nothing else is.
    void check_table(const std::string& key, const std::map<std::string, Localized>& table,
                     std::span<const std::string> wanted, bool is_closed);
    /// A value for each of the assistant's languages and for no other.
    template <class Value>
    void check_languages(const std::string& key, const std::map<std::string, Value>& values);
    [[nodiscard]] Problems take() { return std::move(problems_); }

  private:
    void check_placeholders(const TemplateSpec& spec, const std::string& key,
                            std::string_view text);

    const AssistantConfig& assistant_;
    Problems problems_;
};

void Checker::check_basics() {
    require(is_id(assistant_.id), "id", "expected a name of a-z, 0-9, - and _, at most 64");
    require(!assistant_.name.empty(), "name", "is missing: what customers see");
    require(!assistant_.languages.empty(), "languages", "is missing, for example [en, ja]");
    for (const std::string& language : assistant_.languages) {
        require(is_language(language), "languages",
                fmt::format("'{}': expected a language code such as en or ja", language));
        require(std::ranges::count(assistant_.languages, language) == 1, "languages",
                fmt::format("'{}' is given twice", language));
    }
    require(!assistant_.models.empty(), "models", "is missing, for example [fast, strong]");
    require(assistant_.context_documents <= assistant_.retrieved_documents, "context_documents",
            "more than retrieved_documents");
    for (const auto& [language, texts] : assistant_.suggestions) {
        require(texts.size() <= kSuggestionsMax, under("suggestions", language),
                fmt::format("at most {} fit on the page", kSuggestionsMax));
    }
}

void Checker::check_order_pattern() {
    if (assistant_.order_pattern.empty()) return;
    const auto problem = text::Pattern(assistant_.order_pattern).problem();
    if (problem) require(false, "order_pattern", "not a usable regular expression: " + *problem);
}

template <class Value>
void Checker::check_languages(const std::string& key, const std::map<std::string, Value>& values) {
    for (const std::string& language : assistant_.languages) {
        const auto found = values.find(language);
        const bool is_there = found != values.end() && !is_empty(found->second);
        require(is_there, under(key, language), "a text is missing or empty");
    }
    for (const auto& entry : values) {
        require(std::ranges::count(assistant_.languages, entry.first) > 0, under(key, entry.first),
                fmt::format("'{}' is not one of the assistant's languages", entry.first));
    }
}

void Checker::check_table(const std::string& key, const std::map<std::string, Localized>& table,
                          std::span<const std::string> wanted, bool is_closed) {
    for (const std::string& name : wanted) {
        if (!table.contains(name)) require(false, key, fmt::format("'{}' is missing", name));
    }
    for (const auto& [name, texts] : table) {
        const bool is_known = !is_closed || std::ranges::count(wanted, name) > 0;
        require(is_known, under(key, name),
                "unknown key" + (is_known ? "" : base::did_you_mean(name, wanted)));
        check_languages(under(key, name), texts);
    }
}

void Checker::check_placeholders(const TemplateSpec& spec, const std::string& key,
                                 std::string_view text) {
    const auto used = placeholders_of(text);
    if (!used) return require(false, key, used.error());
    for (const std::string& name : *used) {
        if (std::ranges::count(spec.placeholders, name) > 0) continue;
        std::string hint = base::did_you_mean(name, spec.placeholders);
        if (hint.empty() && !spec.placeholders.empty()) {
            hint = fmt::format("; this template has {{{}}}", fmt::join(spec.placeholders, "}, {"));
        }
        require(false, key, fmt::format("unknown placeholder {{{}}}{}", name, hint));
    }
}

void Checker::check_templates() {
    std::vector<std::string> keys;
    for (const TemplateSpec& spec : template_specs()) keys.push_back(spec.key);
    check_table("templates", assistant_.templates, keys, true);
    for (const auto& [key, texts] : assistant_.templates) {
        const TemplateSpec* spec = find_template_spec(key);
        if (spec == nullptr) continue;
        for (const auto& [language, text] : texts) {
            check_placeholders(*spec, under(under("templates", key), language), text);
        }
    }
}

}  // namespace

Problems check_assistant(const AssistantConfig& assistant) {
    static const std::vector<std::string> stages{"understanding", "looking_up", "waiting",
                                                 "writing"};
    std::vector<std::string> degraded{"orders",  "retrieval", "session",
                                      "profile", "model",     "answer"};
    Checker checker(assistant);
    checker.check_basics();
    checker.check_languages("greeting", assistant.greeting);
    checker.check_languages("suggestions", assistant.suggestions);
    checker.check_table("status", assistant.status, stages, true);
    checker.check_order_pattern();
    for (const auto& [name, reply] : assistant.replies) {
        checker.check_languages(under(under("replies", name), "words"), reply.words);
        checker.check_languages(under(under("replies", name), "text"), reply.text);
    }
    for (const auto& [name, words] : assistant.asked_facts) {
        const std::string key = under("asked_facts", name);
        checker.require(name == "publisher" || name == "magazine", key,
                        "expected publisher or magazine");
        checker.check_languages(key, words);
    }
    checker.check_templates();
    // A source that the assistant adds may have a text here, and is named without one.
    for (const auto& entry : assistant.sources) {
        if (assistant.degraded.contains(entry.first)) degraded.push_back(entry.first);
    }
    checker.check_table("degraded", assistant.degraded, degraded, true);
    checker.check_table("words", assistant.words, required_words(), false);
    Problems problems = checker.take();
    append(problems, check_sources(assistant.sources, assistant.languages, assistant.places));
    return problems;
}

Problems check_intents(const AssistantConfig& assistant) {
    std::vector<std::string> known{"all"};
    for (const auto& entry : assistant.sources) known.push_back(entry.first);
    Problems problems;
    for (const auto& [name, intent] : assistant.intents.intents) {
        for (const std::string& source : intent.sources) {
            if (std::ranges::count(known, source) > 0) continue;
            problems.push_back(
                intent.places.problem("sources", fmt::format("there is no source '{}'{}", source,
                                                             base::did_you_mean(source, known))));
        }
        const int target = intent.deadline_ms > 0 ? intent.deadline_ms : assistant.deadline_ms;
        static const std::vector<std::string> stages{"understand", "gather", "route", "model",
                                                     "store"};
        for (const auto& [stage, ms] : intent.budget.ms) {
            if (std::ranges::count(stages, stage) > 0) continue;
            problems.push_back(intent.places.problem(
                "budget_ms." + stage, "unknown stage" + base::did_you_mean(stage, stages) +
                                          "; there are " +
                                          fmt::format("{}", fmt::join(stages, ", "))));
        }
        if (auto wrong = problem_of(intent.budget, target))
            problems.push_back(intent.places.problem("budget_ms", std::move(*wrong)));
    }
    return problems;
}

}  // namespace hayate::config
