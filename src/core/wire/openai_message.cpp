#include "core/wire/openai_message.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/json_text.hpp"

namespace hayate::wire {
namespace {

namespace bj = boost::json;

bj::value parse_or_null(std::string_view text) {
    boost::system::error_code failed;
    bj::value value = bj::parse({text.data(), text.size()}, failed);
    return failed ? bj::value() : value;
}

void merge(bj::object& into, const bj::object& delta);

bj::object& element_of(bj::array& array, const bj::object& delta) {
    const bj::value* index = delta.if_contains("index");
    for (bj::value& element : array) {
        bj::object* object = element.if_object();
        const bj::value* known = object ? object->if_contains("index") : nullptr;
        if (index && known && *known == *index) return *object;
    }
    array.emplace_back(bj::object());
    return array.back().as_object();
}

void merge(bj::array& into, const bj::array& delta) {
    for (const bj::value& element : delta) {
        if (const bj::object* object = element.if_object()) {
            merge(element_of(into, *object), *object);
        } else {
            into.push_back(element);
        }
    }
}

/// Names that identify or classify are sent once, or again with the same value; only running text
/// grows.
bool is_running_text(std::string_view key) {
    return key != "id" && key != "type" && key != "name" && key != "index" && key != "format";
}

void merge(bj::object& into, const bj::object& delta) {
    for (const auto& [key, value] : delta) {
        bj::value& target = into[key];
        if (value.is_null()) continue;
        if (target.is_object() && value.is_object()) {
            merge(target.as_object(), value.as_object());
        } else if (value.is_array() && (target.is_array() || target.is_null())) {
            if (target.is_null()) target.emplace_array();
            merge(target.as_array(), value.as_array());
        } else if (target.is_string() && value.is_string() && is_running_text(key)) {
            target.as_string().append(value.as_string());
        } else {
            target = value;
        }
    }
}

}  // namespace

Status MessageAssembler::add_other(std::string_view delta) {
    const bj::value value = parse_or_null(delta);
    if (!value.is_object())
        return fail(ErrorKind::kUpstream, "wire.openai", "a delta is no object");
    merge(other_, value.get_object());
    return {};
}

std::string MessageAssembler::json() const {
    std::string out;
    out.reserve(text_.size() + text_.size() / 8 + 64);
    out += R"({"role":"assistant","content":)";
    if (text_.empty() && !other_.empty()) {
        out += "null";
    } else {
        base::append_json_string(out, text_);
    }
    bj::object others = other_;
    if (bj::array* calls =
            others.contains("tool_calls") ? others["tool_calls"].if_array() : nullptr) {
        for (bj::value& call : *calls) {
            if (call.is_object())
                call.get_object().stable_erase("index");  // belongs to deltas only
        }
    }
    for (const auto& [key, value] : others) {
        out += ',';
        base::append_json_string(out, key);
        out += ':';
        out += bj::serialize(value);
    }
    out += '}';
    return out;
}

std::string with_tool_call_indexes(std::string_view message) {
    bj::value value = parse_or_null(message);
    if (!value.is_object()) return std::string(message);
    bj::value* calls = value.get_object().if_contains("tool_calls");
    if (!calls || !calls->is_array()) return std::string(message);
    int64_t index = 0;
    for (bj::value& call : calls->get_array()) {
        if (call.is_object()) call.get_object().emplace("index", index);
        ++index;
    }
    return bj::serialize(value);
}

}  // namespace hayate::wire
