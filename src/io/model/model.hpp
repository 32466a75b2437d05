#pragma once
// The model interface: a request goes in, a stream of events comes out. Every provider
// (OpenAI-compatible, Anthropic, simulated, local) is one implementation; the rooms above know only
// this file.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/model/state_probe.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"

namespace hayate::model {

enum class Role : uint8_t { kSystem, kUser, kAssistant };
/// "system", "user", "assistant": what every provider calls them.
[[nodiscard]] std::string_view name_of(Role role);

struct Usage {
    int64_t prompt_tokens = 0;
    int64_t completion_tokens = 0;
    int64_t cached_prompt_tokens = 0;
    bool is_estimated = false;
};

/// A call to the provider that was made for a request besides the one whose result the caller gets:
/// an attempt that failed and was repeated, or a hedge that lost.
struct ExtraCall {
    Usage usage;               // estimated; zero for an attempt that was refused
    std::string_view outcome;  // "lost_race", or an error kind's name
};

struct Message {
    Role role = Role::kUser;
    std::string content;  // valid UTF-8
};

struct ModelRequest {
    std::string system;             // fixed prefix first, so that prefix caches hit
    std::vector<Message> messages;  // oldest first, begins with a user message, roles alternate
    int max_tokens = 1024;
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::vector<std::string> stop;
    /// The conversation: a provider that keeps prefixes uses it to find one. Empty: nothing is
    /// kept.
    std::string prefix_key;
    bool wants_logprobs = false;
    /// Read while the answer is written, by a provider that can look into its model; others ignore
    /// them. Null: none.
    std::shared_ptr<const StateProbes> probes;
    /// False: nobody reads the answer before it is whole. A provider may then give it in one piece,
    /// which costs a fraction of a stream.
    bool is_streamed = true;
    /// Applies until the first token; a model never cuts an answer that has begun.
    Deadline first_token_deadline = Deadline::never();
    /// Plain gateway use: the client's own JSON, without `model`, `stream` and `stream_options`, as
    /// `"key":value` pairs joined by commas. When set, an OpenAI-compatible provider sends it
    /// instead of the fields above.
    std::string openai_passthrough;
    /// Told about every extra call, so that each is accounted once. Called on the caller's shard,
    /// only before `start` has returned.
    std::function<void(const ExtraCall&)> on_extra_call;
};

enum class FinishReason : uint8_t { kStop, kLength, kToolCalls, kContentFilter };
/// OpenAI's name: "stop", "length", "tool_calls", "content_filter".
[[nodiscard]] std::string_view name_of(FinishReason reason);

struct TextDelta {
    std::string text;  // whole code points
    /// Natural logarithm of the probability of each sampled token in `text`; empty where the
    /// provider gives none.
    std::vector<float> logprobs{};
    /// Log odds that the answer is bad, of each token, from the request's probe for this model;
    /// empty where there is none.
    std::vector<float> probe_logits{};
};
/// A delta that is more than text (tool calls, refusals): the delta object's JSON as the provider
/// sent it.
struct RawDelta {
    std::string json;
};
struct Finish {
    FinishReason reason = FinishReason::kStop;
};
using ModelEvent = std::variant<TextDelta, RawDelta, Usage, Finish>;

/// One answer being made. Destroying it, or cancelling the token given to `start`, ends the
/// upstream work.
class ModelStream {
  public:
    ModelStream() = default;
    ModelStream(const ModelStream&) = delete;
    ModelStream& operator=(const ModelStream&) = delete;
    virtual ~ModelStream() = default;
    /// Everything that has arrived since the last call, in order, waiting for at least one event.
    /// An empty batch is the end, and comes only after a Finish; a stream that is cut before it
    /// gives kUpstream.
    virtual Task<Result<std::vector<ModelEvent>>> next() = 0;
};

/// Micro-dollars per million tokens, so that arithmetic stays in integers.
struct Price {
    int64_t prompt_micros = 0;
    int64_t completion_micros = 0;
};
/// Rounded up to a whole micro-dollar.
[[nodiscard]] int64_t cost_micros(const Price& price, const Usage& usage);

/// How fast a model reads and writes now, as far as it knows. Zero means unknown, or too fast to
/// matter.
struct Pace {
    double prompt_tokens_per_s = 0;
    double tokens_per_s = 0;
    int context_tokens = 0;         // prompt and answer together; 0: not a limit worth knowing
    milliseconds expected_wait{0};  // before a new request gets a place
};

/// One configured model. Thread-safe: shards share it; what `start` returns belongs to the calling
/// shard.
class Model {
  public:
    Model() = default;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    virtual ~Model() = default;

    /// Returns as soon as the model has accepted the request. Errors carry what the provider said,
    /// without secrets.
    virtual Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request,
                                                             CancelToken token) = 0;
    /// False while a local model is still loading. From any thread.
    [[nodiscard]] virtual bool is_ready() const { return true; }
    [[nodiscard]] virtual Pace pace() const { return {}; }
    /// A cheap check that the model could answer now (used by `doctor` and readiness).
    virtual Task<Status> probe(CancelToken token) = 0;
};

/// A model with what the configuration says about it.
struct ModelEntry {
    std::string name;      // "fast"
    std::string provider;  // "local", "openai", "anthropic", "simulated"
    Price price;
    std::shared_ptr<Model> model;
    bool is_checked = true;  // its answers to customers pass the gate
};

}  // namespace hayate::model
