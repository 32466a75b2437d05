#include "io/store/sqlite/lists.hpp"

#include <boost/json.hpp>

#include "core/base/json_text.hpp"

namespace hayate::store {
namespace {

namespace json = boost::json;

json::array parse_array(std::string_view text) {
    json::error_code error;
    const json::value value = json::parse(text, error);
    return !error && value.is_array() ? value.get_array() : json::array{};
}

std::string text_of(const json::value* value) {
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

}  // namespace

std::string to_json(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) {
        if (out.size() > 1) out += ',';
        base::append_json_string(out, text);
    }
    return out + "]";
}

std::string to_json(const std::vector<LocalText>& texts) {
    std::string out = "[";
    for (const LocalText& text : texts) {
        out += out.size() > 1 ? ",{\"en\":" : "{\"en\":";
        base::append_json_string(out, text.en);
        out += ",\"ja\":";
        base::append_json_string(out, text.ja);
        out += '}';
    }
    return out + "]";
}

std::vector<std::string> texts_from_json(std::string_view text) {
    std::vector<std::string> texts;
    if (text == "[]") return texts;
    for (const json::value& value : parse_array(text)) texts.push_back(text_of(&value));
    return texts;
}

std::vector<LocalText> local_texts_from_json(std::string_view text) {
    std::vector<LocalText> texts;
    for (const json::value& value : parse_array(text)) {
        const json::object* object = value.if_object();
        if (object == nullptr) continue;
        texts.push_back({text_of(object->if_contains("en")), text_of(object->if_contains("ja"))});
    }
    return texts;
}

}  // namespace hayate::store
