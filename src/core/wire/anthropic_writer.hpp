#pragma once
// What Anthropic clients read: the events of a streamed message, in the one order they accept, and
// the objects that are sent whole. Pure; a writer belongs to one response. Every event has its
// `event:` line: without it the official client drops everything.
//
// Source: Anthropic API reference "Streaming messages", "Errors".

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::wire {

class MessageWriter {
  public:
    MessageWriter(std::string_view id, std::string_view model) : id_(id), model_(model) {}

    /// The message and its one content block begin. Only the prompt's numbers of `usage` count.
    void append_start(std::string& out, const TokenUsage& usage) const;
    void append_text(std::string& out, std::string_view text) const;
    /// Block, message and stream end. `finish_reason` is OpenAI's name ("stop", "length", ...).
    void append_finish(std::string& out, std::string_view finish_reason,
                       const TokenUsage& usage) const;
    /// The whole message as one object.
    [[nodiscard]] std::string body(std::string_view text, std::string_view finish_reason,
                                   const TokenUsage& usage) const;

  private:
    std::string id_;
    std::string model_;
};

/// "stop" → "end_turn", "length" → "max_tokens", "tool_calls" → "tool_use", "content_filter" →
/// "refusal".
[[nodiscard]] std::string_view anthropic_stop_reason(std::string_view finish_reason);

/// {"type":"error","error":{"type","message"}}
[[nodiscard]] std::string anthropic_error_body(const base::Error& error);
/// The same as the last event of a stream that failed.
void append_anthropic_stream_error(std::string& out, const base::Error& error);

}  // namespace hayate::wire
