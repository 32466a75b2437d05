#include "io/model/llama/llama_model.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "io/runtime/mailbox.hpp"

namespace hayate::model::llama {
namespace {

using Events = runtime::Mailbox<EngineEvent>;

constexpr size_t kEventsBesideTokens = 8;  // the rest of the text, and the end

/// What the engine holds of a mailbox. The last reference must die on the shard, whose timer the
/// mailbox owns.
class MailboxSink {
  public:
    MailboxSink(runtime::Executor executor, std::shared_ptr<Events> events)
        : executor_(std::move(executor)), events_(std::move(events)) {}
    ~MailboxSink() {
        if (events_) runtime::asio::post(executor_, [events = std::move(events_)] {});
    }
    MailboxSink(const MailboxSink&) = delete;
    MailboxSink& operator=(const MailboxSink&) = delete;

    // A push never fails: an answer has at most one event per token, and the mailbox has room for
    // all of them.
    void push(EngineEvent event) {
        if (std::holds_alternative<TextChunk>(event)) {
            std::ignore = events_->push(std::move(event));
            return;
        }
        // The last event takes the reference with it: when the shard has seen it, the engine is
        // done with the shard.
        runtime::asio::post(executor_,
                            [events = std::move(events_), last = std::move(event)]() mutable {
                                std::ignore = events->push(std::move(last));
                            });
    }

  private:
    runtime::Executor executor_;
    std::shared_ptr<Events> events_;
};

class LlamaStream final : public ModelStream {
  public:
    LlamaStream(std::shared_ptr<Engine> engine, RequestId id, std::shared_ptr<Events> events,
                CancelToken token)
        : engine_(std::move(engine)),
          id_(id),
          events_(std::move(events)),
          token_(std::move(token)),
          cancelled_(token_, [this](CancelReason) { engine_->cancel(id_); }) {}
    ~LlamaStream() override {
        if (!is_over_) engine_->cancel(id_);
    }

    Task<Result<std::vector<ModelEvent>>> next() override {
        if (error_) co_return fail(*error_);
        if (is_over_) co_return std::vector<ModelEvent>{};
        const std::vector<EngineEvent> batch = co_await events_->drain(Deadline::never(), token_);
        if (batch.empty()) co_return fail(runtime::cancelled_error(token_.reason(), "model.local"));
        std::vector<ModelEvent> out;
        for (const EngineEvent& event : batch) add(event, out);
        if (out.empty()) co_return fail(*error_);
        co_return out;
    }

  private:
    void add(const EngineEvent& event, std::vector<ModelEvent>& out) {
        if (const auto* chunk = std::get_if<TextChunk>(&event)) {
            out.emplace_back(TextDelta{.text = chunk->text,
                                       .logprobs = chunk->logprobs,
                                       .probe_logits = chunk->probe_logits});
            return;
        }
        is_over_ = true;
        if (const auto* error = std::get_if<base::Error>(&event)) {
            error_ = *error;
            return;
        }
        const auto& end = std::get<AnswerEnd>(event);
        out.emplace_back(Usage{.prompt_tokens = end.prompt_tokens,
                               .completion_tokens = end.completion_tokens,
                               .cached_prompt_tokens = end.cached_prompt_tokens});
        const bool is_cut = end.reason == EndReason::kLength;
        out.emplace_back(Finish{is_cut ? FinishReason::kLength : FinishReason::kStop});
    }

    std::shared_ptr<Engine> engine_;
    RequestId id_;
    std::shared_ptr<Events> events_;
    CancelToken token_;
    runtime::CancelSubscription cancelled_;
    bool is_over_ = false;
    std::optional<base::Error> error_;
};

/// The probe for this file of weights; none: null.
std::shared_ptr<const StateProbe> probe_for(const ModelSpec& spec, const StateProbes* probes) {
    if (!probes) return nullptr;
    const auto found = probes->find(std::filesystem::path(spec.path).stem().string());
    return found == probes->end() ? nullptr : found->second;
}

EngineRequest to_engine(ModelRequest request, const ModelSpec& spec) {
    EngineRequest made{.max_tokens = std::clamp(request.max_tokens, 0, spec.context_tokens),
                       .sampling = spec.sampling,
                       .stop = std::move(request.stop),
                       .prefix_key = std::move(request.prefix_key),
                       .wants_logprobs = request.wants_logprobs,
                       .probe = probe_for(spec, request.probes.get()),
                       .first_token_deadline = request.first_token_deadline};
    if (!request.system.empty()) made.messages.push_back({"system", std::move(request.system)});
    for (Message& message : request.messages) {
        made.messages.push_back({std::string(name_of(message.role)), std::move(message.content)});
    }
    if (request.temperature) made.sampling.temperature = static_cast<float>(*request.temperature);
    if (request.top_p) made.sampling.top_p = static_cast<float>(*request.top_p);
    return made;
}

}  // namespace

LlamaModel::LlamaModel(std::shared_ptr<Engine> engine, ModelIndex model)
    : engine_(std::move(engine)), model_(model) {}

Task<Result<std::unique_ptr<ModelStream>>> LlamaModel::start(ModelRequest request,
                                                             CancelToken token) {
    if (token.is_cancelled()) {
        co_return fail(runtime::cancelled_error(token.reason(), "model.local"));
    }
    const runtime::Executor executor = co_await runtime::current_executor();
    const EngineRequest made = to_engine(std::move(request), engine_->spec(model_));
    const auto events = std::make_shared<Events>(
        executor, static_cast<size_t>(made.max_tokens) + kEventsBesideTokens);
    const auto sink = std::make_shared<MailboxSink>(executor, events);
    auto id =
        engine_->submit(model_, made, [sink](EngineEvent event) { sink->push(std::move(event)); });
    if (!id) co_return fail(std::move(id.error()));
    co_return std::make_unique<LlamaStream>(engine_, *id, events, std::move(token));
}

bool LlamaModel::is_ready() const { return stats().state == LoadState::kReady; }

Pace LlamaModel::pace() const {
    const ModelStats now = stats();
    return {.prompt_tokens_per_s = now.prompt_tokens_per_second,
            .tokens_per_s = now.generation_tokens_per_second,
            .context_tokens = now.context_tokens,
            .expected_wait = now.expected_wait};
}

Task<Status> LlamaModel::probe(CancelToken) {
    const ModelStats now = stats();
    if (now.state == LoadState::kReady) co_return Status{};
    const std::string source = "model." + engine_->spec(model_).name;
    if (now.state == LoadState::kLoading) {
        co_return fail(base::public_error(ErrorKind::kUnavailable, source,
                                          "The model is still loading.", "model_loading"));
    }
    co_return fail(ErrorKind::kUnavailable, source, now.reason);
}

Result<int> LlamaModel::count_tokens(std::string_view text) const {
    return engine_->count_tokens(model_, text);
}

}  // namespace hayate::model::llama
