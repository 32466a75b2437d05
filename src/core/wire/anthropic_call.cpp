#include "core/wire/anthropic_call.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/base/json_text.hpp"
#include "core/wire/error_reader.hpp"

namespace hayate::wire {
namespace {

using base::append_json_string;
using json::Code;
using json::Type;
using simdjson::SUCCESS;

constexpr std::string_view kFirstVersionWithoutSampling = "2026-10-21";

std::string system_text(const UpstreamCall& call) {
    std::string text(call.system);
    for (const auto& message : call.messages) {
        if (message.role != "system" || message.text.empty()) continue;
        if (!text.empty()) text += "\n\n";
        text += message.text;
    }
    return text;
}

void append_system(std::string& out, const UpstreamCall& call, bool is_cached) {
    const std::string text = system_text(call);
    if (text.empty()) return;
    out += R"(,"system":[{"type":"text","text":)";
    append_json_string(out, text);
    if (is_cached) out += R"(,"cache_control":{"type":"ephemeral"})";
    out += "}]";
}

void append_messages(std::string& out, const UpstreamCall& call) {
    out += R"(,"messages":[)";
    for (const auto& message : call.messages) {
        if (message.role == "system" || message.text.empty()) continue;
        if (out.back() == '}') out += ',';
        out += R"({"role":)";
        append_json_string(out, message.role);
        out += R"(,"content":)";
        append_json_string(out, message.text);
        out += '}';
    }
    out += ']';
}

void append_sampling(std::string& out, const UpstreamCall& call) {
    // Newer models refuse both at once. The scale ends at 1, where OpenAI's ends at 2.
    if (call.temperature) {
        fmt::format_to(std::back_inserter(out), R"(,"temperature":{})",
                       std::min(*call.temperature, 1.0));
    } else if (call.top_p) {
        fmt::format_to(std::back_inserter(out), R"(,"top_p":{})", *call.top_p);
    }
}

void append_stop(std::string& out, std::span<const std::string> stop) {
    if (stop.empty()) return;
    out += R"(,"stop_sequences":[)";
    for (const std::string& word : stop) {
        if (&word != stop.data()) out += ',';
        append_json_string(out, word);
    }
    out += ']';
}

class EventReader {
  public:
    explicit EventReader(AnthropicEvent& out) : out_(out) {}

    Code read(std::string_view text) {
        json::Document document;
        json::Object root;
        if (const Code failed = json::open(text, document, root)) return failed;
        const Code failed =
            json::each_member(root, [this](json::Member& member) { return take(member); });
        if (failed) return failed;
        out_.kind = kind();
        return json::check_end(document);
    }

  private:
    Code take(json::Member& member) {
        json::Value& value = member.value;
        if (json::type_of(value) == Type::null) return SUCCESS;
        if (member.key == "type") return json::read(value, type_);
        if (member.key == "delta" || member.key == "content_block") return part(value);
        if (member.key == "message") return message(value);
        if (member.key == "usage") return usage(value);
        if (member.key == "error") return read_upstream_error(value, out_.error);
        if (member.key == "stop_reason") return json::read(value, out_.stop_reason);
        if (member.key != "content" || json::type_of(value) != Type::array) return SUCCESS;
        return json::each_element(value, [this](json::Value& block) { return part(block); });
    }

    /// A content block, or what is added to one, or the end of the message.
    Code part(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            const bool is_string = json::type_of(member.value) == Type::string;
            if (member.key == "stop_reason" && is_string) {
                return json::read(member.value, out_.stop_reason);
            }
            if (member.key != "text") return SUCCESS;
            if (!is_string) return simdjson::INCORRECT_TYPE;
            if (const Code failed = json::read(member.value, piece_)) return failed;
            out_.text += piece_;
            return SUCCESS;
        });
    }

    Code message(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            return member.key == "usage" ? usage(member.value) : SUCCESS;
        });
    }

    Code usage(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            if (json::type_of(member.value) != Type::number) return SUCCESS;
            if (member.key == "input_tokens") return count(member.value, out_.input_tokens);
            if (member.key == "output_tokens") return count(member.value, out_.output_tokens);
            if (member.key == "cache_read_input_tokens") {
                return count(member.value, out_.cache_read_tokens);
            }
            if (member.key == "cache_creation_input_tokens") {
                return count(member.value, out_.cache_write_tokens);
            }
            return SUCCESS;
        });
    }

    static Code count(json::Value& value, std::optional<int64_t>& out) {
        return value.get_int64().get(out.emplace());
    }

    [[nodiscard]] AnthropicEvent::Kind kind() const {
        using Kind = AnthropicEvent::Kind;
        if (type_ == "content_block_delta" || type_ == "content_block_start") {
            return out_.text.empty() ? Kind::kOther : Kind::kText;
        }
        if (type_ == "message_start") return Kind::kStart;
        if (type_ == "message_delta") return Kind::kStopReason;
        if (type_ == "message_stop") return Kind::kStop;
        if (type_ == "message") return Kind::kMessage;
        if (type_ == "error") return Kind::kError;
        return Kind::kOther;
    }

    AnthropicEvent& out_;
    std::string type_;
    std::string piece_;
};

}  // namespace

void AnthropicEvent::clear() {
    kind = Kind::kOther;
    text.clear();
    stop_reason.clear();
    input_tokens.reset();
    cache_read_tokens.reset();
    cache_write_tokens.reset();
    output_tokens.reset();
    error = {};
}

std::string encode_anthropic_call(const UpstreamCall& call, const AnthropicCallOptions& options) {
    std::string out = R"({"model":)";
    append_json_string(out, call.model);
    fmt::format_to(std::back_inserter(out), R"(,"max_tokens":{},"stream":true)", call.max_tokens);
    append_system(out, call, options.caches_system);
    append_messages(out, call);
    if (options.version < kFirstVersionWithoutSampling) append_sampling(out, call);
    append_stop(out, call.stop);
    out += '}';
    return out;
}

Status decode_anthropic_event(std::string_view text, AnthropicEvent& out) {
    out.clear();
    const Code failed = EventReader(out).read(text);
    if (!failed) return {};
    return fail(ErrorKind::kUpstream, "wire.anthropic",
                fmt::format("an event cannot be read: {}", simdjson::error_message(failed)));
}

}  // namespace hayate::wire
