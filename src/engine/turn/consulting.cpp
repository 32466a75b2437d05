// The classifier: a model that is asked which intent a message has that examples leave open. Before
// the gathering rather than beside it: what is fetched, and under which conditions, follows from
// the intent, and fetching takes a few milliseconds where a model takes hundreds.

#include <array>
#include <utility>

#include "engine/turn/intent_model.hpp"
#include "engine/turn/prompt.hpp"
#include "engine/turn/run.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kAnswerTime{config::kAnswerMsMin};
/// Where calls of the classifier stand in the ledger.
constexpr std::string_view kLedgerIntent = "classify";

/// What became of a consultation, and what that is called in a trace.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kSpanOutcomes{{
    {"decided", "ok"},
    {"unusable", "error"},
    {"failed", "error"},
    {"timeout", "timeout"},
    {"cancelled", "cancelled"},
    {"not_ready", "skipped"},
    {"busy", "skipped"},
    {"no_time", "skipped"},
    {"no_budget", "skipped"},
}};

std::string_view span_outcome(std::string_view outcome) {
    for (const auto& [name, of_span] : kSpanOutcomes) {
        if (name == outcome) return of_span;
    }
    return "error";
}

/// One short answer as it came, whole or not.
struct Heard {
    std::string text;
    std::optional<model::Usage> usage;
    std::optional<Error> error;
};

Task<Heard> hear(const model::ModelEntry& classifier, model::ModelRequest request,
                 CancelToken token) {
    Heard heard;
    const auto take = [&](const model::ModelEvent& event) {
        if (const auto* delta = std::get_if<model::TextDelta>(&event)) {
            heard.text += delta->text;
        } else if (const auto* usage = std::get_if<model::Usage>(&event)) {
            heard.usage = *usage;
        }
    };
    auto stream = co_await classifier.model->start(std::move(request), token);
    if (!stream) {
        heard.error = std::move(stream.error());
        co_return heard;
    }
    while (true) {
        auto events = co_await (*stream)->next();
        if (!events) {
            heard.error = std::move(events.error());
            co_return heard;
        }
        if (events->empty()) co_return heard;
        for (const model::ModelEvent& event : *events) take(event);
    }
}

}  // namespace

/// What is not decided stays as it was understood.
Task<void> TurnRun::consult_classifier() {
    if (!is_for_classifier(reading_, approach_, assistant())) co_return;
    const config::ClassifierConfig& config = assistant().understand.classifier;
    const double start = trace_.now_ms();
    const auto classifier = services_.router.find(config.model);
    route::Admission admission;
    std::string_view outcome = why_not_consulted(classifier.get(), admission);
    if (outcome.empty()) {
        show_status("understanding");
        outcome = co_await consult(*classifier);
        // Another turn may have used the shard's memory meanwhile.
        release_->understander->understand(ask_.text, turns_before(), understood_);
    }
    metrics_.classified.at({config.model, outcome}).add();
    const std::string what = outcome != "decided"   ? std::string(outcome)
                             : reading_.is_in_scope ? reading_.intent
                                                    : std::string(config::kNoIntent);
    trace_.add({.name = "classify",
                .start_ms = start,
                .end_ms = trace_.now_ms(),
                .outcome = std::string(span_outcome(outcome)),
                .detail = config.model + ": " + what});
}

/// Empty when the classifier is to be asked; then `admission` holds the money for it.
std::string_view TurnRun::why_not_consulted(const model::ModelEntry* classifier,
                                            route::Admission& admission) const {
    const config::ClassifierConfig& config = assistant().understand.classifier;
    const milliseconds timeout(config.timeout_ms);
    if (classifier == nullptr || !classifier->model->is_ready()) return "not_ready";
    if (deadline_.left() < timeout + kAnswerTime) return "no_time";
    if (classifier->model->pace().expected_wait > Duration::zero()) return "busy";
    const int64_t expected_micros = model::cost_micros(
        classifier->price,
        {.prompt_tokens = release_->intent_question->prompt_tokens(reading_.possible, ask_.text),
         .completion_tokens = config.max_tokens});
    admission = services_.ledger.admit(ask_.owner.tenant, expected_micros);
    const bool can_be_paid = admission.is_within_budget &&
                             (!admission.left_micros || *admission.left_micros >= expected_micros);
    return can_be_paid ? "" : "no_budget";
}

/// The route learns nothing of how fast this was: a name after a prompt that is read beforehand is
/// no answer to a customer, and would make the model look ten times as fast as it is.
Task<std::string_view> TurnRun::consult(const model::ModelEntry& classifier) {
    model::ModelRequest request = release_->intent_question->request(reading_.possible, ask_.text);
    const Deadline deadline =
        Deadline::after(milliseconds(assistant().understand.classifier.timeout_ms));
    const int prompt_tokens = estimate_tokens(request);
    request.first_token_deadline = deadline;
    request.on_extra_call = [this, &classifier](const model::ExtraCall& extra) {
        charge(classifier, extra.usage, extra.outcome, kLedgerIntent);
    };
    const Heard heard = co_await runtime::with_deadline(
        [&](CancelToken token) { return hear(classifier, std::move(request), std::move(token)); },
        deadline, cancel_.token());

    const bool is_stopped = cancel_.token().is_cancelled();
    const bool is_timeout = heard.error && !is_stopped && deadline.has_passed();
    const std::string_view outcome = is_timeout     ? "timeout"
                                     : !heard.error ? "ok"
                                                    : base::shape_of(heard.error->kind).name;
    // A call that was refused has cost nothing; one that was given up has.
    const bool is_refused =
        heard.error && !is_stopped && !is_timeout && !heard.usage && heard.text.empty();
    if (is_refused) {
        services_.meter.record(classifier, {}, outcome);
    } else {
        spend(classifier,
              heard.usage.value_or(model::Usage{
                  .prompt_tokens = prompt_tokens,
                  .completion_tokens = heard.text.empty() ? 0 : estimate_tokens(heard.text),
                  .is_estimated = true}),
              outcome, kLedgerIntent);
    }
    if (is_stopped) co_return "cancelled";
    if (is_timeout) co_return "timeout";
    if (heard.error) co_return heard.error->kind == ErrorKind::kBusy ? "busy" : "failed";

    const auto named = release_->intent_question->answered(reading_.possible, heard.text);
    if (!named) co_return "unusable";
    if (*named == config::kNoIntent) {
        reading_.reject(understand::ReadBy::kModel);
    } else {
        reading_.decide(*named, understand::ReadBy::kModel);
    }
    co_return "decided";
}

}  // namespace hayate::turn
