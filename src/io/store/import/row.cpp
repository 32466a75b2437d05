#include "io/store/import/row.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "core/base/nearest.hpp"
#include "io/store/import/cell_text.hpp"
#include "io/store/import/day.hpp"

namespace hayate::store {
namespace {

namespace json = boost::json;

constexpr size_t kTextMax = 20'000;

std::string shown(const json::value& value) {
    return value.is_string() ? in_quotes(std::string_view(value.get_string()))
                             : in_quotes(json::serialize(value));
}

/// The known field that was probably meant: by its spelling, or by how it begins ("price" for
/// "price_yen").
std::string suggestion(std::string_view key, const std::vector<std::string>& known) {
    std::string near = base::did_you_mean(key, known);
    const auto begins_so = [&](const std::string& field) {
        return key.size() >= 3 && field.starts_with(key);
    };
    const auto longer = std::ranges::find_if(known, begins_so);
    if (near.empty() && longer != known.end()) near = "; did you mean '" + *longer + "'?";
    return near;
}

std::string range_text(Range range) {
    return "must be a whole number from " + std::to_string(range.min) + " to " +
           std::to_string(range.max);
}

}  // namespace

RowReader::RowReader(const Row& row, std::string_view today, Problems& problems)
    : context_(std::make_shared<Context>(row, today, problems)),
      // The row outlives its reader: nothing to own.
      fields_(std::shared_ptr<const json::object>(), &row.fields) {}

RowReader::RowReader(std::shared_ptr<Context> context, std::shared_ptr<const json::object> fields,
                     std::string path)
    : context_(std::move(context)), fields_(std::move(fields)), path_(std::move(path)) {}

std::string RowReader::column(std::string_view key) const {
    if (path_.empty()) return std::string(key);
    const bool is_flat = context_->row.is_csv && fields_.get() == &context_->row.fields;
    return path_ + (is_flat ? "_" : ".") + std::string(key);
}

void RowReader::complain(std::string_view key, std::string text) {
    context_->problems.add({context_->row.file, context_->row.line, column(key), std::move(text)});
}

const json::value* RowReader::find(std::string_view key) {
    known_.emplace(key);
    const bool is_flat = context_->row.is_csv && fields_.get() == &context_->row.fields;
    if (is_flat) context_->known_columns.insert(column(key));
    const json::value* value = fields_->if_contains(is_flat ? column(key) : std::string(key));
    if (value == nullptr || value->is_null()) return nullptr;
    const bool is_empty_cell =
        context_->row.is_csv && value->is_string() && value->get_string().empty();
    return is_empty_cell ? nullptr : value;
}

const json::value* RowReader::require(std::string_view key, Need need) {
    const json::value* value = find(key);
    if (value == nullptr && need == Need::kRequired) complain(key, "is missing");
    return value;
}

std::optional<std::string> RowReader::checked_text(std::string_view key, const json::value& value) {
    if (!value.is_string()) {
        complain(key, "must be a text, not " + shown(value));
        return std::nullopt;
    }
    std::string text = trimmed(std::string_view(value.get_string()));
    if (text.size() > kTextMax)
        complain(key, "is longer than " + std::to_string(kTextMax) + " bytes");
    if (has_control_character(text)) complain(key, "contains control characters");
    return text;
}

std::string RowReader::text(std::string_view key, Need need) {
    const json::value* value = require(key, need);
    const auto text = value != nullptr ? checked_text(key, *value) : std::nullopt;
    if (text && text->empty() && need == Need::kRequired) complain(key, "is empty");
    return text.value_or("");
}

std::string RowReader::id(std::string_view key) {
    const json::value* value = require(key, Need::kRequired);
    if (value == nullptr) return {};
    if (!value->is_string() || !is_id(std::string_view(value->get_string()))) {
        complain(key,
                 "must be letters, digits, '-', '_' and '.' (at most 100), not " + shown(*value));
        return {};
    }
    return std::string(value->get_string());
}

std::string RowReader::word(std::string_view key) {
    const std::string word = text(key);
    if (!word.empty() && !is_word(word))
        complain(key, "must be a lower-case word, not " + in_quotes(word));
    return word;
}

std::vector<std::string> RowReader::words(std::string_view key) {
    std::vector<std::string> words = texts(key);
    for (const std::string& word : words) {
        if (!is_word(word)) complain(key, "must hold lower-case words, not " + in_quotes(word));
    }
    return words;
}

std::string RowReader::one_of(std::string_view key,
                              std::initializer_list<std::string_view> values) {
    const std::string word = text(key);
    if (word.empty() || std::ranges::find(values, word) != values.end()) return word;
    std::string list;
    for (const std::string_view value : values)
        list += (list.empty() ? "" : ", ") + std::string(value);
    const std::vector<std::string> known(values.begin(), values.end());
    complain(key, "must be one of " + list + ", not " + in_quotes(word) +
                      base::did_you_mean(word, known));
    return word;
}

std::vector<json::value> RowReader::elements(std::string_view key, const json::value& value) {
    if (value.is_array()) return {value.get_array().begin(), value.get_array().end()};
    std::vector<json::value> parts;
    if (context_->row.is_csv && value.is_string()) {
        for (std::string& part : split(std::string_view(value.get_string()), ';'))
            parts.emplace_back(part);
        return parts;
    }
    complain(key, "must be a list, not " + shown(value));
    return parts;
}

std::vector<std::string> RowReader::texts(std::string_view key) {
    std::vector<std::string> texts;
    const json::value* value = find(key);
    if (value == nullptr) return texts;
    for (const json::value& element : elements(key, *value)) {
        const auto text = checked_text(key, element);
        if (text && text->empty()) complain(key, "holds an empty text");
        if (text && !text->empty()) texts.push_back(*text);
    }
    return texts;
}

RowReader RowReader::nested(std::string_view key, Need need) {
    if (context_->row.is_csv) return {context_, fields_, column(key)};
    static const auto empty = std::make_shared<const json::object>();
    const json::value* value = require(key, need);
    if (value != nullptr && value->is_object()) {
        return {context_, {fields_, &value->get_object()}, column(key)};
    }
    if (value != nullptr)
        complain(key, "must be an object such as {\"en\": ..., \"ja\": ...}, not " + shown(*value));
    return {context_, empty, column(key)};
}

LocalText RowReader::local(std::string_view key, Need need) {
    const size_t problems_before = context_->problems.count();
    RowReader texts = nested(key, need);
    LocalText local{texts.text("en", Need::kOptional), texts.text("ja", Need::kOptional)};
    texts.finish();
    const bool is_empty = local.en.empty() && local.ja.empty();
    if (is_empty && need == Need::kRequired && problems_before == context_->problems.count()) {
        complain(key, "needs a text in en or ja");
    }
    return local;
}

std::vector<LocalText> RowReader::local_list(std::string_view key) {
    std::vector<LocalText> list;
    if (context_->row.is_csv) {
        RowReader columns = nested(key);
        const auto en = columns.texts("en");
        const auto ja = columns.texts("ja");
        for (size_t i = 0; i < std::max(en.size(), ja.size()); ++i) {
            list.push_back({i < en.size() ? en[i] : "", i < ja.size() ? ja[i] : ""});
        }
        return list;
    }
    for (RowReader& object : objects(key, {})) {
        list.push_back({object.text("en", Need::kOptional), object.text("ja", Need::kOptional)});
        object.finish();
    }
    return list;
}

std::optional<int64_t> RowReader::checked_integer(std::string_view key, const json::value& value,
                                                  Range range) {
    std::optional<int64_t> number;
    if (value.is_int64()) number = value.get_int64();
    if (context_->row.is_csv && value.is_string()) {
        const std::string text = trimmed(std::string_view(value.get_string()));
        int64_t parsed = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
        if (error == std::errc() && end == text.data() + text.size()) number = parsed;
    }
    if (number && *number >= range.min && *number <= range.max) return number;
    complain(key, range_text(range) + ", not " + shown(value));
    return std::nullopt;
}

int64_t RowReader::integer(std::string_view key, Range range) {
    const json::value* value = require(key, Need::kRequired);
    return value == nullptr ? range.min : checked_integer(key, *value, range).value_or(range.min);
}

std::optional<int> RowReader::optional_integer(std::string_view key, Range range) {
    const json::value* value = find(key);
    const auto number = value == nullptr ? std::nullopt : checked_integer(key, *value, range);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<std::pair<int, int>> RowReader::span(std::string_view key, Range range) {
    const json::value* value = find(key);
    if (value == nullptr) return std::nullopt;
    const std::vector<json::value> ends = elements(key, *value);
    const auto first = ends.size() == 2 ? checked_integer(key, ends[0], range) : std::nullopt;
    const auto last = ends.size() == 2 ? checked_integer(key, ends[1], range) : std::nullopt;
    if (ends.size() != 2 || (first && last && *first > *last)) {
        complain(key, "must be the first and the last of a range, not " + shown(*value));
    }
    if (!first || !last) return std::nullopt;
    return std::pair(static_cast<int>(*first), static_cast<int>(*last));
}

std::string RowReader::day(std::string_view key, Need need) {
    const std::string text = this->text(key, need);
    if (text.empty()) return {};
    auto day = resolve_day(text, context_->today);
    if (!day) complain(key, "must be a day such as 2026-11-24 or today-3, not " + in_quotes(text));
    return day.value_or("");
}

std::vector<RowReader> RowReader::objects(std::string_view key,
                                          std::initializer_list<std::string_view> keys) {
    std::vector<RowReader> readers;
    const json::value* value = find(key);
    if (value == nullptr) return readers;
    for (const json::value& element : elements(key, *value)) {
        auto object = std::make_shared<json::object>();
        if (element.is_object()) {
            *object = element.get_object();
        } else if (context_->row.is_csv) {
            const auto parts = split(std::string_view(element.get_string()), ':');
            for (size_t i = 0; i < std::min(parts.size(), keys.size()); ++i) {
                object->insert_or_assign(json::string_view(*(keys.begin() + i)), parts[i]);
            }
        } else {
            complain(key, "must hold objects, not " + shown(element));
            continue;
        }
        std::string path = column(key) + "[" + std::to_string(readers.size()) + "]";
        readers.push_back({context_, std::move(object), std::move(path)});
    }
    return readers;
}

void RowReader::finish() {
    const bool is_flat = context_->row.is_csv && fields_.get() == &context_->row.fields;
    if (is_flat && !path_.empty()) return;  // its columns are the row's, which answers for them
    const auto& known = is_flat ? context_->known_columns : known_;
    const std::vector<std::string> candidates(known.begin(), known.end());
    for (const auto& field : *fields_) {
        const std::string_view key = field.key();
        if (known.contains(key)) continue;
        complain(key, "is not a known field" + suggestion(key, candidates));
    }
}

}  // namespace hayate::store
