#pragma once
// What is said to and heard from a model provider, as plain values that every provider's codec
// shares. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace hayate::wire {

/// A call to be encoded. Views: they live as long as the call does.
struct UpstreamCall {
    struct Message {
        std::string_view role;  // "user", "assistant", "system"
        std::string_view text;
    };
    std::string_view model;
    std::string_view system;
    std::vector<Message> messages;
    int max_tokens = 1024;
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::span<const std::string> stop;
    bool wants_logprobs = false;
    bool is_streamed = true;
    std::string_view openai_passthrough;  // see ChatRequest::passthrough; empty: the fields above
};

struct TokenUsage {
    int64_t prompt_tokens = 0;  // cached ones included
    int64_t completion_tokens = 0;
    int64_t cached_prompt_tokens = 0;
};

/// What a provider says instead of an answer.
struct UpstreamError {
    std::string type;     // "overloaded_error"
    std::string code;     // "context_length_exceeded"
    std::string message;  // as the provider wrote it: may name accounts, never shown unchecked
};

/// What an error means, by the names that OpenAI and Anthropic use; kUpstream for an unknown one.
[[nodiscard]] base::ErrorKind kind_of(const UpstreamError& error);

/// Reads the body of an error response in either shape, {"error":{...}} or
/// {"type":"error","error":{...}}, and the looser ones of smaller servers. Nothing when there is no
/// message in it.
[[nodiscard]] std::optional<UpstreamError> decode_upstream_error(std::string_view body);

}  // namespace hayate::wire
