#include "core/wire/anthropic_writer.hpp"

#include "core/base/json_text.hpp"
#include "core/wire/sse.hpp"

namespace hayate::wire {
namespace {

using base::append_json_string;
using base::append_number;
using base::ErrorKind;

void append_prompt_usage(std::string& out, const TokenUsage& usage) {
    out += R"({"input_tokens":)";
    append_number(out, usage.prompt_tokens - usage.cached_prompt_tokens);
    out += R"(,"cache_creation_input_tokens":0,"cache_read_input_tokens":)";
    append_number(out, usage.cached_prompt_tokens);
    out += R"(,"output_tokens":)";
}

std::string_view type_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kBadRequest:
        case ErrorKind::kConflict:
            return "invalid_request_error";
        case ErrorKind::kUnauthenticated:
            return "authentication_error";
        case ErrorKind::kForbidden:
            return "permission_error";
        case ErrorKind::kNotFound:
            return "not_found_error";
        case ErrorKind::kTooLarge:
            return "request_too_large";
        case ErrorKind::kRateLimited:
            return "rate_limit_error";
        case ErrorKind::kBusy:
            return "overloaded_error";
        case ErrorKind::kTimeout:
            return "timeout_error";
        default:
            return "api_error";
    }
}

}  // namespace

std::string_view anthropic_stop_reason(std::string_view finish_reason) {
    if (finish_reason == "length") return "max_tokens";
    if (finish_reason == "tool_calls") return "tool_use";
    if (finish_reason == "content_filter") return "refusal";
    return "end_turn";
}

void MessageWriter::append_start(std::string& out, const TokenUsage& usage) const {
    out += "event: message_start\ndata: ";
    out += R"({"type":"message_start","message":{"id":)";
    append_json_string(out, id_);
    out += R"(,"type":"message","role":"assistant","model":)";
    append_json_string(out, model_);
    out += R"(,"content":[],"stop_reason":null,"stop_sequence":null,"usage":)";
    append_prompt_usage(out, usage);
    out += "0}}}\n\n";
    append_sse_event(
        out, "content_block_start",
        R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})");
}

void MessageWriter::append_text(std::string& out, std::string_view text) const {
    out += "event: content_block_delta\ndata: ";
    out += R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":)";
    append_json_string(out, text);
    out += "}}\n\n";
}

void MessageWriter::append_finish(std::string& out, std::string_view finish_reason,
                                  const TokenUsage& usage) const {
    append_sse_event(out, "content_block_stop", R"({"type":"content_block_stop","index":0})");
    out += "event: message_delta\ndata: ";
    out += R"({"type":"message_delta","delta":{"stop_reason":)";
    append_json_string(out, anthropic_stop_reason(finish_reason));
    out += R"(,"stop_sequence":null},"usage":{"output_tokens":)";
    append_number(out, usage.completion_tokens);
    out += "}}\n\n";
    append_sse_event(out, "message_stop", R"({"type":"message_stop"})");
}

std::string MessageWriter::body(std::string_view text, std::string_view finish_reason,
                                const TokenUsage& usage) const {
    std::string out = R"({"id":)";
    append_json_string(out, id_);
    out += R"(,"type":"message","role":"assistant","model":)";
    append_json_string(out, model_);
    out += R"(,"content":[{"type":"text","text":)";
    append_json_string(out, text);
    out += R"(}],"stop_reason":)";
    append_json_string(out, anthropic_stop_reason(finish_reason));
    out += R"(,"stop_sequence":null,"usage":)";
    append_prompt_usage(out, usage);
    append_number(out, usage.completion_tokens);
    out += "}}";
    return out;
}

std::string anthropic_error_body(const base::Error& error) {
    std::string out = R"({"type":"error","error":{"type":)";
    append_json_string(out, type_of(error.kind));
    out += R"(,"message":)";
    append_json_string(out, error.client_text());
    out += "}}";
    return out;
}

void append_anthropic_stream_error(std::string& out, const base::Error& error) {
    append_sse_event(out, "error", anthropic_error_body(error));
}

}  // namespace hayate::wire
