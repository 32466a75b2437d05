#pragma once
// A chat request as our clients send it, in the OpenAI or the Anthropic shape, decoded into one
// struct. Pure, thread-safe. Fields that are not listed are accepted: clients are newer than
// servers.
//
// Sources: OpenAI API reference "Create chat completion"; Anthropic API reference "Messages".

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace hayate::wire {

enum class ChatRole : uint8_t { kSystem, kDeveloper, kUser, kAssistant, kTool };
[[nodiscard]] std::string_view name_of(ChatRole role);

struct ChatMessage {
    ChatRole role = ChatRole::kUser;
    std::string text;              // text parts joined, valid UTF-8
    bool has_other_parts = false;  // images, audio, tool calls: only a pass-through can serve them
};

struct ChatRequest {
    std::string model;
    std::vector<ChatMessage> messages;  // at least one
    bool stream = false;
    bool include_usage = false;  // the client wants the extra usage chunk
    bool logprobs = false;
    std::optional<int> max_tokens;
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::vector<std::string> stop;
    std::string user;
    /// OpenAI only: all members but `model`, `stream` and `stream_options`, in order, as the client
    /// wrote them, joined by commas. It is checked: syntax, numbers and depth, so it can stand
    /// inside another object.
    std::string passthrough;
};

struct ChatLimits {
    size_t messages_max = 256;
    size_t text_bytes_max = size_t{512} * 1024;  // over all messages
    int depth_max = 32;
};

/// `POST /v1/chat/completions`. Every error is kBadRequest with a text for the client and, where
/// one field is to blame, `param` ("messages[2].content").
[[nodiscard]] Result<ChatRequest> decode_openai_request(std::string_view body,
                                                        const ChatLimits& limits = {});

/// `POST /v1/messages`; the system prompt becomes the first message. Errors as above.
[[nodiscard]] Result<ChatRequest> decode_anthropic_request(std::string_view body,
                                                           const ChatLimits& limits = {});

}  // namespace hayate::wire
