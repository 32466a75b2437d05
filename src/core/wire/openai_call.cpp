#include "core/wire/openai_call.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/base/json_text.hpp"
#include "core/wire/error_reader.hpp"
#include "core/wire/openai_message.hpp"

namespace hayate::wire {
namespace {

using base::append_json_string;
using json::Code;
using json::Type;
using simdjson::SUCCESS;

constexpr int kDepthMax = 32;

void append_message(std::string& out, std::string_view role, std::string_view text) {
    if (out.back() == '}') out += ',';
    out += R"({"role":)";
    append_json_string(out, role);
    out += R"(,"content":)";
    append_json_string(out, text);
    out += '}';
}

void append_stop(std::string& out, std::span<const std::string> stop) {
    if (stop.empty()) return;
    out += R"(,"stop":[)";
    for (const std::string& word : stop) {
        if (&word != stop.data()) out += ',';
        append_json_string(out, word);
    }
    out += ']';
}

void append_fields(std::string& out, const UpstreamCall& call, std::string_view max_tokens_name) {
    out += R"("messages":[)";
    if (!call.system.empty()) append_message(out, "system", call.system);
    for (const auto& message : call.messages) append_message(out, message.role, message.text);
    fmt::format_to(std::back_inserter(out), R"(],"{}":{})", max_tokens_name, call.max_tokens);
    if (call.temperature) {
        fmt::format_to(std::back_inserter(out), R"(,"temperature":{})", *call.temperature);
    }
    if (call.top_p) fmt::format_to(std::back_inserter(out), R"(,"top_p":{})", *call.top_p);
    append_stop(out, call.stop);
    if (call.wants_logprobs) out += R"(,"logprobs":true)";
}

/// Collects one chunk or completion.
class ChunkReader {
  public:
    explicit ChunkReader(OpenAiChunk& out) : out_(out) {}

    Code read(std::string_view text) {
        json::Document document;
        json::Object root;
        if (const Code failed = json::open(text, document, root)) return failed;
        const Code failed =
            json::each_member(root, [this](json::Member& member) { return take(member); });
        if (failed) return failed;
        if (!out_.other.empty()) close_other();
        return json::check_end(document);
    }

  private:
    Code take(json::Member& member) {
        const bool is_null = json::type_of(member.value) == Type::null;
        if (member.key == "choices" && !is_null) {
            return json::each_element(member.value, [this](json::Value& v) { return choice(v); });
        }
        if (member.key == "usage" && !is_null) return usage(member.value);
        if (member.key == "error" && !is_null) {
            return read_upstream_error(member.value, out_.error.emplace());
        }
        return SUCCESS;
    }

    Code choice(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            const bool is_null = json::type_of(member.value) == Type::null;
            if (is_null) return SUCCESS;
            if (member.key == "delta" || member.key == "message") return delta(member.value);
            if (member.key == "finish_reason") return json::read(member.value, out_.finish_reason);
            if (member.key == "logprobs") return logprobs(member.value);
            return SUCCESS;
        });
    }

    Code delta(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            const Type type = json::type_of(member.value);
            if (type == Type::null || member.key == "role") return SUCCESS;
            if (member.key == "content" && type == Type::string) {
                return json::read(member.value, out_.text);
            }
            return other(member);
        });
    }

    Code other(json::Member& member) {
        const char* const begin = member.value.raw_json_token().data();
        if (const Code failed = json::check(member.value, kDepthMax)) return failed;
        const std::string_view said = json::text_from(begin, member.value);
        if (said == R"("")" || said == "[]" || said == "{}") return SUCCESS;
        out_.other += out_.other.empty() ? '{' : ',';
        out_.other += json::text_from(member.begin, member.value);
        return SUCCESS;
    }

    void close_other() {
        out_.other += '}';
        // Line ends can only be layout here, and would end the line of an event.
        std::ranges::replace_if(out_.other, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }

    Code usage(json::Value& value) {
        TokenUsage& usage = out_.usage.emplace();
        return json::each_member(value, [&](json::Member& member) {
            if (json::type_of(member.value) == Type::null) return SUCCESS;
            if (member.key == "prompt_tokens")
                return member.value.get_int64().get(usage.prompt_tokens);
            if (member.key == "completion_tokens") {
                return member.value.get_int64().get(usage.completion_tokens);
            }
            if (member.key != "prompt_tokens_details") return SUCCESS;
            return json::each_member(member.value, [&](json::Member& detail) {
                const bool is_count = json::type_of(detail.value) == Type::number;
                if (detail.key != "cached_tokens" || !is_count) return SUCCESS;
                return detail.value.get_int64().get(usage.cached_prompt_tokens);
            });
        });
    }

    Code logprobs(json::Value& value) {
        return json::each_member(value, [this](json::Member& member) {
            if (member.key != "content" || json::type_of(member.value) != Type::array)
                return SUCCESS;
            return json::each_element(member.value, [this](json::Value& token) {
                return json::each_member(token, [this](json::Member& part) {
                    if (part.key != "logprob") return SUCCESS;
                    double logprob = 0;
                    if (const Code failed = part.value.get_double().get(logprob)) return failed;
                    out_.logprobs.push_back(static_cast<float>(logprob));
                    return SUCCESS;
                });
            });
        });
    }

    OpenAiChunk& out_;
};

}  // namespace

void OpenAiChunk::clear() {
    text.clear();
    logprobs.clear();
    other.clear();
    finish_reason.clear();
    usage.reset();
    error.reset();
}

std::string encode_openai_call(const UpstreamCall& call, std::string_view max_tokens_name) {
    std::string out;
    size_t text_bytes = call.system.size() + call.openai_passthrough.size();
    for (const auto& message : call.messages) text_bytes += message.text.size() + 40;
    out.reserve(text_bytes + text_bytes / 16 + 256);
    out += R"({"model":)";
    append_json_string(out, call.model);
    out += call.is_streamed ? R"(,"stream":true,"stream_options":{"include_usage":true},)" : ",";
    if (call.openai_passthrough.empty()) {
        append_fields(out, call, max_tokens_name);
    } else {
        out += call.openai_passthrough;
    }
    out += '}';
    return out;
}

Status decode_openai_chunk(std::string_view text, OpenAiChunk& out) {
    out.clear();
    const Code failed = ChunkReader(out).read(text);
    if (!failed) return {};
    return fail(ErrorKind::kUpstream, "wire.openai",
                fmt::format("a chunk cannot be read: {}", simdjson::error_message(failed)));
}

Status decode_openai_completion(std::string_view text, OpenAiChunk& out) {
    Status decoded = decode_openai_chunk(text, out);
    if (decoded && !out.other.empty()) out.other = with_tool_call_indexes(out.other);
    return decoded;
}

}  // namespace hayate::wire
