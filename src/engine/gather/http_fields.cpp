// The two pure halves of an HTTP source: what is asked, and what is taken of the answer.

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/text/cut.hpp"
#include "engine/gather/http_source.hpp"

namespace hayate::gather {
namespace {

namespace json = boost::json;

constexpr size_t kTargetBytesMax = 4'000;  // servers commonly take heads of 8 KiB
constexpr size_t kQuestionBytesMax = 400;  // encoded, three times as long
constexpr size_t kValueBytesMax = 300;     // of a field
constexpr size_t kListItemsMax = 20;

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

/// A step "." or ".." would be taken out by the service, or by a proxy before it.
bool has_dot_step(std::string_view target) {
    std::string_view path = target.substr(0, target.find('?'));
    while (!path.empty()) {
        const size_t end = std::min(path.find('/'), path.size());
        const std::string_view step = path.substr(0, end);
        if (step == "." || step == "..") return true;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

/// One line of bounded length: a service must not be able to begin a block of its own in the
/// prompt.
std::string one_line(std::string_view text) {
    std::string line(text::cut_graphemes(text, kValueBytesMax));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return line;
}

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return one_line({value.get_string().data(), value.get_string().size()});
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    if (value.is_double() && std::isfinite(value.get_double())) {
        return fmt::format("{}", value.get_double());
    }
    return {};
}

std::string field_text(const json::value& value) {
    if (!value.is_array()) return scalar_text(value);
    std::string all;
    for (size_t i = 0; i < std::min(value.get_array().size(), kListItemsMax); ++i) {
        const std::string item = scalar_text(value.get_array()[i]);
        if (item.empty()) continue;
        if (!all.empty()) all += ", ";
        all += item;
    }
    return one_line(all);
}

}  // namespace

config::TemplateValues placeholder_values(const Question& question) {
    config::TemplateValues values{
        {"question", std::string(text::cut_graphemes(question.text, kQuestionBytesMax))},
        {"language", question.language},
        {"customer", question.customer}};
    if (!question.known) return values;
    // The latest, or the one asked about: the store gives only the customer's own.
    if (!question.known->orders.empty()) values["order"] = question.known->orders.front().id;
    const auto series =
        std::ranges::find(question.known->documents, store::HitKind::kSeries, &store::Hit::kind);
    if (series != question.known->documents.end()) values["series"] = series->series.id;
    for (const Fact& fact : question.known->facts) {
        for (const auto& [field, value] : fact.values) values[fact.source + "_" + field] = value;
    }
    return values;
}

std::optional<std::string> fill_target(std::string_view target,
                                       const config::TemplateValues& values) {
    config::TemplateValues encoded;
    for (const auto& [name, value] : values) encoded[name] = percent_encoded(value);
    for (const std::string& name : config::required_placeholders_of(target)) {
        const auto found = encoded.find(name);
        if (found == encoded.end() || found->second.empty()) return std::nullopt;
    }
    std::string filled = config::render(target, encoded);
    if (filled.size() > kTargetBytesMax || has_dot_step(filled)) return std::nullopt;
    return filled;
}

Result<std::map<std::string, std::string>> select_fields(
    std::string_view body, const std::map<std::string, std::string>& pointers) {
    json::error_code failed;
    const json::value document = json::parse({body.data(), body.size()}, failed);
    if (failed) return fail(ErrorKind::kUpstream, "source", "its answer is not JSON");
    std::map<std::string, std::string> fields;
    for (const auto& [field, pointer] : pointers) {
        json::error_code absent;
        const json::value* value = document.find_pointer({pointer.data(), pointer.size()}, absent);
        std::string text = value == nullptr ? std::string() : field_text(*value);
        if (!text.empty()) fields.emplace(field, std::move(text));
    }
    return fields;
}

}  // namespace hayate::gather
