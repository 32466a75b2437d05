// POST /v1/chat/completions and GET /v1/models: what OpenAI clients speak. The model's name chooses
// between the assistant (a whole turn) and a raw model (plain gateway use, the hot path).

#include <algorithm>
#include <optional>
#include <utility>

#include "app/front/site.hpp"
#include "core/base/crypto.hpp"
#include "core/base/log.hpp"
#include "core/wire/chat_request.hpp"
#include "core/wire/openai_message.hpp"
#include "core/wire/openai_writer.hpp"
#include "engine/turn/prompt.hpp"

namespace hayate::front {
namespace {

using wire::ChatRequest;
using wire::ChatRole;
using wire::ChunkWriter;

const std::string kIdPrefix = "chatcmpl-";
constexpr std::string_view kEventStream = "text/event-stream; charset=utf-8";

wire::TokenUsage to_wire(const model::Usage& usage) {
    return {usage.prompt_tokens, usage.completion_tokens, usage.cached_prompt_tokens};
}

/// One answer on its way to an OpenAI client, streamed or collected. The head of a stream is sent
/// with its first text, so that an error before it still has a status of its own.
class Answer {
  public:
    Answer(net::Exchange& exchange, const ChatRequest& request)
        : exchange_(exchange),
          request_(request),
          id_(kIdPrefix + base::random_text(12)),
          options_{.id = id_,
                   .model = request.model,
                   .created = base::unix_ms() / 1000,
                   .include_usage = request.include_usage} {
        if (request.stream) writer_.emplace(options_);
    }

    /// Before any text: the id that a client may give its feedback by.
    void name_after(std::string_view response_id) {
        id_ = kIdPrefix + std::string(response_id);
        options_.id = id_;
        if (request_.stream) writer_.emplace(options_);
    }
    void add_text(std::string_view text, const std::vector<float>& logprobs = {}) {
        has_text_ = true;
        if (!request_.stream) return message_.add_text(text);
        if (request_.logprobs && logprobs.size() == 1) {
            writer_->append_token(out_, text, logprobs.front());
        } else {
            writer_->append_text(out_, text);
        }
    }
    Status add_raw(std::string_view delta) {
        has_text_ = true;
        if (!request_.stream) return message_.add_other(delta);
        writer_->append_delta(out_, delta);
        return {};
    }
    void finish(std::string_view reason) { reason_ = reason; }

    /// Sends what has been added, in one write. An error means that the client is gone.
    Task<Status> flush() {
        if (!request_.stream || out_.empty()) co_return Status{};
        if (!std::exchange(is_open_, true)) {
            std::string first;
            writer_->append_role(first);
            out_.insert(0, first);
            co_await exchange_.begin_stream(std::string(kEventStream));
        }
        const Status sent = co_await exchange_.write(out_);
        out_.clear();
        co_return sent;
    }
    Task<void> complete(const model::Usage& usage) {
        if (!request_.stream) {
            co_await exchange_.respond({.body = wire::openai_completion_body(
                                            options_, message_.json(), reason_, to_wire(usage))});
            co_return;
        }
        writer_->append_finish(out_, reason_);
        if (request_.include_usage) writer_->append_usage(out_, to_wire(usage));
        wire::append_openai_done(out_);
        if (co_await flush()) co_await exchange_.end_stream();
    }
    Task<void> fail_with(Error error) {
        // Text that came together with the error is sent first.
        if (!is_open_ && out_.empty()) {
            co_return co_await send_error(exchange_, std::move(error));
        }
        wire::append_openai_stream_error(out_, error);
        if (co_await flush()) co_await exchange_.end_stream();
    }
    [[nodiscard]] bool has_text() const { return has_text_; }
    [[nodiscard]] const std::string& text() const { return message_.text(); }

