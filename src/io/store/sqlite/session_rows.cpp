#include "io/store/sqlite/session_rows.hpp"

#include <algorithm>

#include "core/base/deadline.hpp"
#include "core/text/cut.hpp"
#include "io/store/sqlite/lists.hpp"

namespace hayate::store {
namespace {

constexpr size_t kTitleBytesMax = 120;  // about 40 Japanese characters

using Begun = SessionStore::Begun;
using NewTurn = SessionStore::NewTurn;

tl::unexpected<Error> no_session() {
    return fail(base::public_error(ErrorKind::kNotFound, "store", "There is no such conversation.",
                                   "session_not_found"));
}

Turn read_turn(const Rows& rows) {
    Turn turn;
    turn.session = rows.text(0);
    turn.number = rows.integer(1);
    turn.client_msg_id = rows.text(2);
    turn.response_id = rows.text(3);
    turn.question = rows.text(4);
    turn.answer = rows.text(5);
    turn.state = turn_state_of(rows.view(6));
    turn.language = rows.text(7);
    turn.cards_json = rows.text(8);
    turn.sources_json = rows.text(9);
    turn.model = rows.text(10);
    turn.first_word_ms = rows.integer(11);
    turn.total_ms = rows.integer(12);
    turn.created_ms = rows.integer(13);
    turn.regenerates = rows.optional_integer(14);
    turn.asked_back = texts_from_json(rows.view(15));
    turn.thumb = thumb_of(rows.integer(16));
    return turn;
}

// The columns that read_turn reads, in its order.
#define HAYATE_TURN_COLUMNS                                                                   \
    "session, number, client_msg_id, response_id, question, answer, state, language, cards, " \
    "sources, model, first_word_ms, total_ms, created_ms, regenerates, asked_back, "          \
    "(SELECT thumb FROM outcomes AS o WHERE o.response_id = turns.response_id)"

Result<std::vector<Turn>> collect_turns(Rows rows) {
    std::vector<Turn> turns;
    while (rows.next()) turns.push_back(read_turn(rows));
    if (!rows.status()) return fail(rows.error());
    return turns;
}

enum class Ownership : uint8_t { kNone, kOwn, kForeign };

Result<Ownership> ownership_of(Connection& connection, const Owner& owner,
                               const std::string& session) {
    Rows rows = connection.query("SELECT tenant = ?2 AND subject = ?3 FROM sessions WHERE id = ?1",
                                 session, owner.tenant, owner.subject);
    const bool exists = rows.next();
    if (!rows.status()) return fail(rows.error());
    if (!exists) return Ownership::kNone;
    return rows.integer(0) != 0 ? Ownership::kOwn : Ownership::kForeign;
}

Status require_own(Connection& connection, const Owner& owner, const std::string& session) {
    const auto ownership = ownership_of(connection, owner, session);
    if (!ownership) return fail(ownership.error());
    return *ownership == Ownership::kOwn ? Status{} : no_session();
}

Result<std::optional<Turn>> accepted_before(Connection& connection, const NewTurn& turn) {
    Rows rows = connection.query("SELECT " HAYATE_TURN_COLUMNS
                                 " FROM turns WHERE session = ?1 AND client_msg_id = ?2",
                                 turn.session, turn.client_msg_id);
    const bool exists = rows.next();
    if (!rows.status()) return fail(rows.error());
    return exists ? std::optional(read_turn(rows)) : std::nullopt;
}

/// The number of the session's next turn; a conflict while its last one runs.
Result<int64_t> next_number(Connection& connection, const std::string& session) {
    Rows rows = connection.query(
        "SELECT number, state = 'running' FROM turns WHERE session = ?1 "
        "ORDER BY number DESC LIMIT 1",
        session);
    const bool exists = rows.next();
    if (!rows.status()) return fail(rows.error());
    if (exists && rows.integer(1) != 0) {
        return fail(base::public_error(ErrorKind::kConflict, "store",
                                       "The last message is still being answered.",
                                       "turn_running"));
    }
    return exists ? rows.integer(0) + 1 : 1;
}

Result<std::string> question_to_answer(Connection& connection, const NewTurn& turn) {
    if (!turn.regenerates) return turn.question;
    Rows rows = connection.query("SELECT question FROM turns WHERE session = ?1 AND number = ?2",
                                 turn.session, *turn.regenerates);
    if (rows.next()) return rows.text(0);
    if (!rows.status()) return fail(rows.error());
    return fail(base::public_error(ErrorKind::kNotFound, "store",
                                   "There is no such message to answer again.", "turn_not_found"));
}

/// What the turn with this number may reply to. One that answers a turn again stands in the place
/// of the first try, so it replies to what came before that. Turns that came to nothing are passed
/// over: whoever replies once more still replies.
Result<std::optional<AskedBack>> asked_before(Connection& connection, const NewTurn& turn,
                                              int64_t number) {
    Rows rows = connection.query(
        "WITH RECURSIVE tries(number, regenerates) AS ("
        " SELECT ?2, ?3 UNION ALL"
        " SELECT t.number, t.regenerates FROM turns AS t JOIN tries"
        "  ON t.session = ?1 AND t.number = tries.regenerates)"
        "SELECT question, asked_back FROM turns WHERE session = ?1 AND asked_back <> '[]'"
        " AND number = (SELECT max(number) FROM turns WHERE session = ?1 AND state = 'complete'"
        "  AND number < (SELECT min(number) FROM tries))",
        turn.session, number, turn.regenerates);
    const bool exists = rows.next();
    if (!rows.status()) return fail(rows.error());
    if (!exists) return std::nullopt;
    return AskedBack{.question = rows.text(0), .intents = texts_from_json(rows.view(1))};
}

Status create_session(Connection& connection, const NewTurn& turn, int64_t now_ms) {
    const std::string title(text::cut_graphemes(turn.question, kTitleBytesMax));
    const auto created =
        connection.run("INSERT INTO sessions VALUES(?1, ?2, ?3, ?4, ?5, ?5)", turn.session,
                       turn.owner.tenant, turn.owner.subject, title, now_ms);
    return created ? Status{} : fail(created.error());
}

Result<Begun> insert_turn(Connection& connection, const NewTurn& turn, int64_t now_ms) {
    const auto number = next_number(connection, turn.session);
    if (!number) return fail(number.error());
    auto question = question_to_answer(connection, turn);
    if (!question) return fail(question.error());
    auto replies_to = asked_before(connection, turn, *number);
    if (!replies_to) return fail(replies_to.error());
    const auto message_id =
        turn.client_msg_id.empty() ? std::nullopt : std::optional(turn.client_msg_id);
    const auto inserted = connection.run(
        "INSERT INTO turns(session, number, client_msg_id, response_id, question, language, "
        "created_ms, regenerates) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        turn.session, *number, message_id, turn.response_id, *question, turn.language, now_ms,
        turn.regenerates);
    if (!inserted) return fail(inserted.error());
    const auto touched =
        connection.run("UPDATE sessions SET updated_ms = ?2 WHERE id = ?1", turn.session, now_ms);
    if (!touched) return fail(touched.error());
    Begun begun;
    begun.turn = {.session = turn.session,
                  .number = *number,
                  .client_msg_id = turn.client_msg_id,
                  .response_id = turn.response_id,
                  .question = std::move(*question),
                  .language = turn.language,
                  .created_ms = now_ms,
                  .regenerates = turn.regenerates};
    begun.replies_to = std::move(*replies_to);
    return begun;
}

Status why_not_ended(Connection& connection, const Turn& turn) {
    Rows rows = connection.query("SELECT 1 FROM turns WHERE session = ?1 AND number = ?2",
                                 turn.session, turn.number);
    if (rows.next()) {
        return fail(base::public_error(ErrorKind::kConflict, "store",
                                       "This answer has ended already.", "turn_ended"));
    }
    return rows.status() ? no_session() : rows.status();
}

}  // namespace

Result<Begun> begin_turn(Connection& connection, const NewTurn& turn) {
    const int64_t now_ms = base::unix_ms();
    const auto ownership = ownership_of(connection, turn.owner, turn.session);
    if (!ownership) return fail(ownership.error());
    const bool is_missing = *ownership == Ownership::kNone;
    if (*ownership == Ownership::kForeign || (is_missing && !turn.opens_session)) {
        return no_session();
    }
    if (is_missing) {
        if (Status created = create_session(connection, turn, now_ms); !created) {
            return fail(created.error());
        }
    }
    if (!turn.client_msg_id.empty()) {
        auto before = accepted_before(connection, turn);
        if (!before) return fail(before.error());
        if (*before) return Begun{std::move(**before), false};
    }
    return insert_turn(connection, turn, now_ms);
}

Status discard_turn(Connection& connection, const std::string& session,
                    const std::string& response_id) {
    const auto turn = connection.run(
        "DELETE FROM turns WHERE session = ?1 AND response_id = ?2 AND state = 'running'", session,
        response_id);
    if (!turn) return fail(turn.error());
    if (*turn == 0) return {};
    const auto empty = connection.run(
        "DELETE FROM sessions WHERE id = ?1 AND NOT EXISTS(SELECT 1 FROM turns WHERE session = ?1)",
        session);
    return empty ? Status{} : fail(empty.error());
}

Status end_turn(Connection& connection, const Turn& turn) {
    const auto ended = connection.run(
        "UPDATE turns SET answer = ?3, state = ?4, language = ?5, cards = ?6, sources = ?7, "
        "model = ?8, first_word_ms = ?9, total_ms = ?10, asked_back = ?11 "
        "WHERE session = ?1 AND number = ?2 AND state = 'running'",
        turn.session, turn.number, turn.answer, name_of(turn.state), turn.language, turn.cards_json,
        turn.sources_json, turn.model, turn.first_word_ms, turn.total_ms, to_json(turn.asked_back));
    if (!ended) return fail(ended.error());
    if (*ended == 0) return why_not_ended(connection, turn);
    const auto touched = connection.run("UPDATE sessions SET updated_ms = ?2 WHERE id = ?1",
                                        turn.session, base::unix_ms());
    return touched ? Status{} : fail(touched.error());
}

Result<std::vector<Turn>> answered_turns(Connection& connection, const Owner& owner,
                                         const std::string& session, int count) {
    auto turns = collect_turns(connection.query(
        "SELECT " HAYATE_TURN_COLUMNS
        " FROM turns WHERE session = ?1 AND answer <> '' AND state <> 'running'"
        " AND EXISTS(SELECT 1 FROM sessions WHERE id = ?1 AND tenant = ?2 AND subject = ?3)"
        " AND NOT EXISTS(SELECT 1 FROM turns AS later WHERE later.session = ?1"
        "  AND later.regenerates = turns.number AND (later.state = 'running' OR later.answer <> "
        "''))"
        " ORDER BY number DESC LIMIT ?4",
        session, owner.tenant, owner.subject, count));
    if (turns) std::ranges::reverse(*turns);
    return turns;
}

Result<std::vector<SessionSummary>> sessions_of(Connection& connection, const Owner& owner,
                                                int count) {
    Rows rows = connection.query(
        "SELECT id, title, updated_ms, (SELECT count(*) FROM turns WHERE session = id) FROM "
        "sessions "
        "WHERE tenant = ?1 AND subject = ?2 ORDER BY updated_ms DESC, id LIMIT ?3",
        owner.tenant, owner.subject, count);
    std::vector<SessionSummary> sessions;
    while (rows.next()) {
        sessions.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.integer(3)});
    }
    if (!rows.status()) return fail(rows.error());
    return sessions;
}

Result<std::vector<Turn>> all_turns(Connection& connection, const Owner& owner,
                                    const std::string& session) {
    if (Status own = require_own(connection, owner, session); !own) return fail(own.error());
    return collect_turns(connection.query(
        "SELECT " HAYATE_TURN_COLUMNS " FROM turns WHERE session = ?1 ORDER BY number", session));
}

Status remove_session(Connection& connection, const Owner& owner, const std::string& session) {
    const auto removed =
        connection.run("DELETE FROM sessions WHERE id = ?1 AND tenant = ?2 AND subject = ?3",
                       session, owner.tenant, owner.subject);
    if (!removed) return fail(removed.error());
    if (*removed == 0) return no_session();
    // What was learned stays; whose it was goes.
    const auto forgotten = connection.run(
        "UPDATE outcomes SET subject = '', session = '' WHERE session = ?1", session);
    return forgotten ? Status{} : fail(forgotten.error());
}

#undef HAYATE_TURN_COLUMNS

}  // namespace hayate::store
