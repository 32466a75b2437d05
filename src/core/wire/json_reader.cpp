#include "core/wire/json_reader.hpp"

#include <cstring>

namespace hayate::wire::json {
namespace {

using simdjson::SUCCESS;

std::string_view without_trailing_space(std::string_view text) {
    const size_t last = text.find_last_not_of(" \t\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// What stands between the quotes of a string, as it was sent. Empty and false if it is not closed.
bool raw_text(Value& value, std::string_view& out) {
    const std::string_view token = without_trailing_space(value.raw_json_token());
    if (token.size() < 2 || token.front() != '"' || token.back() != '"') return false;
    out = token.substr(1, token.size() - 2);
    return true;
}

bool has_escape(std::string_view text) {
    return std::memchr(text.data(), '\\', text.size()) != nullptr;
}

Code check_string(Value& value) {
    std::string_view text;
    if (!raw_text(value, text)) return simdjson::STRING_ERROR;
    if (has_escape(text)) return value.get_string().get(text);
    simdjson::ondemand::raw_json_string raw;
    return value.get_raw_json_string().get(raw);
}

Code check_scalar(Value& value, Type type) {
    if (type == Type::string) return check_string(value);
    if (type == Type::number) {
        double number = 0;
        return value.get_double().get(number);
    }
    // A misspelt word is reported as a value of another type, which it is not.
    bool flag = false;
    if (type == Type::boolean) {
        return value.get_bool().get(flag) ? simdjson::T_ATOM_ERROR : SUCCESS;
    }
    return !value.is_null().get(flag) && flag ? SUCCESS : simdjson::N_ATOM_ERROR;
}

}  // namespace

Code open(std::string_view text, Document& document, Object& root) {
    thread_local simdjson::ondemand::parser parser;
    thread_local std::string padded;
    // Zeros behind the text: the parser may look there, and must not find a bracket.
    padded.assign(text);
    padded.append(simdjson::SIMDJSON_PADDING, '\0');
    const simdjson::padded_string_view view(padded.data(), text.size(), padded.size());
    if (const Code failed = parser.iterate(view).get(document)) return failed;
    return document.get_object().get(root);
}

Code check_end(Document& document) {
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS
               ? SUCCESS
               : simdjson::TRAILING_CONTENT;
}

Code read(Value& value, std::string& out) {
    std::string_view text;
    // Most strings have no escapes, and copying them is far cheaper than looking at each byte.
    if (raw_text(value, text) && !has_escape(text)) {
        simdjson::ondemand::raw_json_string raw;
        if (const Code failed = value.get_raw_json_string().get(raw)) return failed;
    } else if (const Code failed = value.get_string().get(text)) {
        return failed;
    }
    out.assign(text);
    return SUCCESS;
}

Code check(Value& value, int depth_max) {
    Type type;
    if (const Code failed = value.type().get(type)) return failed;
    if (type != Type::object && type != Type::array) return check_scalar(value, type);
    if (depth_max <= 0) return simdjson::DEPTH_ERROR;
    if (type == Type::object) {
        return each_member(value,
                           [=](Member& member) { return check(member.value, depth_max - 1); });
    }
    return each_element(value, [=](Value& element) { return check(element, depth_max - 1); });
}

std::string_view text_from(const char* begin, Value& value) {
    const char* end = nullptr;
    if (value.current_location().get(end) != SUCCESS || end < begin) return {};
    return without_trailing_space({begin, static_cast<size_t>(end - begin)});
}

Code read_key(simdjson::ondemand::field& field, std::string_view& key) {
    const char* const begin = field.key().raw();
    const char* end = begin;
    while (*end != '"' && *end != '\\') ++end;
    if (*end == '\\') return field.unescaped_key().get(key);
    key = {begin, static_cast<size_t>(end - begin)};
    return SUCCESS;
}

}  // namespace hayate::wire::json
