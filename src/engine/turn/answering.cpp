// The answer of a turn: from the templates, or from a model.

#include <utility>

#include "core/base/log.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/prompt.hpp"
#include "engine/turn/run.hpp"
#include "engine/turn/template_answer.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kFirstTokenTime{20'000};
/// How long a local model may read before its first word; sizes the context.
constexpr milliseconds kReadingTime{1'500};

}  // namespace

bool TurnRun::is_about_order() const {
    return approach_.kind == config::IntentKind::kOrderStatus || reading_.order();
}

/// The classifier only suspects it; what was found in the store, or said before, speaks against it.
bool TurnRun::is_out_of_scope() const {
    return approach_.may_be_out_of_scope && found_.data.documents.empty() && history_.empty();
}

/// Where there is no order to read from, a model would make one up.
bool TurnRun::needs_no_model() const {
    const bool is_nothing_known = ask_.customer.empty() || found_.data.orders.empty();
    return approach_.is_from_template || is_out_of_scope() ||
           (reading_.order() && is_nothing_known);
}

Task<void> TurnRun::answer() {
    if (needs_no_model()) {
        answer_from_templates(false);
        co_return co_await finish(std::nullopt);
    }
    const auto& preferred =
        ask_.preferred_models.empty() ? approach_.models : ask_.preferred_models;
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
    say(template_answer({.assistant = assistant(),
                         .gathered = found_.data,
                         .question = ask_.text,
                         .language = language_,
                         .kind = approach_.kind,
                         .is_out_of_scope = is_out_of_scope(),
                         .is_about_order = is_about_order(),
                         .is_customer = !ask_.customer.empty(),
                         .is_order_missing = found_.missing.contains("orders"),
                         .is_busy = is_busy,
                         .today = shop_today()}));
}

model::ModelRequest TurnRun::prompt(const model::ModelEntry& entry) const {
    model::ModelRequest request = build_prompt({
        .assistant = assistant(),
        .gathered = found_.data,
        .history = history_,
        .question = ask_.text,
        .language = language_,
        .is_about_order = is_about_order(),
        .missing = degraded_,
        .budget = budget_for(entry.model->pace(), kReadingTime, assistant().max_tokens),
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

}  // namespace hayate::turn
