#include "core/config/yaml_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/json_text.hpp"
#include "core/base/nearest.hpp"
#include "core/config/plain_text.hpp"

namespace hayate::config {
namespace {

constexpr size_t kDocumentBytesMax = 1 << 20;
constexpr size_t kShownValueBytesMax = 40;
constexpr size_t kListedKeysMax = 16;

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

/// A value as a message may show it: one short line.
std::string shown(const YAML::Node& node) {
    if (node.IsMap()) return "a mapping";
    if (node.IsSequence()) return "a list";
    if (!node.IsScalar()) return "nothing";
    std::string_view text = node.Scalar();
    if (text.size() > kShownValueBytesMax) return "a long text";
    return base::json_string(text);
}

/// A scalar written without quotes; "8080" in quotes is a text, not a number.
bool is_plain(const YAML::Node& node) { return node.IsScalar() && node.Tag() != "!"; }

template <class Number>
bool parse_number(const YAML::Node& node, Number& value) {
    if (!is_plain(node)) return false;
    const std::string& text = node.Scalar();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

std::string joined(std::span<const std::string> words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

class YamlFields final : public Fields {
  public:
    explicit YamlFields(KeyPlaces& places) : places_(places) {}

    void read(const YAML::Node& root, const Declaration& declare) {
        open(root, "");
        declare(*this);
        close();
    }
    [[nodiscard]] Problems take_problems() { return std::move(problems_); }

    void text(std::string_view key, std::string& value) override { read_text(key, value, true); }
    void discreet_text(std::string_view key, std::string& value) override {
        read_text(key, value, false);
    }
    void choice(std::string_view key, std::string& value,
                std::span<const std::string> allowed) override;
    void flag(std::string_view key, bool& value) override;
    void number(std::string_view key, double& value, double min, double max) override;
    void dollars(std::string_view key, int64_t& micros) override;
    void texts(std::string_view key, std::vector<std::string>& values) override;
    void group(std::string_view key, const std::function<void()>& declare) override;

  protected:
    void whole(std::string_view key, int64_t& value, int64_t min, int64_t max) override;
    std::vector<std::string> names(std::vector<std::string>) override {
        std::vector<std::string> all;
        for (const auto& entry : levels_.back().values) all.push_back(entry.first);
        return all;
    }

  private:
    struct Level {
        std::string prefix;  // "models.fast."
        std::map<std::string, YAML::Node, std::less<>> values;
        std::vector<std::string> declared;
    };

    void open(const YAML::Node& mapping, std::string prefix);
    void close();
    const YAML::Node* take(std::string_view key);
    void read_text(std::string_view key, std::string& value, bool may_show);
    void refuse(std::string_view key, std::string text) {
        problems_.push_back(
            places_.problem(levels_.back().prefix + std::string(key), std::move(text)));
    }
    void expect(std::string_view key, std::string_view wanted, const YAML::Node& found) {
        refuse(key, fmt::format("expected {}, found {}", wanted, shown(found)));
    }

    KeyPlaces& places_;
    Problems problems_;
    std::vector<Level> levels_;
};

void YamlFields::open(const YAML::Node& mapping, std::string prefix) {
    levels_.push_back({.prefix = std::move(prefix)});
    Level& level = levels_.back();
    for (const auto& entry : mapping) {
        if (!entry.first.IsScalar()) {
            problems_.push_back({.file = places_.file(),
                                 .line = line_of(entry.first),
                                 .key = level.prefix,
                                 .text = "a key must be a plain text"});
            continue;
        }
        const std::string& key = entry.first.Scalar();
        places_.note(level.prefix + key, line_of(entry.first));
        if (level.values.emplace(key, entry.second).second) continue;
        Problem again = places_.problem(level.prefix + key, "");
        again.text = fmt::format("given twice, first in line {}", again.line);
        again.line = line_of(entry.first);
        problems_.push_back(std::move(again));
    }
}

/// Leaves a mapping: what it has and nobody declared is a mistake.
void YamlFields::close() {
    const Level& level = levels_.back();
    for (const auto& entry : level.values) {
        if (std::ranges::count(level.declared, entry.first) > 0) continue;
        std::string hint = base::did_you_mean(entry.first, level.declared);
        if (hint.empty() && level.declared.size() <= kListedKeysMax) {
            hint = "; known here: " + joined(level.declared);
        }
        refuse(entry.first, "unknown key" + hint);
    }
    levels_.pop_back();
}

const YAML::Node* YamlFields::take(std::string_view key) {
    Level& level = levels_.back();
    level.declared.emplace_back(key);
    const auto it = level.values.find(key);
    return it == level.values.end() ? nullptr : &it->second;
}

void YamlFields::read_text(std::string_view key, std::string& value, bool may_show) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    if (node->IsScalar()) {
        value = node->Scalar();
    } else if (may_show) {
        expect(key, "a text", *node);
    } else {
        refuse(key, "expected a text");
    }
}

void YamlFields::choice(std::string_view key, std::string& value,
                        std::span<const std::string> allowed) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    if (node->IsScalar() && std::ranges::count(allowed, node->Scalar()) > 0) {
        value = node->Scalar();
        return;
    }
    const std::string hint =
        node->IsScalar() ? base::did_you_mean(node->Scalar(), allowed) : std::string();
    refuse(key, fmt::format("expected one of {}; found {}{}", joined(allowed), shown(*node), hint));
}

void YamlFields::flag(std::string_view key, bool& value) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    if (is_plain(*node) && (node->Scalar() == "true" || node->Scalar() == "false")) {
        value = node->Scalar() == "true";
    } else {
        expect(key, "true or false", *node);
    }
}

void YamlFields::whole(std::string_view key, int64_t& value, int64_t min, int64_t max) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    int64_t read = 0;
    if (parse_number(*node, read) && read >= min && read <= max) {
        value = read;
    } else {
        expect(key, fmt::format("a whole number from {} to {}", min, max), *node);
    }
}

