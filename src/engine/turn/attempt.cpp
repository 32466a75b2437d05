// One model's try at the answer: prompt, call, gate, and what it cost.

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "engine/turn/findings.hpp"
#include "engine/turn/run.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kFirstTokenTime{20'000};
/// How long a local model may read before its first word; sizes the context.
constexpr milliseconds kReadingTime{1'500};
/// The first word is due by then; what is left of it when the first token comes may be spent on
/// holding tokens back to check them.
constexpr double kFirstWordMs = 400;
/// Held of an answer that is late anyway: then being right counts for more.
constexpr size_t kHoldTokensLate = 16;

gate::Profile profile_named(std::string_view name) {
    for (const auto profile : {gate::Profile::kDetectors, gate::Profile::kOpening,
                               gate::Profile::kSentence, gate::Profile::kWhole}) {
        if (gate::name_of(profile) == name) return profile;
    }
    return gate::Profile::kOpening;
}

}  // namespace

Prompt TurnRun::prompt_for(const model::Pace& pace) const {
    Prompt prompt = build_prompt({
        .assistant = assistant(),
        .gathered = found_.data,
        .history = history_,
        .question = question_,
        .language = language_,
        .is_about_order = is_about_order(),
        .missing = degraded_,
        .budget = budget_for(pace, kReadingTime, assistant().max_tokens),
    });
    if (ask_.max_tokens) prompt.request.max_tokens = *ask_.max_tokens;
    if (ask_.temperature) prompt.request.temperature = ask_.temperature;
    prompt.request.prefix_key = turn_.session;
    prompt.request.first_token_deadline = Deadline::after(kFirstTokenTime);
    return prompt;
}

size_t TurnRun::hold_tokens(const route::RouteDecision& decision) const {
    if (!decision.choice) return kHoldTokensLate;
    const route::Candidate& candidate = decision.choice->chosen();
    const double left = kFirstWordMs - trace_.now_ms() - candidate.first.late_ms;
    if (left <= 0) return kHoldTokensLate;
    const double token_ms =
        (candidate.total.late_ms - candidate.first.late_ms) / std::max(1, candidate.answer_tokens);
    return gate::affordable_hold(milliseconds(static_cast<int64_t>(left)),
                                 token_ms > 0 ? 1000 / token_ms : 0);
}

gate::Expected TurnRun::expected() const {
    if (approach_.kind == config::IntentKind::kComplaint) return gate::Expected::kHelp;
    if (is_faq(assistant(), found_.data)) return gate::Expected::kAnswer;
    return approach_.kind == config::IntentKind::kRecommendation ? gate::Expected::kSuggestion
                                                                 : gate::Expected::kNothing;
}

std::unique_ptr<gate::GateMachine> TurnRun::make_gate(const route::RouteDecision& decision,
                                                      const Prompt& prompt) const {
    if (!decision.model->is_checked) return nullptr;
    std::string conversation = prompt.preferences + "\n" + turn_.cards_json;
    for (const model::Message& message : history_) conversation += "\n" + message.content;
    auto grounds = std::make_shared<const gate::Grounds>(
        gate::GroundTexts{.documents = prompt.context,
                          .question = ask_.text,
                          .conversation = conversation,
                          .language = language_,
                          .subject = release_->gate_weights.subject,
                          .attributes = release_->gate_weights.attributes.get(),
                          .expected = expected()},
        release_->understander->finder());
    // As configured, not as the route has learned it: the gate's own verdicts are what it learns.
    const double quality =
        release_->policy.row_of(approach_.intent).known_quality(decision.model->name);
    return std::make_unique<gate::GateMachine>(
        std::move(grounds), gate::GateOptions{.profile = profile_named(approach_.gate),
                                              .hold_tokens = hold_tokens(decision),
                                              .quality = quality,
                                              .weights = release_->gate_weights});
}

std::unique_ptr<TurnRun::Call> TurnRun::make_call(route::RouteDecision decision) {
    auto call = std::make_unique<Call>(std::move(decision), cancel_.token());
    const model::ModelEntry& entry = *call->decision.model;
    Prompt prompt = prompt_for(entry.model->pace());
    call->start_ms = trace_.now_ms();
    call->observed = services_.router.observe(call->decision, choice_);
    call->gate = make_gate(call->decision, prompt);
    call->prompt_tokens = estimate_tokens(prompt.request);
    call->request = std::move(prompt.request);
    call->request.wants_logprobs = call->gate != nullptr;
    if (call->gate) call->request.probes = release_->gate_probes;
    call->request.on_extra_call = [this, &entry](const model::ExtraCall& extra) {
        charge(entry, extra.usage, extra.outcome, shown_intent());
    };
    return call;
}

Task<void> TurnRun::open(Call& call) {
    auto stream =
        co_await call.decision.model->model->start(std::move(call.request), call.stop.token());
    if (stream) {
        call.stream = std::move(*stream);
    } else {
        call.error = std::move(stream.error());
    }
}

Task<TurnRun::Attempt> TurnRun::attempt_with(Call& call) {
    const model::ModelEntry& entry = *call.decision.model;
    show_status(entry.model->pace().expected_wait > Duration::zero() ? "waiting" : "writing");
    turn_.model = entry.name;
    if (!call.stream && !call.error) co_await open(call);
    Attempt attempt{.end = Attempt::End::kFailed, .error = call.error};
    if (call.stream) attempt = co_await stream_from(call);
    call.stream.reset();
    batcher_->flush();
    const bool is_rejected = attempt.end == Attempt::End::kRejected;
    const std::string_view outcome = attempt.error ? base::shape_of(attempt.error->kind).name
                                     : is_rejected ? "rejected"
                                                   : "ok";
    const bool is_faulted = attempt.reason != gate::Feature::kEmpty;
    end_call(call, outcome,
             is_faulted ? "; fault: " + std::string(gate::name_of(attempt.reason)) : std::string());
    tried_.push_back({.model = entry.name,
                      .end = attempt.end,
                      .reason = attempt.reason,
                      .is_checked = call.gate != nullptr});
    co_return attempt;
}

