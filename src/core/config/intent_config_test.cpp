#include "core/config/intent_config.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/config/assistant_config.hpp"
#include "core/config/release.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::config {
namespace {

const std::vector<std::string> kLanguages{"en", "ja"};

std::string problems_of(std::string_view yaml, const std::string& name = "faq") {
    IntentsConfig intents;
    Problems problems;
    read_intent(yaml, name, "intents/" + name + ".yaml", kLanguages, intents, problems);
    return format(problems);
}

TEST(Intents, AreReadWithTheirExamples) {
    IntentsConfig config;
    Problems problems;
    read_intent("base_complexity: 0.2\nexamples: {en: [a, b], ja: [あ]}\n", "faq", "f", kLanguages,
                config, problems);
    read_intent("examples: {en: [x], ja: [y]}\n", "out_of_scope", "f", kLanguages, config,
                problems);
    EXPECT_EQ(format(problems), "");
    ASSERT_EQ(config.intents.size(), 1U);
    EXPECT_DOUBLE_EQ(config.intents.at("faq").base_complexity, 0.2);
    EXPECT_EQ(config.intents.at("faq").examples.at("en"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(config.out_of_scope.at("ja"), std::vector<std::string>{"y"});
}

TEST(Intents, EachMistakeIsNamedWithItsLine) {
    EXPECT_EQ(problems_of("examples:\n  en: [a]\n  ja: []\n"),
              "intents/faq.yaml:3: examples.ja: at least one example is needed\n");
    EXPECT_EQ(problems_of("examples:\n  en: [a]\n"),
              "intents/faq.yaml:1: examples.ja: at least one example is needed\n");
    EXPECT_EQ(problems_of("exampels: {}\nexamples: {en: [a], ja: [b]}\n"),
              "intents/faq.yaml:1: exampels: unknown key; did you mean 'examples'?\n");
    EXPECT_EQ(problems_of("base_complexity: 2\nexamples: {en: [a], ja: [b]}\n"),
              "intents/faq.yaml:1: base_complexity: expected a number from 0 to 1, found \"2\"\n");
    EXPECT_EQ(problems_of("examples:\n  en: [a]\n  ja: [b]\n  jp: [c]\n"),
              "intents/faq.yaml:4: examples.jp: 'jp' is not one of the assistant's languages; "
              "did you mean 'ja'?\n");
    EXPECT_EQ(problems_of("examples:\n  en: [a, ' ']\n  ja: [b, b]\n"),
              "intents/faq.yaml:2: examples.en: an example is empty\n"
              "intents/faq.yaml:3: examples.ja: 'b' is given twice\n");
    EXPECT_EQ(problems_of("base_complexity: 1\nexamples: {en: [a], ja: [b]}\n", "out_of_scope"),
              "intents/out_of_scope.yaml:1: base_complexity: unknown key; known here: examples\n");
    EXPECT_EQ(problems_of("examples: {en: [a], ja: [b]}\n", "Our FAQ"),
              "intents/Our FAQ.yaml: an intent's name is made of a-z, 0-9 and _\n");
    EXPECT_EQ(problems_of("kind: serch\nexamples: {en: [a], ja: [b]}\n"),
              "intents/faq.yaml:1: kind: expected one of question, greeting, order_status, "
              "search, recommendation, complaint; found \"serch\"; did you mean 'search'?\n");
    EXPECT_EQ(problems_of("examples: {en: [a], ja: [b]}\nsoft_wait_ms: -1\n"),
              "intents/faq.yaml:2: soft_wait_ms: expected a whole number from 0 to 60000, found "
              "\"-1\"\n");
    EXPECT_NE(problems_of("examples: ["), "");
}

/// A folder of intents, by file name.
std::string problems_in(const std::map<std::string, std::string>& files) {
    const std::filesystem::path folder =
        std::filesystem::path(::testing::TempDir()) / "hayate_intents_test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "intents");
    for (const auto& [name, text] : files) std::ofstream(folder / "intents" / name) << text;
    Problems problems;
    (void)load_intents(folder.string(), kLanguages, problems);
    return format(problems);
}

TEST(Intents, AFolderNeedsTwoAndNoTextTwice) {
    const std::string a = "examples: {en: [hello], ja: [あ]}\n";
    const std::string b = "examples: {en: [bye], ja: [い]}\n";
    EXPECT_EQ(problems_in({}), "");  // an assistant without intents is an assistant
    EXPECT_EQ(problems_in({{"a.yaml", a}, {"b.yaml", b}, {"note.txt", "?"}}), "");
    EXPECT_NE(problems_in({{"a.yaml", a}}).find("1 intents; from 2"), std::string::npos);
    EXPECT_NE(problems_in({{"a.yaml", a}, {"b.yaml", a}})
                  .find("b.yaml: examples.en: 'hello' is an example of a as well"),
              std::string::npos);
}

TEST(ShippedIntents, HaveEnoughVariedExamplesInEachLanguage) {
    const auto assistant = load_assistant((test::source_dir() / "assistants/mangaassist").string());
    ASSERT_TRUE(assistant) << format(assistant.error());
    EXPECT_EQ(assistant->intents.intents.size(), 7U);
    for (const auto& [name, intent] : assistant->intents.intents) {
        for (const std::string& language : assistant->languages)
            EXPECT_GE(intent.examples.at(language).size(), 60U) << name;
    }
    for (const std::string& language : assistant->languages)
        EXPECT_GE(assistant->intents.out_of_scope.at(language).size(), 100U);
}

TEST(ShippedIntents, BelongToTheRelease) {
    auto assistant = load_assistant((test::source_dir() / "assistants/mangaassist").string());
    ASSERT_TRUE(assistant);
    const std::string before = release_hash({}, *assistant);
    assistant->intents.intents.at("faq").examples.at("en").front() += "!";
    EXPECT_NE(release_hash({}, *assistant), before);
}

}  // namespace
}  // namespace hayate::config
