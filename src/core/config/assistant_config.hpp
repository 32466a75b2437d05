#pragma once
// An assistant folder's assistant.yaml and prompts as plain values. Nothing in src/ knows what the
// assistant sells.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/config/intent_config.hpp"
#include "core/config/problems.hpp"
#include "core/config/source_config.hpp"
#include "core/config/template_text.hpp"
#include "core/config/understand_config.hpp"
#include "tl/expected.hpp"

namespace hayate::config {

/// What is said to small talk that has one of the words in it: "thanks", "good night".
struct Reply {
    std::map<std::string, std::vector<std::string>> words;  // by language
    Localized text;
};

struct AssistantConfig {
    std::string id;    // also the model name of the API: "mangaassist"
    std::string name;  // "MangaAssist"
    std::string folder;
    std::vector<std::string> languages;  // the first is the default
    Localized greeting;
    std::map<std::string, std::vector<std::string>> suggestions;
    std::string system_prompt_file = "prompts/system.txt";  // inside the folder
    std::string system_prompt;                  // its text, without white space around it
    std::string gate_weights;                   // text of gate.txt; empty without one
    std::map<std::string, std::string> probes;  // files of the folder probes/: name, text
    std::map<std::string, Localized> status;  // stage (understanding, looking_up, waiting, writing)

    std::vector<std::string> models;  // preferred first
    double quality_min = 0.3;  // a model that is right less often keeps no promise by being in time
    double late_worth = 0.3;   // what is left of an answer's worth when it comes too late
    int max_tokens = 320;
    int context_documents = 3;
    int retrieved_documents = 5;
    int history_exchanges = 5;
    int document_chars = 600;  // of one context document
    double temperature = 0.3;

    int deadline_ms = 3000;                     // whole answer; the p99 target
    int soft_wait_ms = 400;                     // gather: after this an optional source is left out
    SourceConfigs sources = default_sources();  // by name

    IntentsConfig intents;  // of the folder intents/
    /// Below this accuracy in cross-validation (from 0 to 1) the assistant is refused.
    double intent_accuracy_min = 0.6;
    UnderstandConfig understand;  // of messages that may mean several things

    std::string order_pattern;  // regular expression of an order number; empty: no orders
    /// Answers to small talk that is more than a greeting, by name.
    std::map<std::string, Reply> replies;
    /// Words, by language, that ask for a fact of a series ("publisher", "magazine") which the
    /// model is not shown otherwise.
    std::map<std::string, std::map<std::string, std::vector<std::string>>> asked_facts;
    double faq_similarity = 0.55;  // a template answer uses a FAQ entry at or above this cosine
    double document_similarity = 0.25;     // below it a document is not worth showing
    double faq_document_similarity = 0.4;  // an FAQ entry, whose questions are short and alike

    std::map<std::string, Localized> templates;  // answers without a model; see template_specs()
    std::map<std::string, Localized> degraded;   // source or "model" -> what to tell the customer
    std::map<std::string, Localized> words;      // small texts: order states, availability

    KeyPlaces places;  // of assistant.yaml

    /// `text` in `language`, else in the assistant's default language; empty when it has neither.
    [[nodiscard]] std::string_view in(const Localized& text, std::string_view language) const;
    /// The template `key`, filled. The placeholders of each key: template_specs().
    [[nodiscard]] std::string say(std::string_view key, std::string_view language,
                                  const TemplateValues& values = {}) const;
    /// The word `group` + "_" + `value`, for example word("order", "shipped", "ja"); `value` itself
    /// when the assistant has no word for it.
    [[nodiscard]] std::string word(std::string_view group, std::string_view value,
                                   std::string_view language) const;
};

/// Reads `folder`/assistant.yaml and the files it names. Every problem is reported.
[[nodiscard]] tl::expected<AssistantConfig, Problems> load_assistant(const std::string& folder);
/// The same from text, with the prompt's text given. `file` is used for messages.
[[nodiscard]] tl::expected<AssistantConfig, Problems> parse_assistant(std::string_view yaml,
                                                                      const std::string& file,
                                                                      std::string system_prompt);

/// Names each key once, for reading, listing and hashing.
void declare(Fields& fields, AssistantConfig& assistant);
[[nodiscard]] std::vector<std::string> assistant_config_keys();

}  // namespace hayate::config
