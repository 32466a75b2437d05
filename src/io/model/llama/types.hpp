#pragma once
// The values that the local model engine takes and gives. No Asio and no llama.cpp here.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/error.hpp"
#include "io/model/state_probe.hpp"

namespace hayate::model::llama {

using Token = int32_t;
using SequenceId = int32_t;
using RequestId = uint64_t;
using ModelIndex = size_t;

struct Sampling {
    float temperature = 0.3F;  // 0: always the most likely token
    float top_p = 0.95F;
    float repeat_penalty = 1.05F;    // over the last 64 tokens of the answer; 1: none
    std::optional<uint32_t> seed{};  // none: a random one
};

/// One GGUF file and how much of it may run at once.
struct ModelSpec {
    std::string name;  // "fast"; appears in errors and logs
    std::string path;
    int slots = 2;              // answers written at the same time
    int queue_max = 8;          // requests that may wait for a slot
    int context_tokens = 4096;  // of one conversation, its answer included
    int kept_prefixes = 8;      // idle conversations whose state is kept while memory allows
    Sampling sampling{};        // where a request says nothing
    /// Read before the model counts as ready; see Engine::keep_system_prompts.
    std::vector<std::string> system_prompts{};
};

struct EngineOptions {
    /// Compute threads of the one inference thread group; 0: cores - 1, at least 1. More threads
    /// than idle cores make it slower, because llama's threads spin.
    int threads = 0;
    /// How long one step may take while somebody's answer streams, and while nobody's does.
    std::chrono::milliseconds shared_step{50};
    std::chrono::milliseconds alone_step{250};
};

struct ChatMessage {
    std::string role;  // "system", "user", "assistant"
    std::string content;
};

struct EngineRequest {
    std::vector<ChatMessage> messages;
    /// 0: only reads the prompt, so that the next request with the same key finds its prefix.
    int max_tokens = 1024;
    Sampling sampling{};
    std::vector<std::string> stop{};
    std::string prefix_key{};  // empty: nothing is kept
    bool wants_logprobs = false;
    std::shared_ptr<const StateProbe> probe{};  // read for each token; null: none
    Deadline first_token_deadline = Deadline::never();
};

struct TextChunk {
    std::string text;  // whole code points, never empty when it reaches a sink
    std::vector<float> logprobs{};
    std::vector<float> probe_logits{};  // of the request's probe
};

enum class EndReason : uint8_t { kStop, kLength };

struct AnswerEnd {
    EndReason reason = EndReason::kStop;
    int64_t prompt_tokens = 0;
    int64_t cached_prompt_tokens = 0;
    int64_t completion_tokens = 0;
};

/// Chunks, then exactly one AnswerEnd or Error.
using EngineEvent = std::variant<TextChunk, AnswerEnd, base::Error>;
/// Called on the inference thread, where it must not block, and destroyed there after the last
/// event. (A sink whose request was refused is destroyed by `submit`.)
using EngineSink = std::function<void(EngineEvent)>;

enum class LoadState : uint8_t { kAbsent, kLoading, kReady, kFailed };

/// Since the start. Tokens are of finished requests.
struct ModelCounts {
    int64_t finished = 0;
    int64_t timed_out = 0;
    int64_t cancelled = 0;
    int64_t prompt_tokens = 0;
    int64_t cached_prompt_tokens = 0;
    int64_t completion_tokens = 0;
    int64_t steps = 0;
    int64_t interrupted = 0;  // steps given up because their request was cancelled
};

/// What `Engine::stats` gives: a copy, taken after the last step.
struct ModelStats {
    LoadState state = LoadState::kLoading;
    std::string reason{};  // why it is absent or failed
    int live = 0;          // answers being read or written
    int queued = 0;
    int context_tokens = 0;
    /// Measured while nothing else ran; 0 until known. Generation: of all answers together.
    double prompt_tokens_per_second = 0;
    double generation_tokens_per_second = 0;
    std::chrono::milliseconds load_time{0};
    std::chrono::milliseconds expected_wait{0};  // until a new request would get a slot
    int kept_prefixes = 0;                       // idle conversations
    int system_prompts = 0;                      // whose state is ready
    int64_t requests = 0;                        // accepted
    int64_t refused = 0;                         // queue full
    ModelCounts counts{};
};

}  // namespace hayate::model::llama
