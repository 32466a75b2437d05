#include "core/config/yaml_fields.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "core/config/plain_text.hpp"

namespace hayate::config {
namespace {

struct Sample {
    std::string name = "unset";
    std::string secret_name;
    std::string colour = "red";
    bool is_on = false;
    int count = 7;
    double share = 0.5;
    int64_t micros = 0;
    std::vector<std::string> list;
    std::map<std::string, int> sizes;
};

void declare(Fields& fields, Sample& sample) {
    static const std::vector<std::string> kColours{"red", "green"};
    fields.text("name", sample.name);
    fields.discreet_text("secret_name", sample.secret_name);
    fields.choice("colour", sample.colour, kColours);
    fields.group("inner", [&] {
        fields.flag("is_on", sample.is_on);
        fields.integer("count", sample.count, 1, 10);
        fields.number("share", sample.share, 0, 1);
    });
    fields.dollars("price", sample.micros);
    fields.texts("list", sample.list);
    fields.each("sizes", sample.sizes,
                [&](const std::string& name, int& size) { fields.integer(name, size, 0, 99); });
}

/// The problems of a document, one a line.
std::string problems_of(std::string_view yaml, Sample sample = {}) {
    KeyPlaces places("t.yaml");
    return format(read_yaml(yaml, places, [&](Fields& fields) { declare(fields, sample); }));
}

Sample read(std::string_view yaml) {
    Sample sample;
    KeyPlaces places("t.yaml");
    const Problems problems =
        read_yaml(yaml, places, [&](Fields& fields) { declare(fields, sample); });
    EXPECT_EQ(format(problems), "");
    return sample;
}

TEST(Yaml, FillsWhatIsGivenAndKeepsTheRest) {
    const Sample sample = read(
        "name: 疾風\ncolour: green\ninner: {is_on: true, share: 1}\nprice: 3.25\n"
        "list: [a, \"b c\"]\nsizes: {small: 1, large: 99}\n");
    EXPECT_EQ(sample.name, "疾風");
    EXPECT_EQ(sample.colour, "green");
    EXPECT_TRUE(sample.is_on);
    EXPECT_EQ(sample.count, 7);
    EXPECT_EQ(sample.share, 1);
    EXPECT_EQ(sample.micros, 3'250'000);
    EXPECT_EQ(sample.list, (std::vector<std::string>{"a", "b c"}));
    EXPECT_EQ(sample.sizes, (std::map<std::string, int>{{"large", 99}, {"small", 1}}));
}

TEST(Yaml, AnEmptyDocumentOrHeadingGivesNothing) {
    EXPECT_EQ(read("").name, "unset");
    EXPECT_EQ(read("# all commented out\n").name, "unset");
    EXPECT_EQ(read("inner:\n#  count: 3\nname: x\n").count, 7);
}

TEST(Yaml, ATextIsWhatIsWritten) {
    EXPECT_EQ(read("name: no\n").name, "no");
    EXPECT_EQ(read("name: 8080\n").name, "8080");
    EXPECT_EQ(read("name: ''\n").name, "");
}

TEST(Yaml, EachMistakeIsNamedWithItsLine) {
    EXPECT_EQ(problems_of("name: a\nnmae: b\n"),
              "t.yaml:2: nmae: unknown key; did you mean 'name'?\n");
    EXPECT_EQ(problems_of("inner:\n  zzzzz: 1\n"),
              "t.yaml:2: inner.zzzzz: unknown key; known here: is_on, count, share\n");
    EXPECT_EQ(problems_of("name: a\n\nname: b\n"),
              "t.yaml:3: name: given twice, first in line 1\n");
    EXPECT_EQ(problems_of("inner: {count: 11}\n"),
              "t.yaml:1: inner.count: expected a whole number from 1 to 10, found \"11\"\n");
    EXPECT_EQ(problems_of("inner: {count: '3'}\n"),
              "t.yaml:1: inner.count: expected a whole number from 1 to 10, found \"3\"\n");
    EXPECT_EQ(problems_of("inner: {is_on: yes}\n"),
              "t.yaml:1: inner.is_on: expected true or false, found \"yes\"\n");
    EXPECT_EQ(problems_of("inner: {share: .nan}\n"),
              "t.yaml:1: inner.share: expected a number from 0 to 1, found \".nan\"\n");
    EXPECT_EQ(problems_of("inner: 3\n"),
              "t.yaml:1: inner: expected a mapping (key: value), found \"3\"\n");
    EXPECT_EQ(problems_of("colour: gren\n"),
              "t.yaml:1: colour: expected one of red, green; found \"gren\"; did you mean "
              "'green'?\n");
    EXPECT_EQ(problems_of("name: [a]\n"), "t.yaml:1: name: expected a text, found a list\n");
    EXPECT_EQ(problems_of("name:\n"), "t.yaml:1: name: expected a text, found nothing\n");
    EXPECT_EQ(problems_of("list: a\n"), "t.yaml:1: list: expected a list of texts, found \"a\"\n");
    EXPECT_EQ(problems_of("list: [a, {b: c}]\n"),
              "t.yaml:1: list: expected a list of texts, found a mapping\n");
}

TEST(Yaml, WhatIsNoMappingOrNoYamlIsRefused) {
    EXPECT_EQ(problems_of("- a\n"), "t.yaml:1: expected a mapping (key: value), found a list\n");
    EXPECT_EQ(problems_of("name: a\n---\nname: b\n"), "t.yaml:3: more than one YAML document\n");
    EXPECT_EQ(problems_of("name: a\ninner: {\ncolour: [\n").find("t.yaml:"), 0U);
    EXPECT_EQ(problems_of("a: b: c\n"), "t.yaml:1: not YAML: illegal map value\n");
    EXPECT_EQ(problems_of("name: *nope\n"),
              "t.yaml:1: not YAML: the referenced anchor is not defined\n");
    EXPECT_EQ(problems_of("? [a]\n: b\n"), "t.yaml:1: a key must be a plain text\n");
    EXPECT_EQ(problems_of("name: a\nlist: [\xff]\n"),
              "t.yaml:2: not UTF-8 text, or a control character\n");
    EXPECT_EQ(problems_of(std::string("name: a\x04\ncolour: blue\n")),
              "t.yaml:1: not UTF-8 text, or a control character\n");
    EXPECT_EQ(problems_of(std::string((1 << 20) + 1, '#')), "t.yaml: larger than 1 MiB\n");
}

TEST(Yaml, AllMistakesAreCollected) {
    const std::string all = problems_of("colour: blue\ninner: {count: x, share: 2}\nextra: 1\n");
    EXPECT_EQ(std::ranges::count(all, '\n'), 4);
}

TEST(Yaml, AMessageDoesNotRepeatWhatMayBeASecretOrLong) {
    const std::string all =
        problems_of("secret_name: [hk_very_secret]\nname: [x]\nprice: " + std::string(50, '9'));
    EXPECT_EQ(all.find("hk_very_secret"), std::string::npos);
    EXPECT_NE(all.find("found a long text"), std::string::npos);
}

TEST(Yaml, DollarsAreExact) {
    int64_t micros = -1;
    const std::map<std::string, int64_t> right{{"0", 0},
                                               {"3", 3'000'000},
                                               {"3.00", 3'000'000},
                                               {"0.25", 250'000},
                                               {"0.1", 100'000},
                                               {"0.000001", 1},
                                               {"999999.999999", 999'999'999'999}};
    for (const auto& [text, expected] : right) {
        EXPECT_TRUE(parse_dollars(text, micros)) << text;
        EXPECT_EQ(micros, expected) << text;
    }
    for (const char* wrong : {"", "-1", "+1", "1e3", "1.", ".5", "0.0000001", "1,5", "$3", "1.2.3",
                              "1000000", "0x10", " 1", "free"}) {
        EXPECT_FALSE(parse_dollars(wrong, micros)) << wrong;
    }
}

TEST(Yaml, ListsItsKeysFromTheSameDeclaration) {
    Sample sample;
    EXPECT_EQ(list_keys([&](Fields& fields) { declare(fields, sample); }),
              (std::vector<std::string>{"name", "secret_name", "colour", "inner.is_on",
                                        "inner.count", "inner.share", "price", "list", "sizes.*"}));
}

TEST(Yaml, CanonicalTextTellsEveryDifference) {
    const auto text_of = [](Sample sample) {
        return canonical_text([&](Fields& fields) { declare(fields, sample); });
    };
    EXPECT_EQ(text_of({}), text_of({}));
    EXPECT_NE(text_of({}), text_of({.name = "other"}));
    EXPECT_NE(text_of({.list = {"a,b"}}), text_of({.list = {"a", "b"}}));
    EXPECT_NE(text_of({.sizes = {{"a", 1}}}), text_of({.sizes = {{"b", 1}}}));
    EXPECT_NE(text_of({.share = 0.1}), text_of({.share = 0.1000000001}));
}

/// Cuts, flips, repeats: whatever a file has become, reading it ends with a verdict.
TEST(Yaml, AnyDamageIsAVerdictAndNoCrash) {
    const std::string good =
        "name: &a 疾風\ncolour: green\ninner:\n  is_on: true\n  share: 0.5\nprice: 3.25\n"
        "list: [*a, \"b\\u0041\", 'c', |\n  text\n  ]\nsizes: {small: 1, large: 99}\n# end\n";
    std::mt19937 random(20261124);
    const auto below = [&](size_t n) {
        return std::uniform_int_distribution<size_t>(0, n - 1)(random);
    };
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = good;
        for (size_t i = 0; i <= below(4); ++i) {
            const size_t at = below(damaged.size());
            switch (below(4)) {
                case 0:
                    damaged.erase(at, below(8) + 1);
                    break;
                case 1:
                    damaged[at] = static_cast<char>(static_cast<unsigned char>(below(256)));
                    break;
                case 2:
                    damaged.insert(at, 1 + below(40), "[{:&*!|>-\n \"'"[below(13)]);
                    break;
                default:
                    damaged.insert(at, damaged.substr(below(damaged.size()), below(30)));
            }
            if (damaged.empty()) break;
        }
        Sample sample;
        KeyPlaces places("t.yaml");
        for (const Problem& problem :
             read_yaml(damaged, places, [&](Fields& fields) { declare(fields, sample); })) {
            EXPECT_FALSE(problem.format().empty());
        }
        EXPECT_GE(sample.count, 1);
        EXPECT_LE(sample.count, 10);
    }
}

}  // namespace
}  // namespace hayate::config
