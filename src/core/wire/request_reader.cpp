#include "core/wire/request_reader.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace hayate::wire {
namespace {

using json::Code;
using json::Type;
using simdjson::SUCCESS;

constexpr int64_t kTokensMax = 10'000'000;

enum : uint32_t { kRole = 1, kContent = 2, kPartType = 4, kPartText = 8 };

Code read_null(json::Value& value) { return json::check(value, 0); }

std::string_view text_of(Code code) {
    switch (code) {
        case simdjson::UTF8_ERROR:
            return "The request body is not valid UTF-8.";
        case simdjson::DEPTH_ERROR:
            return "The request body is nested too deeply.";
        case simdjson::EMPTY:
            return "The request body is empty.";
        case simdjson::INCORRECT_TYPE:
            return "The request body must be a JSON object.";
        default:
            return "The request body is not valid JSON.";
    }
}

}  // namespace

Code RequestReader::refuse(std::string_view field, std::string text) {
    std::string param(field);
    if (message_) {
        param = fmt::format("messages[{}]{}{}", *message_, field.empty() ? "" : ".", field);
    }
    error_ =
        base::public_error(ErrorKind::kBadRequest, source_, fmt::format("'{}' {}", param, text));
    error_->param = std::move(param);
    return simdjson::INCORRECT_TYPE;
}

Error RequestReader::error_of(Code code) const {
    if (error_) return *error_;
    return base::public_error(ErrorKind::kBadRequest, source_, std::string(text_of(code)));
}

Code RequestReader::once(uint32_t& seen, uint32_t bit, std::string_view field) {
    if (std::exchange(seen, seen | bit) & bit) return refuse(field, "is given twice.");
    return SUCCESS;
}

Code RequestReader::read_flag(json::Value& value, std::string_view field, bool& out) {
    switch (json::type_of(value)) {
        case Type::null:
            return read_null(value);
        case Type::boolean:
            return value.get_bool().get(out) ? simdjson::T_ATOM_ERROR : SUCCESS;
        default:
            return refuse(field, "must be true or false.");
    }
}

Code RequestReader::read_count(json::Value& value, std::string_view field,
                               std::optional<int>& out) {
    if (json::type_of(value) == Type::null) return read_null(value);
    int64_t count = 0;
    const bool is_whole =
        json::type_of(value) == Type::number && value.get_int64().get(count) == SUCCESS;
    if (!is_whole || count < 1 || count > kTokensMax) {
        return refuse(field, fmt::format("must be a whole number from 1 to {}.", kTokensMax));
    }
    out = static_cast<int>(count);
    return SUCCESS;
}

Code RequestReader::read_number(json::Value& value, std::string_view field, double max,
                                std::optional<double>& out) {
    if (json::type_of(value) == Type::null) return read_null(value);
    double number = 0;
    const bool is_number =
        json::type_of(value) == Type::number && value.get_double().get(number) == SUCCESS;
    if (!is_number || !std::isfinite(number) || number < 0 || number > max) {
        return refuse(field, fmt::format("must be a number from 0 to {}.", max));
    }
    out = number;
    return SUCCESS;
}

Code RequestReader::read_text(json::Value& value, std::string_view field, std::string& out) {
    switch (json::type_of(value)) {
        case Type::null:
            return read_null(value);
        case Type::string:
            return json::read(value, out);
        default:
            return refuse(field, "must be a string.");
    }
}

Code RequestReader::read_texts(json::Value& value, std::string_view field,
                               std::vector<std::string>& out) {
    constexpr size_t kTextsMax = 16;
    if (json::type_of(value) != Type::array) {
        if (json::type_of(value) == Type::null) return read_null(value);
        return read_text(value, field, out.emplace_back());
    }
    return json::each_element(value, [&](json::Value& element) {
        if (json::type_of(element) != Type::string) return refuse(field, "must hold strings.");
        if (out.size() == kTextsMax) return refuse(field, "holds too many strings.");
        return json::read(element, out.emplace_back());
    });
}

