#include "engine/turn/turns.hpp"

#include <utility>

#include "core/base/ids.hpp"
#include "core/base/json_text.hpp"
#include "engine/turn/regenerated.hpp"
#include "engine/turn/run.hpp"

namespace hayate::turn {
namespace {

constexpr milliseconds kStoreTime{5'000};

size_t code_points(std::string_view text) {
    size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0 : 1;
    return count;
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos ||
           text.find_first_not_of("\xe3\x80\x80 \t\r\n") == std::string_view::npos;
}

std::string owner_text(const store::Owner& owner) { return owner.tenant + "/" + owner.subject; }

/// A client whose connection broke before it heard of the session sends its first message again
/// without one. The text counts as well: a client that numbers its messages anew in each
/// conversation must not be given the answer to another question.
std::string opened_session(const Ask& ask) {
    if (ask.client_msg_id.empty()) return base::new_session_id();
    return base::session_id_for(owner_text(ask.owner), ask.client_msg_id + "\n" + ask.text);
}

}  // namespace

Turns::Turns(Services services) : services_(std::move(services)) {
    metered_ = std::make_unique<TurnMetrics>(services_.metrics);
    scopes_.resize(services_.shards.size());
    for (uint32_t i = 0; i < services_.shards.size(); ++i)
        understood_.push_back(std::make_unique<understand::Understood>());
}

Turns::~Turns() = default;

runtime::TaskScope& Turns::scope() {
    runtime::Shard& shard = *runtime::Shard::current();
    auto& mine = scopes_.at(shard.index());
    if (!mine) mine = std::make_unique<runtime::TaskScope>(shard.executor());
    return *mine;
}

Status Turns::check(const Ask& ask) const {
    if (is_draining_) return fail(shutting_down_error());
    if (!base::is_valid_utf8(ask.text)) {
        return fail(base::public_error(ErrorKind::kBadRequest, "turn",
                                       "The message is not valid UTF-8.", "bad_text"));
    }
    if (ask.is_stored && !ask.session.empty() && !base::is_session_id(ask.session)) {
        return fail(base::public_error(ErrorKind::kBadRequest, "turn", "That is not a session id.",
                                       "bad_session"));
    }
    if (is_blank(ask.text) && !ask.regenerates) {
        return fail(base::public_error(ErrorKind::kBadRequest, "turn", "The message is empty.",
                                       "empty_message"));
    }
    if (code_points(ask.text) > services_.text_chars_max) {
        return fail(base::public_error(ErrorKind::kTooLarge, "turn",
                                       "The message is longer than " +
                                           std::to_string(services_.text_chars_max) +
                                           " characters.",
                                       "message_too_long"));
    }
    return {};
}

/// The customer names the place in the conversation; the store wants the turn that stands there
/// now.
Task<Status> Turns::resolve_regenerated(Ask& ask) {
    if (!ask.regenerates) co_return Status{};
    const auto turns = co_await services_.sessions.turns(ask.owner, ask.session,
                                                         {.deadline = Deadline::after(kStoreTime)});
    if (!turns) co_return fail(turns.error());
    ask.regenerates = latest_of(*turns, *ask.regenerates);
    co_return Status{};
}

Task<Result<Accepted>> Turns::ask(Ask ask) {
    if (Status ok = check(ask); !ok) co_return fail(std::move(ok.error()));
    const TimePoint begin = base::Clock::now();
    const std::optional<int64_t> shown = ask.regenerates;
    const bool opens_session = ask.session.empty();
    if (ask.is_stored && opens_session) ask.session = opened_session(ask);
    if (Status known = co_await resolve_regenerated(ask); !known) {
        co_return fail(std::move(known.error()));
    }
    auto log = services_.hub.create(owner_text(ask.owner),
                                    ask.is_stored ? services_.detached_time : Duration::zero());
    store::Turn turn{
        .session = ask.session, .response_id = log->response_id(), .question = ask.text};
    if (ask.is_stored) {
        auto begun =
            co_await services_.sessions.begin_turn({.owner = ask.owner,
                                                    .session = ask.session,
                                                    .opens_session = opens_session,
                                                    .client_msg_id = ask.client_msg_id,
                                                    .response_id = log->response_id(),
                                                    .question = ask.text,
                                                    .language = ask.language_hint,
                                                    .regenerates = ask.regenerates},
                                                   {.deadline = Deadline::after(kStoreTime)});
        if (!begun || !begun->is_new) log->append(wire::ErrorEvent{.code = "not_started"});
        if (!begun) co_return fail(std::move(begun.error()));
        turn = std::move(begun->turn);
        ask.replies_to = std::move(begun->replies_to);
        if (!begun->is_new) {
            co_return Accepted{turn.session, turn.response_id, shown.value_or(turn.number), false};
        }
    }
    Accepted accepted{turn.session, turn.response_id, shown.value_or(turn.number), true};
    ++running_;
    scope().spawn([this, ask = std::move(ask), turn = std::move(turn), log = std::move(log), begin,
                   stopping = scope().token()]() mutable -> Task<void> {
        TurnRun run(services_, *metered_, *understood_[runtime::Shard::current()->index()],
                    std::move(ask), std::move(turn), std::move(log), begin, stopping);
        co_await run.go();
        --running_;
    });
    co_return accepted;
}

Task<void> Turns::close_shard() {
    auto& mine = scopes_.at(runtime::Shard::current()->index());
    if (!mine) co_return;
    mine->cancel(CancelReason::kShutdown);
    co_await mine->join();
    mine.reset();
}

}  // namespace hayate::turn