void TurnRun::end_call(const Call& call, std::string_view outcome, std::string_view more) {
    trace_.add(
        {.name = "model",
         .start_ms = call.start_ms,
         .end_ms = trace_.now_ms(),
         .outcome = std::string(outcome),
         .detail = call.decision.model->name + ": " + call.decision.reason + std::string(more)});
    account(call, outcome);
}

/// False when the gate wants no more of this answer.
bool TurnRun::show(const gate::GateAction& action, Attempt& attempt) {
    if (!say(action.show)) {
        finish_ = wire::FinishState::kLength;
        return false;
    }
    if (backup_ && !action.show.empty()) backup_->stop.cancel(CancelReason::kLostRace);
    if (action.verdict == gate::Verdict::kGoOn) return true;
    attempt.reason = action.reason;
    attempt.end =
        action.verdict == gate::Verdict::kEscalate ? Attempt::End::kRejected : Attempt::End::kCut;
    metrics_.gate
        .at({turn_.model, attempt.end == Attempt::End::kCut ? "cut" : "rejected",
             gate::name_of(action.reason)})
        .add();
    base::log_info("gate", {{"response", turn_.response_id},
                            {"model", turn_.model},
                            {"verdict", attempt.end == Attempt::End::kCut ? "cut" : "rejected"},
                            {"reason", gate::name_of(action.reason)}});
    if (attempt.end == Attempt::End::kCut) {
        const bool has_space = turn_.answer.ends_with(' ') || turn_.answer.ends_with('\n');
        const std::string_view between = action.is_in_sentence ? "… " : has_space ? "" : " ";
        say(std::string(between) + assistant().say("correction", language_));
    }
    return false;
}

Task<TurnRun::Attempt> TurnRun::stream_from(Call& call) {
    Attempt attempt;
    const auto take = [&](const model::TextDelta& delta) {
        if (delta.text.empty()) return true;
        call.observed.first_token();
        call.text += delta.text;
        if (!call.gate) return show({.show = delta.text}, attempt);
        if (!show(call.gate->feed(delta.text, delta.logprobs, delta.probe_logits), attempt))
            return false;
        if (call.gate->is_doubtful()) begin_backup(call);
        return true;
    };
    bool is_cut = false;
    while (true) {
        auto events = call.events.empty()
                          ? co_await call.stream->next()
                          : Result<std::vector<model::ModelEvent>>(std::exchange(call.events, {}));
        if (!events) {
            attempt.end = Attempt::End::kFailed;
            attempt.error = std::move(events.error());
            co_return attempt;
        }
        if (events->empty()) break;
        for (const model::ModelEvent& event : *events) {
            if (const auto* delta = std::get_if<model::TextDelta>(&event)) {
                if (!take(*delta)) co_return attempt;
            } else if (const auto* usage = std::get_if<model::Usage>(&event)) {
                call.usage = *usage;
            } else if (const auto* finish = std::get_if<model::Finish>(&event)) {
                is_cut = is_cut || finish->reason == model::FinishReason::kLength;
            }
        }
    }
    call.observed.end(estimate_tokens(call.text), true);
    if (call.text.empty()) {
        attempt.end = Attempt::End::kFailed;
        attempt.error = base::private_error(
            ErrorKind::kUpstream, "model." + call.decision.model->name, "an empty answer");
        co_return attempt;
    }
    if (call.gate) {
        if (!show(call.gate->finish(is_cut), attempt)) co_return attempt;
        metrics_.gate.at({turn_.model, "approved", "none"}).add();
    }
    if (is_cut) finish_ = wire::FinishState::kLength;
    co_return attempt;
}

std::string_view TurnRun::shown_intent() const {
    return approach_.intent.empty() ? "unsure" : std::string_view(approach_.intent);
}

void TurnRun::charge(const model::ModelEntry& entry, const model::Usage& usage,
                     std::string_view outcome, std::string_view intent) {
    services_.meter.record(entry, usage, outcome);
    services_.ledger.charge({.tenant = ask_.owner.tenant,
                             .intent = intent,
                             .model = entry.name,
                             .price = entry.price,
                             .usage = usage});
}

/// Charges what is also the turn's own usage.
void TurnRun::spend(const model::ModelEntry& entry, const model::Usage& usage,
                    std::string_view outcome, std::string_view intent) {
    charge(entry, usage, outcome, intent);
    if (!usage_) {
        usage_ = usage;
        return;
    }
    usage_->prompt_tokens += usage.prompt_tokens;
    usage_->completion_tokens += usage.completion_tokens;
    usage_->cached_prompt_tokens += usage.cached_prompt_tokens;
    usage_->is_estimated = usage_->is_estimated || usage.is_estimated;
}

void TurnRun::account(const Call& call, std::string_view outcome) {
    // A call that was refused has cost nothing; one that was given up while the model was reading
    // the prompt has.
    const bool is_refused = call.error && call.error->kind != ErrorKind::kCancelled &&
                            call.error->kind != ErrorKind::kTimeout;
    if (is_refused && !call.usage) return services_.meter.record(*call.decision.model, {}, outcome);
    spend(*call.decision.model,
          call.usage.value_or(
              model::Usage{.prompt_tokens = call.prompt_tokens,
                           .completion_tokens = call.text.empty() ? 0 : estimate_tokens(call.text),
                           .is_estimated = true}),
          outcome, shown_intent());
}

}  // namespace hayate::turn
