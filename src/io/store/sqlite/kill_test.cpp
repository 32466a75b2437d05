// What was acknowledged survives `kill -9`: a child writes turns and cases and says through a pipe
// which ones it was promised; it is killed at random moments, again and again over the same file.

#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "io/runtime/scope.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

const Owner kOwner{"shop", "customer:c-001"};
constexpr int kRounds = 20;
constexpr int kWorkers = 4;

void say(int pipe, const std::string& line) {
    // One write of less than PIPE_BUF bytes is whole or not there.
    if (::write(pipe, line.data(), line.size()) < 0) ::_exit(3);
}

Task<void> write_turns(SqliteStores& stores, int pipe, std::string session) {
    for (int i = 0;; ++i) {
        const std::string message = session + "-" + std::to_string(i);
        const auto begun = co_await stores.sessions.begin_turn({.owner = kOwner,
                                                                .session = session,
                                                                .client_msg_id = message,
                                                                .response_id = message,
                                                                .question = "q"},
                                                               {});
        if (!begun) ::_exit(4);
        say(pipe, "begun " + session + " " + message + "\n");
        Turn turn = begun->turn;
        turn.answer = message + std::string(500, 'a');
        turn.state = TurnState::kComplete;
        if (!co_await stores.sessions.end_turn(turn, {})) ::_exit(5);
        say(pipe, "ended " + session + " " + message + "\n");
        const auto opened = co_await stores.cases.open(
            {.response_id = message, .owner = kOwner, .session = session, .summary = "torn"}, {});
        if (!opened) ::_exit(6);
        say(pipe, "case " + opened->id + " " + message + "\n");
    }
}

[[noreturn]] void write_until_killed(const std::string& path, int pipe, int round) {
    auto stores = open_stores({.path = path}, "test-model");
    if (!stores) ::_exit(2);
    runtime::Shards shards(1);
    shards.start();
    for (int worker = 0; worker < kWorkers; ++worker) {
        const std::string session = "s" + std::to_string(round) + "-" + std::to_string(worker);
        runtime::spawn_detached(shards.at(0).executor(), [&stores, pipe, session] {
            return write_turns(**stores, pipe, session);
        });
    }
    while (true) ::pause();
}

/// Kills the child after some acknowledgements; returns all that it was promised.
std::string promises_of_a_killed_child(const std::string& path, int round, size_t lines) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(path, ends[1], round);
    }
    ::close(ends[1]);
    std::string promises;
    char buffer[4096];
    for (ssize_t got = 1; got > 0;) {
        got = ::read(ends[0], buffer, sizeof buffer);
        if (got > 0) promises.append(buffer, static_cast<size_t>(got));
        if (static_cast<size_t>(std::ranges::count(promises, '\n')) >= lines)
            ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int state = 0;
    ::waitpid(child, &state, 0);
    EXPECT_TRUE(WIFSIGNALED(state)) << "the child ended by itself: " << WEXITSTATUS(state);
    return promises;
}

/// What the file holds, in the words of the child.
std::set<std::string> facts_of(Database& database) {
    std::set<std::string> facts;
    const auto read = database.read_blocking([&](Connection& connection) -> Result<int> {
        Rows rows = connection.query("SELECT session, client_msg_id, state, answer FROM turns");
        while (rows.next()) {
            const std::string turn = rows.text(0) + " " + rows.text(1);
            facts.insert("begun " + turn);
            if (rows.view(2) == "complete" && rows.view(3).starts_with(rows.view(1)))
                facts.insert("ended " + turn);
        }
        if (!rows.status()) return fail(rows.error());
        Rows cases = connection.query("SELECT number, response_id FROM cases");
        while (cases.next())
            facts.insert("case " + case_id_of(cases.integer(0)) + " " + cases.text(1));
        if (!cases.status()) return fail(cases.error());
        return 0;
    });
    EXPECT_TRUE(read);
    return facts;
}

TEST(KilledProcess, LosesNothingThatWasAcknowledged) {
    const TempFolder folder;
    const std::string path = folder.file("hayate.db");
    std::mt19937 random(20261124);
    std::string promises;
    for (int round = 0; round < kRounds; ++round) {
        promises += promises_of_a_killed_child(path, round, random() % 120);
        test::TestShard shard;
        const auto stores = open_stores({.path = path}, "test-model");
        ASSERT_TRUE(stores) << stores.error().internal;
        ASSERT_TRUE(shard.run([&] { return (*stores)->sessions.recover({}); }));
        const std::set<std::string> facts = facts_of(*(*stores)->database);
        std::istringstream lines(promises);
        for (std::string line; std::getline(lines, line);)
            EXPECT_TRUE(facts.contains(line)) << line;
        const auto integrity =
            (*stores)->database->read_blocking([](Connection& connection) -> Result<std::string> {
                Rows rows = connection.query("PRAGMA integrity_check");
                if (!rows.next()) return fail(rows.error());
                return rows.text(0);
            });
        EXPECT_EQ(integrity, "ok");
    }
    EXPECT_GT(std::ranges::count(promises, '\n'), kRounds);
}

}  // namespace
}  // namespace hayate::store
