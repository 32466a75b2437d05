#pragma once
// Reading JSON with simdjson's on-demand parser: one pass, nothing built that nobody asked for.
// On-demand does not look at what is skipped, so whoever passes JSON on calls `check`. Private to
// wire/.
//
// Each thread has one parser: a document, its values and views end with the next `open` on the same
// thread.

#include <string>
#include <string_view>

#include <simdjson.h>

namespace hayate::wire::json {

using Code = simdjson::error_code;
using Document = simdjson::ondemand::document;
using Object = simdjson::ondemand::object;
using Array = simdjson::ondemand::array;
using Value = simdjson::ondemand::value;
using Type = simdjson::ondemand::json_type;

/// Starts to read `text`, which must be one JSON object and valid UTF-8.
Code open(std::string_view text, Document& document, Object& root);
/// Fails when something stands behind the root object. Call it when the root has been read to its
/// end.
Code check_end(Document& document);

/// The type of a value that is about to be read. What has no type (a stray character, a misspelt
/// null) counts as an object, so that reading it fails instead of passing it over.
[[nodiscard]] inline Type type_of(Value& value) {
    Type type = Type::object;
    if (value.type().get(type) || type != Type::null) return type;
    // Its first letter decided; the token is looked at without consuming it.
    return value.raw_json_token().starts_with("null") ? Type::null : Type::object;
}
/// Consumes a string; escapes are resolved.
Code read(Value& value, std::string& out);
/// Consumes a value of any kind and checks all of it: syntax, escapes, finite numbers, and at most
/// `depth_max` levels.
Code check(Value& value, int depth_max);

/// The text of a member that has been read, from its key to the end of its value.
[[nodiscard]] std::string_view text_from(const char* begin, Value& value);

struct Member {
    std::string_view key;
    const char* begin;  // of the key, quote included
    Value value;
};

Code read_key(simdjson::ondemand::field& field, std::string_view& key);

/// Calls `visit(Member&) -> Code` for each member in order, until one fails.
template <class Visit>
Code each_member(Object& object, Visit visit) {
    for (auto next : object) {
        simdjson::ondemand::field field;
        if (const Code failed = std::move(next).get(field)) return failed;
        Member member{.begin = field.key().raw() - 1};
        if (const Code failed = read_key(field, member.key)) return failed;
        member.value = field.value();
        if (const Code failed = visit(member)) return failed;
    }
    return simdjson::SUCCESS;
}
template <class Visit>
Code each_member(Value& value, Visit visit) {
    Object object;
    if (const Code failed = value.get_object().get(object)) return failed;
    return each_member(object, std::move(visit));
}

/// Calls `visit(Value&) -> Code` for each element in order, until one fails.
template <class Visit>
Code each_element(Value& value, Visit visit) {
    Array array;
    if (const Code failed = value.get_array().get(array)) return failed;
    for (auto next : array) {
        Value element;
        if (const Code failed = std::move(next).get(element)) return failed;
        if (const Code failed = visit(element)) return failed;
    }
    return simdjson::SUCCESS;
}

}  // namespace hayate::wire::json