Code RequestReader::take_text(std::string_view text, std::string_view field, ChatMessage& out) {
    text_bytes_ += text.size();
    if (text_bytes_ > limits_.text_bytes_max) {
        return refuse(field, fmt::format("makes the request's text longer than {} bytes.",
                                         limits_.text_bytes_max));
    }
    if (!out.text.empty() && !text.empty()) out.text += '\n';
    out.text.append(text);
    return SUCCESS;
}

Code RequestReader::read_part(json::Value& value, std::string_view field, ChatMessage& out) {
    if (json::type_of(value) != Type::object) return refuse(field, "must hold objects.");
    uint32_t seen = 0;
    std::string text;
    const Code failed = json::each_member(value, [&](json::Member& member) {
        if (member.key == "type") {
            if (const Code twice = once(seen, kPartType, field)) return twice;
            return read_text(member.value, field, scratch_);
        }
        if (member.key != "text") return check(member.value);
        if (const Code twice = once(seen, kPartText, field)) return twice;
        return read_text(member.value, field, text);
    });
    if (failed) return failed;
    if (!(seen & kPartType)) return refuse(field, "has a part without 'type'.");
    if (scratch_ != "text") {
        out.has_other_parts = true;
        return SUCCESS;
    }
    if (!(seen & kPartText)) return refuse(field, "has a text part without 'text'.");
    return take_text(text, field, out);
}

Code RequestReader::read_content(json::Value& value, std::string_view field, ChatMessage& out) {
    switch (json::type_of(value)) {
        case Type::null:
            return read_null(value);
        case Type::array:
            return json::each_element(
                value, [&](json::Value& part) { return read_part(part, field, out); });
        case Type::string: {
            if (const Code failed = json::read(value, scratch_)) return failed;
            return take_text(scratch_, field, out);
        }
        default:
            return refuse(field, "must be a string or an array of parts.");
    }
}

Code RequestReader::read_role(json::Value& value, ChatRole& out) {
    if (json::type_of(value) != Type::string) return refuse("role", "must be a string.");
    if (const Code failed = json::read(value, scratch_)) return failed;
    const auto role = role_of_(scratch_);
    if (!role) return refuse("role", "is not a known role.");
    out = *role;
    return SUCCESS;
}

Code RequestReader::read_message(json::Value& value, ChatMessage& out) {
    if (json::type_of(value) != Type::object) return refuse("", "must be an object.");
    uint32_t seen = 0;
    bool has_content = false;
    const Code failed = json::each_member(value, [&](json::Member& member) {
        const bool is_null = json::type_of(member.value) == Type::null;
        if (member.key == "role") {
            const Code twice = once(seen, kRole, member.key);
            return twice ? twice : read_role(member.value, out.role);
        }
        if (member.key == "content") {
            has_content = !is_null;
            const Code twice = once(seen, kContent, member.key);
            return twice ? twice : read_content(member.value, member.key, out);
        }
        if ((member.key == "tool_calls" || member.key == "function_call") && !is_null) {
            out.has_other_parts = true;
        }
        return check(member.value);
    });
    if (failed) return failed;
    if (!(seen & kRole)) return refuse("role", "is missing.");
    if (out.role == ChatRole::kTool) out.has_other_parts = true;
    const bool needs_content = out.role != ChatRole::kAssistant || !out.has_other_parts;
    return has_content || !needs_content ? SUCCESS : refuse("content", "is missing.");
}

Code RequestReader::read_messages(json::Value& value, std::vector<ChatMessage>& out) {
    if (json::type_of(value) != Type::array) return refuse("messages", "must be an array.");
    const size_t before = out.size();
    const Code failed = json::each_element(value, [&](json::Value& element) {
        if (out.size() - before == limits_.messages_max) {
            return refuse("messages",
                          fmt::format("holds more than {} messages.", limits_.messages_max));
        }
        message_ = out.size() - before;
        const Code broken = read_message(element, out.emplace_back());
        message_.reset();
        return broken;
    });
    if (failed) return failed;
    return out.size() > before ? SUCCESS : refuse("messages", "must not be empty.");
}

}  // namespace hayate::wire
