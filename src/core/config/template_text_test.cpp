#include "core/config/template_text.hpp"

#include <gtest/gtest.h>

namespace hayate::config {
namespace {

using Names = std::vector<std::string>;

TEST(Template, FillsItsHoles) {
    EXPECT_EQ(render("{title}: {price}", {{"title", "鬼滅の刃"}, {"price", "¥528"}}),
              "鬼滅の刃: ¥528");
    EXPECT_EQ(render("no holes", {{"title", "x"}}), "no holes");
    EXPECT_EQ(render("", {}), "");
    EXPECT_EQ(render("a {gone} b", {}), "a  b");
    EXPECT_EQ(render("{{title}} [1] a]b", {{"title", "x"}}), "{title} [1] a]b");
}

TEST(Template, LeavesOutAnOptionalPartWithAHole) {
    const std::string text = "Shipped.[[ Due {eta}.]][[ By {carrier}, {tracking}.]]";
    EXPECT_EQ(render(text, {{"eta", "Friday"}}), "Shipped. Due Friday.");
    EXPECT_EQ(render(text, {{"carrier", "Yamato"}}), "Shipped.");
    EXPECT_EQ(render(text, {{"carrier", "Yamato"}, {"tracking", "7"}}), "Shipped. By Yamato, 7.");
    EXPECT_EQ(render("[[always]]", {}), "always");
}

TEST(Template, NeverReadsAValueAgain) {
    EXPECT_EQ(render("{title}[[ {note}]]", {{"title", "{note} [[x]]"}, {"note", "{title}"}}),
              "{note} [[x]] {title}");
}

TEST(Template, NamesItsPlaceholders) {
    EXPECT_EQ(placeholders_of("{a}[[ {b_2}]] {{c}} {a}").value(), (Names{"a", "b_2", "a"}));
    EXPECT_EQ(placeholders_of("plain").value(), Names{});
}

TEST(Template, SaysWhatIsMalformedAndRendersItAsItIs) {
    const std::map<std::string, std::string> wrong{
        {"a {title", "'{' without '}'"},       {"a } b", "'}' without '{'"},
        {"{Title}", "not a placeholder name"}, {"{}", "not a placeholder name"},
        {"[[ a", "'[[' without ']]'"},         {"a ]]", "']]' without '[['"},
        {"[[a [[b]]]]", "'[[' inside '[['"},
    };
    for (const auto& [text, expected] : wrong) {
        const auto names = placeholders_of(text);
        ASSERT_FALSE(names) << text;
        EXPECT_NE(names.error().find(expected), std::string::npos) << names.error();
        EXPECT_EQ(render(text, {{"title", "x"}}), text);
    }
}

TEST(Template, EverySpecIsNamedOnceAndFound) {
    for (const TemplateSpec& spec : template_specs()) {
        EXPECT_EQ(find_template_spec(spec.key), &spec);
        EXPECT_FALSE(spec.use.empty());
    }
    EXPECT_EQ(find_template_spec("nonsense"), nullptr);
}

TEST(TemplateText, TellsThePlaceholdersThatItCannotDoWithout) {
    EXPECT_EQ(required_placeholders_of("{a}[[ and {b}]] {c}"), (Names{"a", "c"}));
    EXPECT_EQ(required_placeholders_of("[[{a}"), Names{});
}

}  // namespace
}  // namespace hayate::config