void YamlFields::number(std::string_view key, double& value, double min, double max) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    double read = 0;
    if (parse_number(*node, read) && std::isfinite(read) && read >= min && read <= max) {
        value = read;
    } else {
        expect(key, fmt::format("a number from {} to {}", min, max), *node);
    }
}

void YamlFields::dollars(std::string_view key, int64_t& micros) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    int64_t read = 0;
    if (is_plain(*node) && parse_dollars(node->Scalar(), read)) {
        micros = read;
    } else {
        expect(key, "dollars per million tokens, such as 3.00 (at most 6 decimals, not negative)",
               *node);
    }
}

void YamlFields::texts(std::string_view key, std::vector<std::string>& values) {
    const YAML::Node* node = take(key);
    if (node == nullptr) return;
    if (!node->IsSequence()) return expect(key, "a list of texts", *node);
    std::vector<std::string> read;
    for (const YAML::Node& item : *node) {
        if (!item.IsScalar()) return expect(key, "a list of texts", item);
        read.push_back(item.Scalar());
    }
    values = std::move(read);
}

void YamlFields::group(std::string_view key, const std::function<void()>& declare) {
    const YAML::Node* node = take(key);
    if (node == nullptr || node->IsNull()) return;  // a heading with everything below commented out
    if (!node->IsMap()) return expect(key, "a mapping (key: value)", *node);
    open(*node, fmt::format("{}{}.", levels_.back().prefix, key));
    declare();
    close();
}

Problem whole_file(const KeyPlaces& places, int line, std::string text) {
    return {.file = places.file(), .line = line, .text = std::move(text)};
}

Problems read_documents(const std::vector<YAML::Node>& documents, KeyPlaces& places,
                        const Declaration& declare) {
    if (documents.size() > 1) {
        return {whole_file(places, line_of(documents[1]), "more than one YAML document")};
    }
    const YAML::Node root = documents.empty() ? YAML::Node() : documents.front();
    if (!root.IsMap() && !root.IsNull()) {
        return {whole_file(places, line_of(root),
                           "expected a mapping (key: value), found " + shown(root))};
    }
    YamlFields fields(places);
    fields.read(root, declare);
    return fields.take_problems();
}

}  // namespace

Problems read_yaml(std::string_view text, KeyPlaces& places, const Declaration& declare) {
    if (text.size() > kDocumentBytesMax) {
        return {whole_file(places, 0, "larger than 1 MiB")};
    }
    if (const int line = first_bad_line(text); line > 0) {
        return {whole_file(places, line, "not UTF-8 text, or a control character")};
    }
    try {
        return read_documents(YAML::LoadAll(std::string(text)), places, declare);
    } catch (const YAML::Exception& error) {
        return {whole_file(places, error.mark.line + 1, "not YAML: " + error.msg)};
    }
}

}  // namespace hayate::config
