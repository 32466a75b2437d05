#include "core/config/assistant_config.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "core/config/assistant_checks.hpp"
#include "core/config/engine_checks.hpp"
#include "core/config/files.hpp"
#include "core/config/model_defaults.hpp"
#include "core/config/release.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::config {
namespace {

const std::filesystem::path kShipped = test::source_dir() / "assistants/mangaassist";

AssistantConfig shipped() {
    auto assistant = load_assistant(kShipped.string());
    EXPECT_TRUE(assistant) << format(assistant ? Problems() : assistant.error());
    return assistant.value_or(AssistantConfig());
}

EngineConfig engine_with_default_models() {
    EngineConfig config;
    config.models = default_models([](const std::string&) { return std::nullopt; });
    return config;
}

/// The problems of the shipped assistant after one replacement in its YAML.
std::string problems_after(std::string_view from, std::string_view to) {
    std::string yaml =
        read_text_file((kShipped / "assistant.yaml").string(), kConfigBytesMax).value();
    const size_t at = yaml.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    yaml.replace(at, from.size(), to);
    const auto assistant = parse_assistant(yaml, "a.yaml", "You are an assistant.");
    return assistant ? "" : format(assistant.error());
}

TEST(ShippedAssistant, IsComplete) {
    const AssistantConfig assistant = shipped();
    EXPECT_EQ(assistant.id, "mangaassist");
    EXPECT_EQ(assistant.languages, (std::vector<std::string>{"en", "ja"}));
    EXPECT_EQ(assistant.suggestions.at("ja").size(), 5U);
    EXPECT_EQ(assistant.system_prompt.find("You are MangaAssist"), 0U);
    EXPECT_EQ(assistant.sources.at("orders").timeout_ms, 800);
    EXPECT_TRUE(std::regex_search("Where is MNG-78901?", std::regex(assistant.order_pattern)));
    EXPECT_EQ(format(check_together(engine_with_default_models(), assistant)), "");
}

TEST(ShippedAssistant, ThePromptIsShortBecauseEachTokenOfItIsWaitedFor) {
    EXPECT_LT(shipped().system_prompt.size(), 700U);
}

TEST(ShippedAssistant, SpeaksBothLanguages) {
    const AssistantConfig assistant = shipped();
    EXPECT_EQ(assistant.say("greeting", "ja", {{"name", "田中"}}).find("田中さん、こんにちは"), 0U);
    EXPECT_EQ(assistant.say("greeting", "en").find("Hello! I can"), 0U);
    EXPECT_EQ(assistant.say("greeting", "fr").find("Hello! I can"), 0U);  // the default language
    EXPECT_EQ(assistant.word("order", "shipped", "ja"), "発送済み");
    EXPECT_EQ(assistant.word("genre", "never-heard-of", "ja"), "never-heard-of");
    EXPECT_EQ(
        assistant.say(
            "date", "en",
            {{"year", "2026"}, {"month", assistant.word("month", "11", "en")}, {"day", "24"}}),
        "November 24, 2026");
    EXPECT_EQ(assistant.say("order_status", "en", {{"order_id", "MNG-1"}, {"status", "delayed"}}),
              "Your order **MNG-1** is **delayed**.");
    EXPECT_EQ(assistant.say("order_status", "en",
                            {{"order_id", "MNG-1"},
                             {"status", "on its way"},
                             {"eta", "Friday"},
                             {"carrier", "Yamato"},
                             {"tracking", "40"}}),
              "Your order **MNG-1** is **on its way**. It should arrive on Friday. It travels with "
              "Yamato, tracking number 40.");
}

TEST(ShippedAssistant, NoTemplateShowsABraceWhenNothingIsKnown) {
    const AssistantConfig assistant = shipped();
    for (const TemplateSpec& spec : template_specs()) {
        TemplateValues values;
        for (const std::string& name : spec.placeholders) values[name] = "\x01";
        for (const std::string& language : assistant.languages) {
            for (const std::string& text :
                 {assistant.say(spec.key, language), assistant.say(spec.key, language, values)}) {
                EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << spec.key;
                EXPECT_EQ(text.find("[["), std::string::npos) << spec.key;
            }
        }
    }
}

TEST(Assistant, EachMistakeIsNamedWithItsLine) {
    const std::vector<std::array<std::string, 3>> cases{
        {"max_tokens:", "max_token:", "max_token: unknown key; did you mean 'max_tokens'?"},
        {"id: mangaassist", "id: Manga Assist", "id: expected a name of a-z"},
        {"      ja: [さようなら", "      jp: [さようなら",
         "replies.bye.words.ja: a text is missing"},
        {"  magazine:\n    en:", "  weight:\n    en:", "asked_facts.weight: expected publisher"},
        {"languages: [en, ja]", "languages: [en, ja, fr]", "greeting.fr: a text is missing"},
        {"languages: [en, ja]", "languages: [en]", "greeting.ja: 'ja' is not one of"},
        {"models: [strong, fast]", "models: []", "models: is missing"},
        {"temperature: 0.3", "temperature: hot", "temperature: expected a number from 0 to 2"},
        {"MNG-\\d{5}", "MNG-(", "order_pattern: not a usable regular expression"},
        {"MNG-\\d{5}", "\\d*",
         "order_pattern: not a usable regular expression: matches an empty text"},
        {"en: '{answer}'", "en: '{anwser}'",
         "templates.faq.en: unknown placeholder {anwser}; did you mean"},
        {"en: '{answer}'", "en: '{answer'", "templates.faq.en: '{' without '}'"},
        {"  faq:\n", "  faqs:\n", "templates: 'faq' is missing"},
        {"  faq:\n", "  faqs:\n", "templates.faqs: unknown key; did you mean 'faq'?"},
        {"  profile:\n    en", "  profil:\n    en", "degraded: 'profile' is missing"},
        {"order_shipped:", "order_shiped:", "words: 'order_shipped' is missing"},
        {"  retrieval: {timeout", "  retreival: {timeout",
         "sources.retreival: kind is missing: one of retrieval, session, profile, orders, http; "
         "did "
         "you mean 'retrieval'?"},
        {"context_documents: 3", "context_documents: 9", "more than retrieved_documents"},
    };
    for (const auto& [from, to, expected] : cases) {
        const std::string found = problems_after(from, to);
        EXPECT_NE(found.find(expected), std::string::npos) << to << "\n" << found;
        EXPECT_TRUE(std::regex_search(found, std::regex("^a\\.yaml:[1-9][0-9]*: "))) << found;
    }
}

TEST(Assistant, APromptThatIsMissingEmptyOrOutsideIsAProblemOfItsLine) {
    const std::filesystem::path folder =
        std::filesystem::path(::testing::TempDir()) / "hayate_assistant_test";
    std::filesystem::create_directories(folder / "prompts");
    std::filesystem::copy_file(kShipped / "assistant.yaml", folder / "assistant.yaml",
                               std::filesystem::copy_options::overwrite_existing);
    const auto problems = [&] {
        const auto assistant = load_assistant(folder.string());
        return assistant ? "" : format(assistant.error());
    };
    EXPECT_NE(problems().find("system_prompt_file: "), std::string::npos);
    EXPECT_NE(problems().find("the file does not exist"), std::string::npos);
    std::ofstream(folder / "prompts/system.txt") << " \n";
    EXPECT_NE(problems().find("the file is empty"), std::string::npos);
    std::ofstream(folder / "prompts/system.txt") << "ok\n\xff\n";
    EXPECT_NE(problems().find("system.txt:2: not UTF-8"), std::string::npos);
    std::ofstream(folder / "prompts/system.txt") << "You are kind.\n";
    EXPECT_EQ(problems(), "");
    std::ofstream(folder / "assistant.yaml", std::ios::app)
        << "\n# again\nsystem_prompt_file: ../secret\n";
    EXPECT_NE(problems().find("given twice"), std::string::npos);
    std::filesystem::remove_all(folder);
    EXPECT_NE(format(load_assistant(folder.string()).error()).find("does not exist"),
              std::string::npos);
}

TEST(Assistant, MayNotTakeAModelsNameOrNeedModelsThatAreMissing) {
    EngineConfig config = engine_with_default_models();
    AssistantConfig assistant = shipped();
    assistant.models = {"fasst", "strong"};
    EXPECT_NE(
        format(check_together(config, assistant)).find("no model 'fasst'; did you mean 'fast'"),
        std::string::npos);
    assistant.models = {"large"};
    EXPECT_NE(format(check_together(config, assistant)).find("none of these models"),
              std::string::npos);
    assistant.models = {"large", "strong"};  // an alternative that this server does not have
    EXPECT_EQ(format(check_together(config, assistant)), "");
    assistant.id = "fast";
    EXPECT_NE(format(check_together(config, assistant)).find("also the assistant's id"),
              std::string::npos);
}

TEST(Assistant, KeysAreListed) {
    const std::vector<std::string> keys = assistant_config_keys();
    for (const char* key : {"id", "templates.*.*", "sources.*.timeout_ms", "replies.*.words.*",
                            "greeting.*", "system_prompt_file"}) {
        EXPECT_EQ(std::ranges::count(keys, key), 1) << key;
    }
}

TEST(Release, ChangesWithWhatShapesAnAnswerAndNothingElse) {
    const EngineConfig engine = engine_with_default_models();
    const AssistantConfig assistant = shipped();
    const std::string base = release_hash(engine, assistant);
    EXPECT_EQ(base.size(), 12U);
    EXPECT_EQ(base, release_hash(engine, shipped()));

    const auto with_engine = [&](auto change) {
        EngineConfig changed = engine;
        change(changed);
        return release_hash(changed, assistant);
    };
    EXPECT_EQ(with_engine([](EngineConfig& c) { c.listen.port = 1; }), base);
    EXPECT_EQ(with_engine([](EngineConfig& c) { c.models["fast"].key_env = "X"; }), base);
    EXPECT_EQ(with_engine([](EngineConfig& c) { c.models["fast"].price.prompt_micros = 9; }), base);
    EXPECT_NE(with_engine([](EngineConfig& c) { c.models["fast"].model = "other"; }), base);
    EXPECT_NE(with_engine([](EngineConfig& c) { c.models.erase("fast"); }), base);

    const auto with_assistant = [&](auto change) {
        AssistantConfig changed = assistant;
        change(changed);
        return release_hash(engine, changed);
    };
    EXPECT_NE(with_assistant([](AssistantConfig& a) { a.system_prompt += "."; }), base);
    EXPECT_NE(with_assistant([](AssistantConfig& a) { a.templates["faq"]["ja"] = "x"; }), base);
    EXPECT_NE(with_assistant([](AssistantConfig& a) { a.sources["orders"].timeout_ms = 9; }), base);
    EXPECT_NE(with_assistant([](AssistantConfig& a) { a.probes["x.txt"] = "layer 1"; }), base);
    EXPECT_EQ(with_assistant([](AssistantConfig& a) { a.folder = "/elsewhere"; }), base);
}

}  // namespace
}  // namespace hayate::config
