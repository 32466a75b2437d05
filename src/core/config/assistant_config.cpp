#include "core/config/assistant_config.hpp"

#include <filesystem>

#include "core/config/assistant_checks.hpp"
#include "core/config/files.hpp"
#include "core/config/plain_text.hpp"
#include "core/config/yaml_fields.hpp"

namespace hayate::config {
namespace {

constexpr size_t kPromptBytesMax = size_t{32} * 1024;
constexpr size_t kProbeBytesMax = size_t{1024} * 1024;

void declare_texts(Fields& fields, std::string_view key, Localized& texts) {
    fields.each(key, texts, [&](const std::string& language, std::string& text) {
        fields.text(language, text);
    });
}

void declare_lists(Fields& fields, std::string_view key,
                   std::map<std::string, std::vector<std::string>>& lists) {
    fields.each(key, lists, [&](const std::string& language, std::vector<std::string>& texts) {
        fields.texts(language, texts);
    });
}

void declare_table(Fields& fields, std::string_view key, std::map<std::string, Localized>& table) {
    fields.each(key, table, [&](const std::string& name, Localized& texts) {
        declare_texts(fields, name, texts);
    });
}

void declare_limits(Fields& fields, AssistantConfig& assistant) {
    fields.integer("max_tokens", assistant.max_tokens, 1, 100'000);
    fields.integer("context_documents", assistant.context_documents, 0, 50);
    fields.integer("retrieved_documents", assistant.retrieved_documents, 1, 100);
    fields.integer("history_exchanges", assistant.history_exchanges, 0, 100);
    fields.integer("document_chars", assistant.document_chars, 80, 20'000);
    fields.number("temperature", assistant.temperature, 0, 2);
    fields.integer("deadline_ms", assistant.deadline_ms, 100, 600'000);
    fields.integer("soft_wait_ms", assistant.soft_wait_ms, 0, 60'000);
    fields.number("faq_similarity", assistant.faq_similarity, 0, 1);
    fields.number("document_similarity", assistant.document_similarity, 0, 1);
    fields.number("faq_document_similarity", assistant.faq_document_similarity, 0, 1);
}

std::string trimmed(std::string_view text) {
    static constexpr std::string_view kSpace = " \t\r\n";
    const size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

/// Reads the prompt that the YAML names; the problem is at the line that names it.
Problems read_prompt(AssistantConfig& assistant) {
    static constexpr std::string_view kKey = "system_prompt_file";
    const std::filesystem::path name = assistant.system_prompt_file;
    const auto problem = [&](std::string text) {
        return Problems{assistant.places.problem(std::string(kKey), std::move(text))};
    };
    for (const std::filesystem::path& part : name) {
        if (part == "..") return problem("must stay inside the assistant's folder");
    }
    if (name.is_absolute()) return problem("must stay inside the assistant's folder");
    const std::string path = (std::filesystem::path(assistant.folder) / name).string();
    const tl::expected<std::string, std::string> text = read_text_file(path, kPromptBytesMax);
    if (!text) return problem(path + ": " + text.error());
    if (const int line = first_bad_line(*text); line > 0) {
        return problem(path + ":" + std::to_string(line) +
                       ": not UTF-8 text, or a control character");
    }
    assistant.system_prompt = trimmed(*text);
    if (assistant.system_prompt.empty()) return problem(path + ": the file is empty");
    return {};
}

/// gate.txt is optional.
Problems read_gate_weights(AssistantConfig& assistant) {
    const std::filesystem::path path = std::filesystem::path(assistant.folder) / "gate.txt";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    tl::expected<std::string, std::string> text = read_text_file(path.string(), kPromptBytesMax);
    if (!text) return {{.file = path.string(), .text = text.error()}};
    assistant.gate_weights = std::move(*text);
    return {};
}

/// probes/*.txt are optional.
Problems read_probes(AssistantConfig& assistant) {
    const std::filesystem::path folder = std::filesystem::path(assistant.folder) / "probes";
    Problems problems;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    if (error == std::errc::no_such_file_or_directory) return {};
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() != ".txt") continue;
        const std::string path = entry->path().string();
        tl::expected<std::string, std::string> text = read_text_file(path, kProbeBytesMax);
        if (text) {
            assistant.probes.emplace(entry->path().filename().string(), std::move(*text));
        } else {
            problems.push_back({.file = path, .text = text.error()});
        }
    }
    if (error) problems.push_back({.file = folder.string(), .text = error.message()});
    return problems;
}

}  // namespace

void declare(Fields& fields, AssistantConfig& assistant) {
    fields.text("id", assistant.id);
    fields.text("name", assistant.name);
    fields.texts("languages", assistant.languages);
    declare_texts(fields, "greeting", assistant.greeting);
    declare_lists(fields, "suggestions", assistant.suggestions);
    fields.text("system_prompt_file", assistant.system_prompt_file);
    declare_table(fields, "status", assistant.status);
    fields.texts("models", assistant.models);
    fields.number("quality_min", assistant.quality_min, 0, 1);
    fields.number("late_worth", assistant.late_worth, 0, 1);
    declare_limits(fields, assistant);
    declare(fields, assistant.sources);
    fields.number("intent_accuracy_min", assistant.intent_accuracy_min, 0, 1);
    declare(fields, assistant.understand);
    fields.text("order_pattern", assistant.order_pattern);
    fields.each("replies", assistant.replies, [&](const std::string& name, Reply& reply) {
        fields.group(name, [&] {
            declare_lists(fields, "words", reply.words);
            declare_texts(fields, "text", reply.text);
        });
    });
    fields.each("asked_facts", assistant.asked_facts,
                [&](const std::string& name, auto& words) { declare_lists(fields, name, words); });
    declare_table(fields, "templates", assistant.templates);
    declare_table(fields, "degraded", assistant.degraded);
    declare_table(fields, "words", assistant.words);
}

tl::expected<AssistantConfig, Problems> parse_assistant(std::string_view yaml,
                                                        const std::string& file,
                                                        std::string system_prompt) {
    AssistantConfig assistant;
    assistant.places = KeyPlaces(file);
    assistant.system_prompt = std::move(system_prompt);
    Problems problems =
        read_yaml(yaml, assistant.places, [&](Fields& fields) { declare(fields, assistant); });
    append(problems, check_assistant(assistant));
    sort_by_place(problems);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return assistant;
}

tl::expected<AssistantConfig, Problems> load_assistant(const std::string& folder) {
    const std::string file = (std::filesystem::path(folder) / "assistant.yaml").string();
    const tl::expected<std::string, std::string> yaml = read_text_file(file, kConfigBytesMax);
    if (!yaml) return tl::unexpected(Problems{{.file = file, .text = yaml.error()}});
    AssistantConfig assistant{.folder = folder, .places = KeyPlaces(file)};
    Problems problems =
        read_yaml(*yaml, assistant.places, [&](Fields& fields) { declare(fields, assistant); });
    append(problems, check_assistant(assistant));
    append(problems, read_prompt(assistant));
    append(problems, read_gate_weights(assistant));
    append(problems, read_probes(assistant));
    append(problems, check_source_files(assistant.sources, assistant.places));
    sort_by_place(problems);
    assistant.intents = load_intents(folder, assistant.languages, problems);
    append(problems, check_intents(assistant));
    append(problems, check_understand(assistant));
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return assistant;
}

std::vector<std::string> assistant_config_keys() {
    AssistantConfig scratch;
    return list_keys([&](Fields& fields) { declare(fields, scratch); });
}

std::string_view AssistantConfig::in(const Localized& text, std::string_view language) const {
    const auto found = text.find(std::string(language));
    if (found != text.end()) return found->second;
    const auto fallback = languages.empty() ? text.end() : text.find(languages.front());
    return fallback == text.end() ? std::string_view() : std::string_view(fallback->second);
}

std::string AssistantConfig::say(std::string_view key, std::string_view language,
                                 const TemplateValues& values) const {
    const auto found = templates.find(std::string(key));
    return found == templates.end() ? std::string() : render(in(found->second, language), values);
}

std::string AssistantConfig::word(std::string_view group, std::string_view value,
                                  std::string_view language) const {
    std::string key(group);
    key += '_';
    key += value;
    const auto found = words.find(key);
    return std::string(found == words.end() ? value : in(found->second, language));
}

}  // namespace hayate::config
