#pragma once
// Anthropic Messages towards the provider: the request that we send and the events that come back.
// Pure, thread-safe. Source: Anthropic API reference "Messages", "Streaming messages".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::wire {

struct AnthropicCallOptions {
    std::string_view
        version;  // the anthropic-version header: from 2026-10-21 on sampling fields are an error
    bool caches_system = true;  // marks the system prompt for the provider's prefix cache
};
/// The body of a streaming call. Messages of role "system" join the system prompt; empty ones are
/// left out, because the API refuses them.
[[nodiscard]] std::string encode_anthropic_call(const UpstreamCall& call,
                                                const AnthropicCallOptions& options);

/// One event, or one whole message. What an event does not say is empty.
struct AnthropicEvent {
    enum class Kind : uint8_t { kOther, kStart, kText, kStopReason, kStop, kMessage, kError };
    Kind kind = Kind::kOther;
    std::string text;
    std::string stop_reason;              // "end_turn", "max_tokens", ...
    std::optional<int64_t> input_tokens;  // neither read from nor written to the cache
    std::optional<int64_t> cache_read_tokens;
    std::optional<int64_t> cache_write_tokens;
    std::optional<int64_t> output_tokens;  // so far, cumulative
    UpstreamError error;

    /// Makes it empty and keeps its memory.
    void clear();
};

/// The data of one event, or the body of an answer that is not streamed. Kinds that are not known
/// are kOther; kUpstream for what is no event at all.
[[nodiscard]] Status decode_anthropic_event(std::string_view json, AnthropicEvent& out);

}  // namespace hayate::wire
