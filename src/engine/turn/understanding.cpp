// What a message means, rung by rung: words, its sentence vector, a model that is consulted, the
// customer who is asked. Each is asked only when those before leave it open.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text/language.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/reply_choice.hpp"
#include "engine/turn/run.hpp"

namespace hayate::turn {
namespace {

/// A vector takes a millisecond; behind a long queue the first opinion has to do.
constexpr milliseconds kSecondOpinionTime{50};
/// A reply that is so surely about something that was not asked about is a new question.
constexpr float kSureOfNewQuestion = 0.8F;

/// A question and what was replied when it was asked back, read together, are surely about one
/// thing.
constexpr float kSettled = 0.9F;

std::string language_for(std::string_view text, std::string_view hint,
                         const config::AssistantConfig& assistant) {
    const auto of_text = text::language_of(text);
    const auto is_spoken = [&](std::string_view language) {
        return std::ranges::find(assistant.languages, language) != assistant.languages.end();
    };
    if (of_text != text::Language::kOther) return std::string(text::reply_language(text));
    return is_spoken(hint) ? std::string(hint) : assistant.languages.front();
}

std::string described(const understand::Reading& reading) {
    const std::string_view reader = understand::name_of(reading.reader);
    if (reading.possible.empty()) return fmt::format("by {}: nothing is likely", reader);
    return fmt::format("by {}: {}", reader, fmt::join(reading.possible, " or "));
}

}  // namespace

size_t TurnRun::turns_before() const {
    const auto before = static_cast<size_t>(std::max<int64_t>(turn_.number - 1, 0));
    return ask_.is_stored ? before : ask_.history.size() / 2;
}

Task<void> TurnRun::understand() {
    const double start = trace_.now_ms();
    const std::string said = ask_.text;
    const std::optional<std::string> chosen = heed_reply();
    // "2" is in no language; but whoever replies in Japanese is answered in it.
    const bool tells_language = text::language_of(said) == text::Language::kJapanese;
    language_ = language_for(tells_language ? said : ask_.text, ask_.language_hint, assistant());
    turn_.language = language_;
    question_ = ask_.text;
    if (chosen && ask_.text == ask_.replies_to->question)
        question_ += "\n(" + phrases_of({*chosen}, assistant(), language_).front() + ")";
    co_await read_message();
    if (chosen) {
        reading_.decide(*chosen, understand::ReadBy::kCustomer);
    } else if (ask_.text != said) {
        reading_.is_unsettled =
            declines(said) || reading_.is_open() || reading_.probability < kSettled;
    }
    take_approach();
    trace_.add({.name = "understand",
                .start_ms = start,
                .end_ms = trace_.now_ms(),
                .outcome = "ok",
                .detail = described(reading_)});
    co_await consult_classifier();
    settle();
}

/// A reply to what was asked back is understood with the question that is still open, which takes
/// its place. Returns the intent that the customer has chosen, if it is plain.
std::optional<std::string> TurnRun::heed_reply() {
    const understand::Understander& understander = *release_->understander;
    if (!ask_.replies_to || !understander.has_intents()) return std::nullopt;
    const auto& [question, asked] = *ask_.replies_to;
    const auto& known = assistant().intents.intents;
    const bool is_known =
        std::ranges::all_of(asked, [&](const std::string& name) { return known.contains(name); });
    if (!is_known) return std::nullopt;  // the assistant was changed meanwhile
    if (const auto place = chosen_by(ask_.text, asked, assistant())) {
        ask_.text = question;
        return asked[*place];
    }
    if (declines(ask_.text)) {
        ask_.text = question + "\n" + ask_.text;
        return std::nullopt;
    }
    understander.understand(ask_.text, turns_before(), understood_);
    const understand::Prediction& alone = understood_.prediction;
    const std::string& likeliest = understander.label(alone.label);
    const bool is_plain = alone.is_in_scope && alone.set.size() == 1;
    const bool is_asked = std::ranges::count(asked, likeliest) > 0;
    const bool is_new =
        is_plain && !is_asked && alone.probabilities[alone.label] >= kSureOfNewQuestion;
    if (is_new) return std::nullopt;
    ask_.text = question + "\n" + ask_.text;
    return is_plain && is_asked ? std::optional(likeliest) : std::nullopt;
}

Task<void> TurnRun::read_message() {
    const understand::Understander& understander = *release_->understander;
    understander.understand(ask_.text, turns_before(), understood_);
    const bool wants_more = understander.has_second_opinion() && services_.embedding.is_there() &&
                            understood_.prediction.is_ambiguous();
    if (wants_more) {
        vector_ = co_await services_.embedding.vector_of(
            ask_.text, {.deadline = Deadline::after(kSecondOpinionTime), .token = cancel_.token()});
        // Another turn may have used the shard's memory meanwhile.
        understander.understand(ask_.text, turns_before(), understood_);
        if (!vector_.empty()) understander.reconsider(vector_, turns_before(), understood_);
    }
    reading_ = understand::reading_of(understander, understood_);
    if (!vector_.empty()) reading_.reader = understand::ReadBy::kSentence;
}

void TurnRun::take_approach() {
    approach_ = approach_to(reading_, assistant());
    deadline_ = Deadline(trace_.begin() + approach_.deadline);
}

/// Nobody is asked twice in a row, nor asks programs: these bring their conversation themselves.
bool TurnRun::may_ask_back() const {
    return ask_.is_stored && !ask_.replies_to && !ask_.regenerates &&
           !cancel_.token().is_cancelled();
}

/// What follows from the reading. Nothing is waited for: the shard's memory is this turn's.
void TurnRun::settle() {
    take_approach();
    if (may_ask_back()) ask_about_ = intents_to_ask_about(reading_, assistant(), language_);
    has_words_ = !understood_.units.all().empty();
    if (approach_.heeds_conditions())
        query_ = release_->product_queries->query_of(understood_.units, understood_.entities,
                                                     shop_today());
    if (approach_.kind == config::IntentKind::kComplaint)
        case_kind_ = understand::case_kind_of(understood_.units);
    budgets_ = approach_.budget_ms;
    metrics_.intents.at({shown_intent()}).add();
}

Task<void> TurnRun::ask_back() {
    turn_.asked_back = ask_about_;
    trace_.add({.name = "ask_back",
                .start_ms = trace_.now_ms(),
                .end_ms = trace_.now_ms(),
                .outcome = "ok",
                .detail = fmt::format("{}", fmt::join(ask_about_, " or "))});
    say(ask_back_text(ask_about_, assistant(), language_));
    co_await finish(std::nullopt);
}

}  // namespace hayate::turn
