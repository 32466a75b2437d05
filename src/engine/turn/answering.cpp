// The answer of a turn: from the templates, or from the models that may answer, one after the other
// until one is good enough.

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/findings.hpp"
#include "engine/turn/run.hpp"
#include "engine/turn/template_answer.hpp"

namespace hayate::turn {
namespace {

/// What an answer usually takes; predictions are made for it.
constexpr int kTypicalAnswerTokens = 100;
constexpr milliseconds kCaseTime{2'000};

/// Worth asking another model about: this one is down or broken, and the customer has seen nothing.
bool may_another_help(const Error& error) {
    return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kUpstream ||
           error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kBusy;
}

}  // namespace

bool TurnRun::is_about_order() const {
    return approach_.kind == config::IntentKind::kOrderStatus || reading_.order();
}

/// The classifier only suspects it; what was found in the store, or said before, speaks against it.
bool TurnRun::is_out_of_scope() const {
    return approach_.may_be_out_of_scope && found_.data.documents.empty() && history_.empty();
}

/// An order is asked about that there is nothing to say of to this customer.
bool TurnRun::is_order_unknown() const {
    return reading_.order() && (ask_.customer.empty() || found_.data.orders.empty());
}

/// What was said of the products fits none of them; a model would name others.
bool TurnRun::is_nothing_fitting() const {
    return found_.data.is_list && found_.data.documents.empty() && query_.is_constrained();
}

/// Where there is nothing to read from, a model would make it up.
bool TurnRun::needs_no_model() const {
    return approach_.is_from_template || is_out_of_scope() || is_order_unknown() ||
           is_nothing_fitting();
}

bool TurnRun::has_template_answer() const {
    return !found_.data.documents.empty() || is_about_order();
}

Task<void> TurnRun::answer() {
    std::optional<Error> error;
    if (approach_.kind == config::IntentKind::kComplaint && !is_order_unknown())
        co_await open_case();
    if (needs_no_model()) {
        answer_from_templates(false);
    } else {
        error = co_await answer_with_models();
    }
    co_await finish(std::move(error));
}

/// A complaint ends in a case, whose number the customer is told at once. The answer to the
/// complaint follows.
Task<void> TurnRun::open_case() {
    const double start = trace_.now_ms();
    const bool is_order_known = reading_.order() && !found_.data.orders.empty();
    auto opened = co_await services_.cases.open(
        {.response_id = turn_.response_id,
         .owner = ask_.owner,
         .session = ask_.is_stored ? turn_.session : "",
         .kind = case_kind_,
         .order = is_order_known ? *reading_.order() : "",
         .summary = ask_.text},
        {.deadline = Deadline::after(kCaseTime), .token = cancel_.token()});
    trace_.add("case", start, opened ? "ok" : "error");
    if (!opened) {
        base::log_failure("case_not_opened", opened.error(), {{"response", turn_.response_id}});
        co_return;
    }
    // Japanese sentences stand without a space between them.
    say(assistant().say("complaint_intro", language_) + (language_ == "ja" ? "" : " ") +
        assistant().say(
            "case_opened", language_,
            {{"case_id", opened->id},
             {"kind", assistant().word("case", store::name_of(case_kind_), language_)}}) +
        "\n\n");
    batcher_->flush();
    intro_bytes_ = turn_.answer.size();
}

void TurnRun::answer_from_templates(bool is_busy) {
    turn_.model.clear();
    say(template_answer({.assistant = assistant(),
                         .gathered = found_.data,
                         .question = ask_.text,
                         .language = language_,
                         .kind = approach_.kind,
                         .is_out_of_scope = is_out_of_scope(),
                         .is_nothing_fitting = is_nothing_fitting(),
                         .is_about_order = is_about_order(),
                         .is_customer = !ask_.customer.empty(),
                         .is_order_missing = found_.missing.contains("orders"),
                         .is_case_open = intro_bytes_ > 0,
                         .is_busy = is_busy,
                         .today = shop_today()}));
}

Result<route::RouteDecision> TurnRun::decide(std::vector<std::string> allowed) {
    choice_.limits = {.quality_min = assistant().quality_min,
                      .late_worth = assistant().late_worth,
                      .total_ms = std::max(0.0, base::to_ms(deadline_.left())),
                      .money_micros = admission_.left_micros};
    choice_.preferred = std::move(allowed);
    return services_.router.decide(choice_, release_->policy);
}

/// Those that are expected to answer better than the one whose answer was not good enough.
void TurnRun::keep_better(std::vector<std::string>& models, const std::string& than) const {
    const route::MatrixRow& row = release_->policy.row_of(approach_.intent);
    const auto quality = [&](const std::string& name) {
        const auto place = std::ranges::find(assistant().models, name);
        return route::MatrixPolicy::prior_quality(
            row, name, static_cast<size_t>(place - assistant().models.begin()));
    };
    const double least = quality(than);
    std::erase_if(models, [&](const std::string& name) { return quality(name) <= least; });
}

/// Sets money aside for the turn. Where the budget is used up, `allowed_` keeps what the policy
/// still grants; an error refuses the turn.
std::optional<Error> TurnRun::admit() {
    int64_t expected = 0;
    for (const std::string& name : allowed_) {
        const auto entry = services_.router.find(name);
        if (!entry) continue;
        const model::Usage usage{.prompt_tokens = choice_.shape.prompt_tokens,
                                 .completion_tokens = choice_.shape.answer_tokens};
        expected = std::max(expected, model::cost_micros(entry->price, usage));
    }
    admission_ = services_.ledger.admit(ask_.owner.tenant, expected);
    if (admission_.is_within_budget) return std::nullopt;
    switch (admission_.policy) {
        case route::OverBudget::kRefuse:
            return over_budget_error();
        case route::OverBudget::kFastOnly:
            allowed_ = {assistant().models.back()};
            break;
        case route::OverBudget::kPreparedOnly:
            allowed_.clear();
            break;
    }
    return std::nullopt;
}

Task<std::optional<Error>> TurnRun::answer_with_models() {
    choice_ = {.intent = approach_.intent,
               .complexity = reading_.complexity,
               .shape = {.prompt_tokens = estimate_tokens(prompt_for({}).request),
                         .answer_tokens = std::min(kTypicalAnswerTokens, assistant().max_tokens)},
               .seed = std::hash<std::string>()(turn_.response_id)};
    allowed_ = ask_.preferred_models.empty() ? approach_.models : ask_.preferred_models;
    if (auto refused = admit()) co_return refused;
    std::optional<Error> error = co_await ask_models();
    co_await drop_backup();
    co_return error;
}

/// One model after the other, until one's answer is good enough or templates have to do.
Task<std::optional<Error>> TurnRun::ask_models() {
    std::optional<Error> first_error;
    bool is_rejected = false;
    while (!allowed_.empty()) {
        std::unique_ptr<Call> call = co_await take_backup();
        if (!call) {
            auto decision = decide(allowed_);
            if (!decision) break;
            // A better answer that comes too late is worth less than the shop's own words now.
            if (is_rejected && !decision->choice->is_in_time && has_template_answer()) break;
            call = make_call(std::move(*decision));
        }
        const std::string& name = call->decision.model->name;
        Attempt attempt = co_await attempt_with(*call);
        if (attempt.end == Attempt::End::kWhole || attempt.end == Attempt::End::kCut)
            co_return std::nullopt;
        if (attempt.end == Attempt::End::kRejected) {
            is_rejected = true;
            keep_better(allowed_, name);
            continue;
        }
        const bool is_final = turn_.answer.size() > intro_bytes_ ||
                              cancel_.token().is_cancelled() || !may_another_help(*attempt.error);
        if (is_final) co_return std::move(attempt.error);
        if (!first_error) first_error = std::move(attempt.error);
        std::erase(allowed_, name);
    }
    // A model without a free place is no fault: what was found is answered without it.
    const bool is_busy = first_error && first_error->kind == ErrorKind::kBusy;
    if (first_error && !is_busy && !is_rejected) co_return first_error;
    degraded_.emplace_back(is_rejected ? "answer" : "model");
    answer_from_templates(is_busy);
    co_return std::nullopt;
}

bool TurnRun::say(std::string_view text) {
    if (text.empty()) return true;
    if (!trace_.first_word_ms) trace_.first_word_ms = trace_.now_ms();
    turn_.answer += text;
    hash_.update(text);
    return batcher_->push(text);
}

}  // namespace hayate::turn
