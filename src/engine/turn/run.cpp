#include "engine/turn/run.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "core/text/language.hpp"
#include "core/wire/chat_frames.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/findings.hpp"
#include "engine/turn/prompt.hpp"
#include "engine/turn/template_answer.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kStoreTime{5'000};
constexpr milliseconds kFirstTokenTime{20'000};
/// How long a local model may read before its first word; sizes the context.
constexpr milliseconds kReadingTime{1'500};

std::string language_for(const Ask& ask, const config::AssistantConfig& assistant) {
    const auto of_text = text::language_of(ask.text);
    const auto is_spoken = [&](std::string_view language) {
        return std::ranges::find(assistant.languages, language) != assistant.languages.end();
    };
    if (of_text != text::Language::kOther) return std::string(text::reply_language(ask.text));
    return is_spoken(ask.language_hint) ? ask.language_hint : assistant.languages.front();
}

store::TurnState state_after(CancelReason reason) {
    return reason == CancelReason::kStop ? store::TurnState::kStopped
                                         : store::TurnState::kIncomplete;
}

}  // namespace

Error shutting_down_error() {
    Error error = base::public_error(
        ErrorKind::kBusy, "turn", "The server is restarting. Please try again.", "shutting_down");
    error.retry_after = milliseconds(2'000);
    return error;
}

TurnMetrics::TurnMetrics(observe::Metrics& metrics)
    : turns(
          metrics.counter("hayate_turns_total", "Turns that have ended, by outcome.", {"outcome"})),
      first_word(metrics.histogram(
          "hayate_first_word_seconds",
          "From the question to the first word of the answer, at the server.", {"model"})),
      total(metrics.histogram("hayate_turn_seconds", "From the question to the end of the answer.",
                              {"model"})),
      missing(metrics.counter("hayate_gather_missing_total", "Sources left out of a turn.",
                              {"source"})) {}

TurnRun::TurnRun(const Services& services, TurnMetrics& metrics, Ask ask, store::Turn turn,
                 std::shared_ptr<stream::StreamLog> log, TimePoint begin,
                 const CancelToken& stopping)
    : services_(services),
      metrics_(metrics),
      ask_(std::move(ask)),
      turn_(std::move(turn)),
      log_(std::move(log)),
      cancel_(stopping),
      trace_(begin),
      deadline_(begin + milliseconds(services.assistant.deadline_ms)) {
    ask_.text = turn_.question;  // of the stored turn, when one is answered again
    language_ = language_for(ask_, services_.assistant);
    turn_.language = language_;
    batcher_ = std::make_shared<stream::DeltaBatcher>(runtime::Shard::current()->executor(), log_);
}

Task<void> TurnRun::go() {
    log_->on_stop([cancel = cancel_.detached_cancel()] { cancel(CancelReason::kStop); });
    log_->on_abandoned([cancel = cancel_.detached_cancel()] { cancel(CancelReason::kClientGone); });
    show_status("looking_up");
    co_await look_up();
    if (!cancel_.token().is_cancelled()) co_await answer();
    if (cancel_.token().is_cancelled() && !log_->is_ended()) {
        co_await finish(runtime::cancelled_error(cancel_.reason(), "turn"));
    }
}

Task<void> TurnRun::look_up() {
    const double start = trace_.now_ms();
    gather::Question question{.text = ask_.text,
                              .language = language_,
                              .owner = ask_.owner,
                              .customer = ask_.customer,
                              .session = ask_.is_stored ? turn_.session : "",
                              .documents = services_.assistant.retrieved_documents,
                              .exchanges = services_.assistant.history_exchanges};
    found_ = co_await gather::gather(services_.sources, std::move(question),
                                     milliseconds(services_.assistant.soft_wait_ms), deadline_,
                                     cancel_.token(), trace_.begin());
    for (const observe::Span& span : found_.spans) trace_.add(span);
    trace_.add("gather", start);
    for (const auto& [source, reason] : found_.missing) {
        degraded_.push_back(source);
        metrics_.missing.at({source}).add();
        base::log_warning(
            "source_missing",
            {{"source", source}, {"reason", reason}, {"response", turn_.response_id}});
    }
    history_ = ask_.is_stored ? as_messages(found_.data.history) : ask_.history;
    show_findings();
}

bool TurnRun::is_about_order() const { return found_.data.asked_order || asks_for_order_status(); }

bool TurnRun::asks_for_order_status() const {
    return mentions_order(services_.assistant, ask_.text, found_.data.asked_order);
}

/// The state of an order is told as it stands in the store. Where there is no order to read from, a
/// model would make one up.
bool TurnRun::needs_no_model() const {
    const bool is_nothing_known = ask_.customer.empty() || found_.data.orders.empty();
    return asks_for_order_status() || (found_.data.asked_order && is_nothing_known);
}

void TurnRun::show_findings() {
    if (is_greeting(services_.assistant, ask_.text)) found_.data.documents.clear();
    const Findings findings =
        pick_findings(services_.assistant, found_.data, language_, is_about_order(), shop_today());
    turn_.cards_json = as_array(findings.cards);
    turn_.sources_json = as_array(findings.sources);
    sources_ = static_cast<int>(findings.sources.size());
    for (const std::string& card : findings.cards) log_->append(wire::CardEvent{card});
    for (const std::string& source : findings.sources) log_->append(wire::SourceEvent{source});
    std::erase_if(found_.data.documents,
                  [&](const store::Hit& hit) { return !is_relevant(services_.assistant, hit); });
}

void TurnRun::show_status(std::string_view stage) {
    const auto& texts = services_.assistant.status;
    const auto found = texts.find(std::string(stage));
    if (found == texts.end()) return;
    const auto text = found->second.find(language_);
    log_->append(
        wire::StatusEvent{std::string(stage), text == found->second.end() ? "" : text->second});
}

Task<void> TurnRun::answer() {
    if (needs_no_model()) {
        answer_from_templates(false);
        co_return co_await finish(std::nullopt);
    }
    const auto& preferred =
        ask_.preferred_models.empty() ? services_.assistant.models : ask_.preferred_models;
    const auto decision = services_.router.choose({.preferred = preferred, .deadline = deadline_});
    if (!decision) {
        degraded_.emplace_back("model");
        answer_from_templates(false);
        co_return co_await finish(std::nullopt);
    }
    const model::ModelEntry& entry = *decision->model;
    show_status(entry.model->pace().expected_wait > Duration::zero() ? "waiting" : "writing");
    auto error = co_await answer_with(entry);
    // A model without a free place is no fault: what was found is answered without it.
    if (error && error->kind == ErrorKind::kBusy && turn_.answer.empty() &&
        !cancel_.token().is_cancelled()) {
        degraded_.emplace_back("model");
        answer_from_templates(true);
        error.reset();
    }
    co_await finish(std::move(error));
}

void TurnRun::answer_from_templates(bool is_busy) {
    turn_.model.clear();
    say(template_answer({.assistant = services_.assistant,
                         .gathered = found_.data,
                         .question = ask_.text,
                         .language = language_,
                         .is_about_order = is_about_order(),
                         .is_customer = !ask_.customer.empty(),
                         .is_order_missing = found_.missing.contains("orders"),
                         .is_busy = is_busy,
                         .today = shop_today()}));
}

model::ModelRequest TurnRun::prompt(const model::ModelEntry& entry) const {
    model::ModelRequest request = build_prompt({
        .assistant = services_.assistant,
        .gathered = found_.data,
        .history = history_,
        .question = ask_.text,
        .language = language_,
        .is_about_order = is_about_order(),
        .missing = degraded_,
        .budget = budget_for(entry.model->pace(), kReadingTime, services_.assistant.max_tokens),
    });
    if (ask_.max_tokens) request.max_tokens = *ask_.max_tokens;
    if (ask_.temperature) request.temperature = ask_.temperature;
    request.prefix_key = turn_.session;
    request.first_token_deadline = Deadline::after(kFirstTokenTime);
    return request;
}

Task<std::optional<Error>> TurnRun::answer_with(const model::ModelEntry& entry) {
    const double start = trace_.now_ms();
    turn_.model = entry.name;
    model::ModelRequest request = prompt(entry);
    estimated_prompt_tokens_ = estimate_tokens(request.system);
    for (const model::Message& message : request.messages) {
        estimated_prompt_tokens_ += estimate_tokens(message.content);
    }
    auto stream = co_await entry.model->start(std::move(request), cancel_.token());
    std::optional<Error> error;
    if (stream) {
        error = co_await stream_from(**stream, entry);
    } else {
        error = std::move(stream.error());
    }
    batcher_->flush();
    const std::string_view outcome = error ? base::shape_of(error->kind).name : "ok";
    trace_.add("model", start, std::string(outcome));
    account(entry, outcome);
    co_return error;
}

Task<std::optional<Error>> TurnRun::stream_from(model::ModelStream& stream,
                                                const model::ModelEntry& entry) {
    while (true) {
        auto events = co_await stream.next();
        if (!events) co_return std::move(events.error());
        if (events->empty()) break;
        for (model::ModelEvent& event : *events) {
            if (const auto* delta = std::get_if<model::TextDelta>(&event)) {
                if (!say(delta->text)) {
                    finish_ = wire::FinishState::kLength;
                    co_return std::nullopt;
                }
            } else if (const auto* usage = std::get_if<model::Usage>(&event)) {
                usage_ = *usage;
            } else if (const auto* finish = std::get_if<model::Finish>(&event)) {
                if (finish->reason == model::FinishReason::kLength)
                    finish_ = wire::FinishState::kLength;
            }
        }
    }
    if (!turn_.answer.empty()) co_return std::nullopt;
    co_return base::private_error(ErrorKind::kUpstream, "model." + entry.name, "an empty answer");
}

bool TurnRun::say(std::string_view text) {
    if (text.empty()) return true;
    if (!trace_.first_word_ms) trace_.first_word_ms = trace_.now_ms();
    turn_.answer += text;
    hash_.update(text);
    return batcher_->push(text);
}

void TurnRun::account(const model::ModelEntry& entry, std::string_view outcome) {
    if (!usage_) {
        usage_ = model::Usage{
            .prompt_tokens = estimated_prompt_tokens_,
            .completion_tokens = turn_.answer.empty() ? 0 : estimate_tokens(turn_.answer),
            .is_estimated = true};
    }
    services_.meter.record(entry, *usage_, outcome);
}

wire::FinalEvent TurnRun::final_event() const {
    wire::FinalEvent final{.finish = finish_,
                           .first_word_ms = trace_.first_word_ms.value_or(trace_.now_ms()),
                           .total_ms = trace_.now_ms(),
                           .stages = trace_.spans(),
                           .model = turn_.model,
                           .sources = sources_,
                           .degraded = degraded_};
    if (usage_) {
        final.prompt_tokens = usage_->prompt_tokens;
        final.completion_tokens = usage_->completion_tokens;
        final.usage_is_estimated = usage_->is_estimated;
    }
    explain(final);
    for (const std::string& name : degraded_) {
        const auto note = services_.assistant.degraded.find(name);
        if (note == services_.assistant.degraded.end()) continue;
        final.notes.emplace_back(services_.assistant.in(note->second, language_));
    }
    return final;
}

Task<void> TurnRun::store_turn(store::TurnState state) {
    turn_.state = state;
    turn_.first_word_ms = static_cast<int64_t>(trace_.first_word_ms.value_or(0));
    turn_.total_ms = static_cast<int64_t>(trace_.now_ms());
    if (!ask_.is_stored) co_return;
    // Not given the turn's token: what was said is stored however the turn ended.
    const double start = trace_.now_ms();
    const Status stored =
        co_await services_.sessions.end_turn(turn_, {.deadline = Deadline::after(kStoreTime)});
    trace_.add("store", start, stored ? "ok" : "error");
    if (!stored)
        base::log_failure("turn_not_stored", stored.error(), {{"response", turn_.response_id}});
}

Task<void> TurnRun::finish(std::optional<Error> error) {
    batcher_->flush();
    const CancelReason reason = cancel_.reason();
    const bool is_stopped = reason == CancelReason::kStop;
    if (is_stopped) finish_ = wire::FinishState::kStopped;
    const bool is_failed = error && !is_stopped;
    const store::TurnState state = reason != CancelReason::kNone ? state_after(reason)
                                   : !error                      ? store::TurnState::kComplete
                                   : turn_.answer.empty()        ? store::TurnState::kFailed
                                                                 : store::TurnState::kIncomplete;
    co_await store_turn(state);
    const std::string_view outcome =
        is_failed ? base::shape_of(error->kind).name : store::name_of(state);
    metrics_.turns.at({outcome}).add();
    keep_trace(outcome);
    if (trace_.first_word_ms)
        metrics_.first_word.at({turn_.model}).observe_seconds(*trace_.first_word_ms / 1000);
    metrics_.total.at({turn_.model}).observe_seconds(trace_.now_ms() / 1000);
    if (is_failed) {
        if (reason == CancelReason::kNone) {
            base::log_failure("turn_failed", *error,
                              {{"response", turn_.response_id}, {"model", turn_.model}});
        }
        // A customer reads the assistant's own words; a program wants to know what failed.
        if (ask_.is_stored && error->external.empty())
            error->external = services_.assistant.say("failed", language_);
        if (reason == CancelReason::kShutdown) error = shutting_down_error();
        log_->append(wire::to_event(*error));
        co_return;
    }
    wire::FinalEvent final = final_event();
    final.text_sha256 = hash_.finish_hex();
    log_->append(std::move(final));
}

}  // namespace hayate::turn
