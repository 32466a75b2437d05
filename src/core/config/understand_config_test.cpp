#include "core/config/understand_config.hpp"

#include <gtest/gtest.h>

#include "core/config/assistant_config.hpp"
#include "core/config/engine_checks.hpp"
#include "core/config/yaml_fields.hpp"

namespace hayate::config {
namespace {

/// What is wrong with an assistant that says this, of two intents of which `phrases` can be asked
/// about.
std::string problems_of(std::string_view yaml, size_t phrases = 2) {
    AssistantConfig assistant{.languages = {"en", "ja"}, .places = KeyPlaces("a.yaml")};
    for (size_t i = 0; i < 2; ++i) {
        IntentConfig& intent = assistant.intents.intents["intent" + std::to_string(i)];
        if (i < phrases) intent.ask_back = {{"en", "this"}, {"ja", "これ"}};
    }
    Problems problems =
        read_yaml(yaml, assistant.places, [&](Fields& fields) { declare(fields, assistant); });
    append(problems, check_understand(assistant));
    return format(problems);
}

constexpr const char* kQuestion = R"(understand:
  ask_back:
    margin: 0.2
    text:
      en: '{first} or {second}[[ or {third}]]?'
      ja: '{first}、{second}[[、{third}]]？'
)";

TEST(UnderstandConfig, IsOffUntilItIsAskedFor) {
    const AssistantConfig assistant;
    EXPECT_EQ(assistant.understand.classifier.model, "");
    EXPECT_EQ(assistant.understand.ask_back.margin, 0);
    EXPECT_EQ(problems_of("id: x\n", 0), "");
    EXPECT_EQ(problems_of(kQuestion), "");
}

TEST(UnderstandConfig, EachMistakeIsNamedWithItsLine) {
    EXPECT_EQ(
        problems_of("understand:\n  classifier: {timeout_ms: 0}\n"),
        "a.yaml:2: understand.classifier.timeout_ms: expected a whole number from 1 to 60000, "
        "found \"0\"\n");
    EXPECT_EQ(problems_of("understand:\n  classifier:\n    model: fast\n    timeout_ms: 3000\n"),
              "a.yaml:4: understand.classifier.timeout_ms: leaves less than 500 ms to answer: "
              "deadline_ms is "
              "3000\n");
    EXPECT_EQ(problems_of("understand: {clasifier: {model: fast}}\n"),
              "a.yaml:1: understand.clasifier: unknown key; did you mean 'classifier'?\n");
    EXPECT_EQ(problems_of("understand:\n  ask_back:\n    margin: 2\n"),
              "a.yaml:3: understand.ask_back.margin: expected a number from 0 to 1, found \"2\"\n");
    EXPECT_EQ(problems_of("understand:\n  ask_back:\n    margin: 0.2\n"),
              "a.yaml:2: understand.ask_back.text.en: a text is missing or empty\n"
              "a.yaml:2: understand.ask_back.text.ja: a text is missing or empty\n");
    EXPECT_EQ(
        problems_of("understand:\n  ask_back:\n    margin: 0.1\n    text:\n      en: '{first} "
                    "{secnd} {third}'\n      ja: '{first'\n      fr: '{first}{second}{third}'"
                    "\n"),
        "a.yaml:7: understand.ask_back.text.fr: 'fr' is not one of the assistant's languages\n"
        "a.yaml:5: understand.ask_back.text.en: unknown placeholder {secnd}; this text has "
        "{first}, {second}, {third}\n"
        "a.yaml:5: understand.ask_back.text.en: {second} is missing\n"
        "a.yaml:6: understand.ask_back.text.ja: '{' without '}'\n");
    EXPECT_EQ(problems_of(kQuestion, 1),
              "a.yaml:3: understand.ask_back.margin: at least two intents need an ask_back phrase "
              "to choose between\n");
}

TEST(UnderstandConfig, APhraseIsInEveryLanguage) {
    AssistantConfig assistant{.languages = {"en", "ja"}};
    IntentConfig& intent = assistant.intents.intents["faq"];
    KeyPlaces places("intents/faq.yaml");
    EXPECT_TRUE(read_yaml("description: " + std::string(300, 'x') + "\nask_back:\n  en: this\n",
                          places, [&](Fields& fields) { declare(fields, intent); })
                    .empty());
    intent.places = places;
    EXPECT_EQ(format(check_understand(assistant)),
              "intents/faq.yaml:1: description: longer than 200 bytes: a phrase is expected\n"
              "intents/faq.yaml:2: ask_back.ja: a text is missing or empty\n");
}

TEST(UnderstandConfig, TheClassifierIsOneOfTheServersModels) {
    EngineConfig engine;
    engine.models["fast"];
    AssistantConfig assistant{.models = {"fast"}, .places = KeyPlaces("a.yaml")};
    const auto problems =
        read_yaml("understand:\n  classifier:\n    model: fats\n", assistant.places,
                  [&](Fields& fields) { declare(fields, assistant); });
    EXPECT_EQ(format(problems), "");
    EXPECT_EQ(format(check_together(engine, assistant)),
              "a.yaml:3: understand.classifier.model: there is no model 'fats'; did you mean "
              "'fast'?\n");
    assistant.understand.classifier.model = "fast";
    EXPECT_EQ(format(check_together(engine, assistant)), "");
    assistant.understand.classifier.model = "large";
    EXPECT_EQ(format(check_together({}, assistant)), "") << "a server that was told to have none";
}

}  // namespace
}  // namespace hayate::config
