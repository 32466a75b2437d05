#pragma once
// OpenAI chat completions towards a provider: the request that we send and the chunks that come
// back. Pure, thread-safe. Source: OpenAI API reference "Create chat completion", "The chat
// completion chunk object".

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/upstream.hpp"

namespace hayate::wire {

/// The body of a call. A stream always comes with the usage chunk: without it the costs of an
/// answer are a guess. `max_tokens_name` differs: "max_completion_tokens" at OpenAI itself,
/// "max_tokens" nearly everywhere else.
[[nodiscard]] std::string encode_openai_call(const UpstreamCall& call,
                                             std::string_view max_tokens_name);

/// One chunk, or one whole completion.
struct OpenAiChunk {
    std::string text;
    std::vector<float> logprobs;  // of the tokens in `text`
    /// The delta's members besides role and content that say something (tool calls, refusal,
    /// reasoning), as a JSON object; empty if there are none.
    std::string other;
    std::string finish_reason;  // empty: not finished
    std::optional<TokenUsage> usage;
    std::optional<UpstreamError> error;

    /// Makes it empty and keeps its memory.
    void clear();
};

/// The data of one event but "[DONE]". kUpstream for anything that is not a chunk or an error.
[[nodiscard]] Status decode_openai_chunk(std::string_view json, OpenAiChunk& out);
/// A whole chat.completion, for a server that does not stream: its message as one chunk.
[[nodiscard]] Status decode_openai_completion(std::string_view json, OpenAiChunk& out);

}  // namespace hayate::wire