  private:
    net::Exchange& exchange_;
    const ChatRequest& request_;
    std::string id_;
    ChunkWriter::Options options_;
    std::optional<ChunkWriter> writer_;  // of a stream
    wire::MessageAssembler message_;
    std::string out_;
    std::string reason_ = "stop";
    bool is_open_ = false;
    bool has_text_ = false;
};

/// A turn knows no request fields: what it refuses of a question stood in the messages.
Error blame_messages(Error error) {
    const bool is_refused =
        error.kind == ErrorKind::kBadRequest || error.kind == ErrorKind::kTooLarge;
    if (is_refused) error.param = "messages";
    return error;
}

/// The conversation as models want it: system texts joined, then alternating messages.
void split_messages(const ChatRequest& request, std::string& system,
                    std::vector<model::Message>& messages) {
    for (const wire::ChatMessage& message : request.messages) {
        if (message.role == ChatRole::kSystem || message.role == ChatRole::kDeveloper) {
            if (!system.empty()) system += "\n\n";
            system += message.text;
            continue;
        }
        const auto role =
            message.role == ChatRole::kAssistant ? model::Role::kAssistant : model::Role::kUser;
        if (!messages.empty() && messages.back().role == role) {
            messages.back().content += "\n\n" + message.text;
        } else {
            messages.push_back({role, message.text});
        }
    }
}

model::ModelRequest raw_request(ChatRequest& request, const model::ModelEntry& entry) {
    model::ModelRequest made;
    split_messages(request, made.system, made.messages);
    if (request.max_tokens) made.max_tokens = *request.max_tokens;
    made.temperature = request.temperature;
    made.top_p = request.top_p;
    made.stop = request.stop;
    made.wants_logprobs = request.logprobs;
    made.is_streamed = request.stream;
    if (entry.provider == "openai") made.openai_passthrough = std::move(request.passthrough);
    return made;
}

model::Usage estimated_usage(const ChatRequest& request, int64_t answer_bytes) {
    model::Usage usage{.is_estimated = true};
    for (const auto& message : request.messages)
        usage.prompt_tokens += turn::estimate_tokens(message.text);
    usage.completion_tokens = (answer_bytes + 3) / 4;
    return usage;
}

/// Set aside of a budget for an answer whose length nobody knows yet.
constexpr int64_t kExpectedAnswerBytes = 800;

struct RawOutcome {
    std::optional<model::Usage> usage;
    int64_t bytes = 0;
    std::optional<Error> error;
};

Task<RawOutcome> relay_raw(model::ModelStream& stream, Answer& answer) {
    RawOutcome outcome;
    while (true) {
        auto events = co_await stream.next();
        if (!events) outcome.error = std::move(events.error());
        if (!events || events->empty()) co_return outcome;
        for (const model::ModelEvent& event : *events) {
            if (const auto* delta = std::get_if<model::TextDelta>(&event)) {
                outcome.bytes += static_cast<int64_t>(delta->text.size());
                answer.add_text(delta->text, delta->logprobs);
            } else if (const auto* raw = std::get_if<model::RawDelta>(&event)) {
                if (Status added = answer.add_raw(raw->json); !added)
                    outcome.error = std::move(added.error());
            } else if (const auto* usage = std::get_if<model::Usage>(&event)) {
                outcome.usage = *usage;
            } else if (const auto* finish = std::get_if<model::Finish>(&event)) {
                answer.finish(model::name_of(finish->reason));
            }
        }
        Status sent = co_await answer.flush();
        if (!sent) outcome.error = std::move(sent.error());
        if (outcome.error) co_return outcome;
    }
}

/// Raw calls have no intent of their own in the ledger.
constexpr std::string_view kRawIntent = "api";

Task<void> serve_raw(Site& site, net::Exchange& exchange, ChatRequest request,
                     std::shared_ptr<const model::ModelEntry> entry, std::string tenant) {
    Answer answer(exchange, request);
    route::Admission admission;
    if (site.config.budgets.is_set()) {
        const model::Usage expected = estimated_usage(request, kExpectedAnswerBytes);
        admission = site.ledger.admit(tenant, model::cost_micros(entry->price, expected));
        if (!admission.is_within_budget && admission.policy != route::OverBudget::kFastOnly)
            co_return co_await answer.fail_with(turn::over_budget_error());
    }
    const bool has_parts =
        std::ranges::any_of(request.messages, &wire::ChatMessage::has_other_parts);
    if (has_parts && entry->provider != "openai") {
        co_return co_await answer.fail_with(base::public_error(
            ErrorKind::kBadRequest, "front",
            "This model reads text only; images, audio and tool results are not supported."));
    }
    RawOutcome outcome;
    auto stream =
        co_await entry->model->start(raw_request(request, *entry), exchange.client_token());
    if (stream) {
        outcome = co_await relay_raw(**stream, answer);
        stream->reset();
    } else {
        outcome.error = std::move(stream.error());
    }
    const auto usage = outcome.usage.value_or(estimated_usage(request, outcome.bytes));
    const bool was_called = outcome.usage || outcome.bytes > 0;
    site.meter.record(*entry, was_called ? usage : model::Usage{},
                      outcome.error ? base::shape_of(outcome.error->kind).name : "ok");
    if (was_called) {
        site.ledger.charge({.tenant = tenant,
                            .intent = kRawIntent,
                            .model = entry->name,
                            .price = entry->price,
                            .usage = usage});
    }
    if (!outcome.error) co_return co_await answer.complete(usage);
    if (exchange.client_token().reason() == CancelReason::kClientGone) co_return;
    base::log_failure("model_call_failed", *outcome.error, {{"model", entry->name}});
    co_await answer.fail_with(std::move(*outcome.error));
}

Task<void> relay_turn(stream::AnswerReader& reader, Answer& answer, CancelToken token) {
    while (true) {
        const auto events = co_await reader.next(token);
        if (events.empty()) co_return;
        for (const wire::SharedEvent& event : events) {
            if (const auto* delta = std::get_if<wire::DeltaEvent>(&event->body)) {
                answer.add_text(delta->text);
            } else if (const auto* final = std::get_if<wire::FinalEvent>(&event->body)) {
                answer.finish(final->finish == wire::FinishState::kLength ? "length" : "stop");
                co_return co_await answer.complete({.prompt_tokens = final->prompt_tokens,
                                                    .completion_tokens = final->completion_tokens});
            } else if (const auto* error = std::get_if<wire::ErrorEvent>(&event->body)) {
                Error made = base::public_error(error->kind, "turn", error->message, error->code);
                if (error->retry_after_ms) made.retry_after = milliseconds(*error->retry_after_ms);
                co_return co_await answer.fail_with(std::move(made));
            }
        }
        if (!co_await answer.flush()) co_return;
    }
}

Task<void> serve_assistant(Site& site, net::Exchange& exchange, ChatRequest request,
                           Caller caller) {
    Answer answer(exchange, request);
    std::string client_system;  // the assistant has its own; a client's is not used
    std::vector<model::Message> messages;
    split_messages(request, client_system, messages);
    if (messages.empty() || messages.back().role != model::Role::kUser) {
        co_return co_await answer.fail_with(blame_messages(base::public_error(
            ErrorKind::kBadRequest, "front", "The last message must be the user's.")));
    }
    turn::Ask ask{.owner = caller.owner(), .customer = caller.customer.value_or("")};
    ask.text = std::move(messages.back().content);
    messages.pop_back();
    ask.history = std::move(messages);
    ask.is_stored = false;
    ask.max_tokens = request.max_tokens;
    ask.temperature = request.temperature;
    const std::string owner = ask.owner.tenant + "/" + ask.owner.subject;
    auto accepted = co_await site.turns->ask(std::move(ask));
    if (!accepted) {
        co_return co_await answer.fail_with(blame_messages(std::move(accepted.error())));
    }
    answer.name_after(accepted->response_id);
    auto reader = co_await site.hub.attach(accepted->response_id, owner, 0);
    if (!reader) co_return co_await answer.fail_with(std::move(reader.error()));
    co_await relay_turn(**reader, answer, exchange.client_token());
}

}  // namespace

/// Not a coroutine: decoding leaves nothing behind that lives as long as the answer.
Task<void> serve_chat_completions(Visit& visit) {
    Site& site = visit.site;
    wire::ChatLimits limits;
    limits.messages_max = static_cast<size_t>(site.config.limits.messages);
    auto request = wire::decode_openai_request(visit.request().body, limits);
    if (!request) return visit.refuse(std::move(request.error()));
    if (site.releases && request->model == site.releases->current()->assistant.id) {
        auto caller = on_behalf_of(visit.caller(), request->user);
        if (!caller) return visit.refuse(std::move(caller.error()));
        return serve_assistant(site, visit.exchange, std::move(*request), std::move(*caller));
    }
    if (auto entry = site.router.find(request->model)) {
        return serve_raw(site, visit.exchange, std::move(*request), std::move(entry),
                         visit.caller().tenant);
    }
    Error unknown = base::public_error(ErrorKind::kNotFound, "front",
                                       "There is no model '" + request->model.substr(0, 100) +
                                           "'. GET /v1/models lists what there is.",
                                       "model_not_found");
    unknown.param = "model";
    return visit.refuse(std::move(unknown));
}

Task<void> serve_models(Visit& visit) {
    std::vector<wire::ListedModel> models;
    if (visit.site.releases) models.push_back({.id = visit.site.releases->current()->assistant.id});
    for (const auto& entry : visit.site.router.models()) {
        models.push_back({.id = entry->name, .owned_by = entry->provider});
    }
    const std::string_view path = visit.request().path();
    constexpr std::string_view kList = "/v1/models";
    if (path.size() <= kList.size() + 1) {
        co_return co_await visit.respond({.body = wire::openai_models_body(models)});
    }
    const auto found =
        std::ranges::find(models, path.substr(kList.size() + 1), &wire::ListedModel::id);
    if (found != models.end())
        co_return co_await visit.respond({.body = wire::openai_model_body(*found)});
    co_await visit.refuse(base::public_error(ErrorKind::kNotFound, "front",
                                             "There is no such model.", "model_not_found"));
}

}  // namespace hayate::front
