#include "io/store/sqlite/sessions.hpp"

#include "io/store/sqlite/session_rows.hpp"

namespace hayate::store {

Task<Result<SessionStore::Begun>> SqliteSessionStore::begin_turn(NewTurn turn, Wait wait) {
    const std::string session = turn.session;
    const std::string response_id = turn.response_id;
    auto begun = co_await database_->write(
        [turn = std::move(turn)](Connection& connection) {
            return store::begin_turn(connection, turn);
        },
        wait);
    const bool is_abandoned =
        !begun && (begun.error().kind == ErrorKind::kTimeout ||
                   begun.error().kind == ErrorKind::kCancelled || wait.token.is_cancelled());
    if (is_abandoned) {
        // The write may still happen, and nobody would ever end that turn. The queue is first in,
        // first out.
        database_->post_write([session, response_id](Connection& connection) {
            return discard_turn(connection, session, response_id);
        });
    }
    co_return begun;
}

Task<Status> SqliteSessionStore::end_turn(Turn turn, Wait wait) {
    if (turn.state == TurnState::kRunning) {
        co_return fail(ErrorKind::kInternal, "store", "end_turn with a running turn");
    }
    co_return co_await database_->write(
        [turn = std::move(turn)](Connection& connection) {
            return store::end_turn(connection, turn);
        },
        wait);
}

Task<Result<std::vector<Turn>>> SqliteSessionStore::history(Owner owner, std::string session,
                                                            int count, Wait wait) {
    co_return co_await database_->read(
        [=](Connection& connection) { return answered_turns(connection, owner, session, count); },
        wait);
}

Task<Result<std::vector<SessionSummary>>> SqliteSessionStore::list(Owner owner, int count,
                                                                   Wait wait) {
    co_return co_await database_->read(
        [=](Connection& connection) { return sessions_of(connection, owner, count); }, wait);
}

Task<Result<std::vector<Turn>>> SqliteSessionStore::turns(Owner owner, std::string session,
                                                          Wait wait) {
    const auto all = [=](Connection& connection) { return all_turns(connection, owner, session); };
    co_return co_await database_->read(all, wait);
}

Task<Status> SqliteSessionStore::remove(Owner owner, std::string session, Wait wait) {
    const auto erase = [=](Connection& connection) {
        return remove_session(connection, owner, session);
    };
    co_return co_await database_->write(erase, wait);
}

Task<Result<int64_t>> SqliteSessionStore::recover(Wait wait) {
    const auto close = [](Connection& connection) {
        return connection.run("UPDATE turns SET state = 'incomplete' WHERE state = 'running'");
    };
    co_return co_await database_->write(close, wait);
}

}  // namespace hayate::store
