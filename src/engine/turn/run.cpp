#include "engine/turn/run.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "core/wire/chat_frames.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/findings.hpp"
#include "engine/turn/prompt.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kStoreTime{5'000};

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

Error over_budget_error() {
    return base::public_error(ErrorKind::kRateLimited, "turn",
                              "Today's budget for answers is used up. Please try again tomorrow.",
                              "budget_exhausted");
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
                              {"source"})),
      intents(metrics.counter("hayate_intents_total", "What turns were understood to be about.",
                              {"intent"})),
      gate(metrics.counter("hayate_gate_total",
                           "Model answers by what the gate made of them, and why.",
                           {"model", "verdict", "reason"})),
      classified(metrics.counter("hayate_classifications_total",
                                 "Messages that examples leave open, by what came of consulting "
                                 "the classifier.",
                                 {"model", "outcome"})),
      outcomes(metrics.counter("hayate_outcomes_total",
                               "Turns by what became of their answers; the model is `none` for "
                               "answers from templates.",
                               {"intent", "model", "outcome"})) {}

TurnRun::TurnRun(const Services& services, TurnMetrics& metrics, understand::Understood& understood,
                 Ask ask, store::Turn turn, std::shared_ptr<stream::StreamLog> log, TimePoint begin,
                 const CancelToken& stopping)
    : services_(services),
      metrics_(metrics),
      understood_(understood),
      release_(services.releases.current()),
      ask_(std::move(ask)),
      turn_(std::move(turn)),
      log_(std::move(log)),
      cancel_(stopping),
      trace_(begin),
      deadline_(Deadline::never()),
      backups_(runtime::Shard::current()->executor(), cancel_.token()) {
    ask_.text = turn_.question;  // of the stored turn, when one is answered again
    batcher_ = std::make_shared<stream::DeltaBatcher>(runtime::Shard::current()->executor(), log_);
}

Task<void> TurnRun::go() {
    log_->on_stop([cancel = cancel_.detached_cancel()] { cancel(CancelReason::kStop); });
    log_->on_abandoned([cancel = cancel_.detached_cancel()] { cancel(CancelReason::kClientGone); });
    co_await understand();
    if (!ask_about_.empty()) {
        co_await ask_back();
    } else if (!cancel_.token().is_cancelled()) {
        show_status("looking_up");
        co_await look_up();
        if (!cancel_.token().is_cancelled()) co_await answer();
    }
    if (cancel_.token().is_cancelled() && !log_->is_ended()) {
        co_await finish(runtime::cancelled_error(cancel_.reason(), "turn"));
    }
}

Task<void> TurnRun::look_up() {
    const double start = trace_.now_ms();
    gather::Question question{
        .text = ask_.text,
        .language = language_,
        .owner = ask_.owner,
        .customer = ask_.customer,
        .session = ask_.is_stored ? turn_.session : "",
        .vector = vector_,
        .order = reading_.order(),
        .filter = query_.filter,
        .is_list = approach_.lists_products() && query_.is_structured(),
        .leaves_out_owned = approach_.kind == config::IntentKind::kRecommendation,
        .documents = assistant().retrieved_documents,
        .exchanges = assistant().history_exchanges};
    const auto& plan = release_->sources;
    found_ = co_await gather::gather(
        approach_.gathers_all() ? plan : gather::select(plan, approach_.sources),
        std::move(question), approach_.soft_wait, deadline_, cancel_.token(), trace_.begin());
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
    // What resembles "???" resembles it by chance.
    if (!has_words_ && history_.empty()) found_.data.documents.clear();
    // A complaint is about what was bought: it is no occasion to offer something else.
    if (approach_.kind == config::IntentKind::kComplaint) {
        std::erase_if(found_.data.documents, [](const store::Hit& hit) {
            return hit.kind == store::HitKind::kSeries && !hit.is_named;
        });
    }
    show_findings();
}

void TurnRun::show_findings() {
    const Findings findings =
        pick_findings(assistant(), found_.data, language_, is_about_order(), shop_today());
    turn_.cards_json = as_array(findings.cards);
    turn_.sources_json = as_array(findings.sources);
    sources_ = static_cast<int>(findings.sources.size());
    for (const std::string& card : findings.cards) log_->append(wire::CardEvent{card});
    for (const std::string& source : findings.sources) log_->append(wire::SourceEvent{source});
    if (found_.data.is_list) return;
    std::erase_if(found_.data.documents,
                  [&](const store::Hit& hit) { return !is_relevant(assistant(), hit); });
}

void TurnRun::show_status(std::string_view stage) {
    const auto& texts = assistant().status;
    const auto found = texts.find(std::string(stage));
    if (found == texts.end()) return;
    const auto text = found->second.find(language_);
    log_->append(
        wire::StatusEvent{std::string(stage), text == found->second.end() ? "" : text->second});
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
    final.suggestions = phrases_of(turn_.asked_back, assistant(), language_);
    for (const std::string& name : degraded_) {
        const auto note = assistant().degraded.find(name);
        if (note == assistant().degraded.end()) continue;
        final.notes.emplace_back(assistant().in(note->second, language_));
    }
    return final;
}

Task<void> TurnRun::store_turn() {
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
    turn_.state = state;
    turn_.first_word_ms = static_cast<int64_t>(trace_.first_word_ms.value_or(0));
    turn_.total_ms = static_cast<int64_t>(trace_.now_ms());
    // First: who is told the end of the answer may say at once what they think of it.
    keep_outcome(is_failed ? base::shape_of(error->kind).name : std::string_view());
    co_await store_turn();
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
            error->external = assistant().say("failed", language_);
        if (reason == CancelReason::kShutdown) error = shutting_down_error();
        log_->append(wire::to_event(*error));
        co_return;
    }
    wire::FinalEvent final = final_event();
    final.text_sha256 = hash_.finish_hex();
    log_->append(std::move(final));
}

}  // namespace hayate::turn
