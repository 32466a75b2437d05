#include "io/store/sqlite/sessions.hpp"

#include <latch>

#include <gtest/gtest.h>

#include "io/runtime/scope.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

const Owner kAlice{"shop", "customer:alice"};
const Owner kBob{"shop", "customer:bob"};
const Owner kOtherTenant{"other", "customer:alice"};

class SessionTest : public StoreTest {
  protected:
    Result<SessionStore::Begun> begin(const Owner& owner, const std::string& session,
                                      const std::string& message,
                                      std::optional<int64_t> regenerates = {}, Wait wait = {}) {
        return run([=, this] {
            return stores_->sessions.begin_turn({.owner = owner,
                                                 .session = session,
                                                 .client_msg_id = message,
                                                 .response_id = "r0_" + session + message,
                                                 .question = "question " + message,
                                                 .language = "en",
                                                 .regenerates = regenerates},
                                                wait);
        });
    }
    Status end(const std::string& session, int64_t number, const std::string& answer,
               TurnState state = TurnState::kComplete) {
        return run([=, this] {
            return stores_->sessions.end_turn({.session = session,
                                               .number = number,
                                               .answer = answer,
                                               .state = state,
                                               .model = "fast"},
                                              {});
        });
    }
    std::vector<Turn> history(const Owner& owner, const std::string& session, int count = 10) {
        return run([=, this] { return stores_->sessions.history(owner, session, count, {}); })
            .value();
    }
};

TEST_F(SessionTest, ASessionThatDoesNotExistIsOpenedOnlyOnPurpose) {
    const auto begin_in = [this](const std::string& session, bool opens_session) {
        return run([=, this] {
            return stores_->sessions.begin_turn({.owner = kAlice,
                                                 .session = session,
                                                 .opens_session = opens_session,
                                                 .client_msg_id = "m1",
                                                 .response_id = "r0_" + session,
                                                 .question = "question"},
                                                {});
        });
    };
    ASSERT_TRUE(begin(kBob, "bobs", "m1"));
    const auto unknown = begin_in("nobodys", false);
    const auto foreign = begin_in("bobs", false);
    ASSERT_FALSE(unknown);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(unknown.error().code, "session_not_found");
    EXPECT_EQ(unknown.error().external, foreign.error().external);
    EXPECT_EQ(number("SELECT count(*) FROM sessions"), 1);
    EXPECT_TRUE(begin_in("new", true));
}

TEST_F(SessionTest, ATurnIsBegunEndedAndRead) {
    const auto begun = begin(kAlice, "s1", "m1");
    ASSERT_TRUE(begun) << begun.error().internal;
    EXPECT_TRUE(begun->is_new);
    EXPECT_EQ(begun->turn.number, 1);
    EXPECT_EQ(begun->turn.state, TurnState::kRunning);
    ASSERT_TRUE(end("s1", 1, "answer"));
    const auto turns = run([&] { return stores_->sessions.turns(kAlice, "s1", {}); });
    ASSERT_TRUE(turns);
    ASSERT_EQ(turns->size(), 1U);
    EXPECT_EQ(turns->front().answer, "answer");
    EXPECT_EQ(turns->front().state, TurnState::kComplete);
    EXPECT_EQ(turns->front().model, "fast");
    const auto list = run([&] { return stores_->sessions.list(kAlice, 10, {}); });
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 1U);
    EXPECT_EQ(list->front().title, "question m1");
    EXPECT_EQ(list->front().turns, 1);
}

TEST_F(SessionTest, SomebodyElsesSessionLooksLikeNone) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    ASSERT_TRUE(end("s1", 1, "secret"));
    for (const Owner& stranger : {kBob, kOtherTenant}) {
        const auto begun = begin(stranger, "s1", "m2");
        ASSERT_FALSE(begun);
        EXPECT_EQ(begun.error().kind, ErrorKind::kNotFound);
        const auto turns = run([&] { return stores_->sessions.turns(stranger, "s1", {}); });
        const auto unknown = run([&] { return stores_->sessions.turns(stranger, "nowhere", {}); });
        ASSERT_FALSE(turns);
        ASSERT_FALSE(unknown);
        EXPECT_EQ(turns.error().client_text(), unknown.error().client_text());
        EXPECT_TRUE(history(stranger, "s1").empty());
        const auto removed = run([&] { return stores_->sessions.remove(stranger, "s1", {}); });
        ASSERT_FALSE(removed);
        EXPECT_EQ(removed.error().kind, ErrorKind::kNotFound);
        EXPECT_TRUE(run([&] { return stores_->sessions.list(stranger, 10, {}); })->empty());
    }
    EXPECT_EQ(history(kAlice, "s1").size(), 1U);
}

TEST_F(SessionTest, ARepeatedMessageIsTheSameTurn) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    const auto while_running = begin(kAlice, "s1", "m1");
    ASSERT_TRUE(while_running);
    EXPECT_FALSE(while_running->is_new);
    EXPECT_EQ(while_running->turn.state, TurnState::kRunning);
    ASSERT_TRUE(end("s1", 1, "answer"));
    const auto again = begin(kAlice, "s1", "m1");
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(again->turn.answer, "answer");
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 1);
}

TEST_F(SessionTest, OneTurnRunsAtATime) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    const auto second = begin(kAlice, "s1", "m2");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
    EXPECT_EQ(second.error().client_code(), "turn_running");
    ASSERT_TRUE(begin(kAlice, "s2", "m2"));  // another session may
    ASSERT_TRUE(end("s1", 1, "", TurnState::kFailed));
    EXPECT_EQ(begin(kAlice, "s1", "m2")->turn.number, 2);
}

TEST_F(SessionTest, ATurnEndsOnce) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    ASSERT_TRUE(end("s1", 1, "first"));
    const Status again = end("s1", 1, "second");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().client_code(), "turn_ended");
    EXPECT_EQ(history(kAlice, "s1").at(0).answer, "first");
    EXPECT_EQ(end("s1", 7, "x").error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(end("s1", 1, "x", TurnState::kRunning).error().kind, ErrorKind::kInternal);
}

TEST_F(SessionTest, HistoryIsTheLastAnswersOldestFirst) {
    for (int64_t i = 1; i <= 5; ++i) {
        ASSERT_TRUE(begin(kAlice, "s1", "m" + std::to_string(i)));
        ASSERT_TRUE(end("s1", i, i == 4 ? "" : "answer " + std::to_string(i),
                        i == 4 ? TurnState::kFailed : TurnState::kComplete));
    }
    const auto turns = history(kAlice, "s1", 3);
    ASSERT_EQ(turns.size(), 3U);
    EXPECT_EQ(turns[0].number, 2);
    EXPECT_EQ(turns[1].number, 3);
    EXPECT_EQ(turns[2].number, 5);
    EXPECT_TRUE(history(kAlice, "unknown").empty());
}

TEST_F(SessionTest, ARegeneratedAnswerReplacesTheOldOneInHistory) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    ASSERT_TRUE(end("s1", 1, "old"));
    const auto again = begin(kAlice, "s1", "m2", 1);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->turn.question, "question m1");
    EXPECT_EQ(again->turn.regenerates, 1);
    EXPECT_TRUE(history(kAlice, "s1").empty());  // while the new answer is being made
    ASSERT_TRUE(end("s1", 2, "new"));
    ASSERT_EQ(history(kAlice, "s1").size(), 1U);
    EXPECT_EQ(history(kAlice, "s1")[0].answer, "new");
    EXPECT_EQ(begin(kAlice, "s1", "m3", 9).error().kind, ErrorKind::kNotFound);
}

TEST_F(SessionTest, MessagesWithoutAnIdAreAlwaysNew) {
    ASSERT_TRUE(begin(kAlice, "s1", ""));
    ASSERT_TRUE(end("s1", 1, "a"));
    EXPECT_TRUE(begin(kAlice, "s1", "")->is_new);
}

TEST_F(SessionTest, ACallerThatGivesUpLeavesNoTurnBehind) {
    std::latch released(1);  // the writer is busy for longer than the caller waits
    stores_->database->post_write([&](Connection&) -> Status {
        released.wait();
        return {};
    });
    const auto late = begin(kAlice, "s1", "m1", {}, {.deadline = Deadline::after(milliseconds(1))});
    released.count_down();
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
    const auto again = begin(kAlice, "s1", "m2");  // queued behind the clean-up
    ASSERT_TRUE(again) << again.error().internal;
    EXPECT_EQ(again->turn.number, 1);
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 1);
}

TEST_F(SessionTest, RemovingASessionRemovesItsTurns) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    ASSERT_TRUE(run([&] { return stores_->sessions.remove(kAlice, "s1", {}); }));
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 0);
    EXPECT_EQ(end("s1", 1, "late").error().kind, ErrorKind::kNotFound);
}

TEST_F(SessionTest, RecoverClosesWhatAKilledProcessLeftRunning) {
    ASSERT_TRUE(begin(kAlice, "s1", "m1"));
    ASSERT_TRUE(begin(kBob, "s2", "m1"));
    ASSERT_TRUE(end("s2", 1, "done"));
    reopen();
    EXPECT_EQ(run([&] { return stores_->sessions.recover({}); }), 1);
    EXPECT_EQ(run([&] { return stores_->sessions.turns(kAlice, "s1", {}); })->at(0).state,
              TurnState::kIncomplete);
    EXPECT_TRUE(begin(kAlice, "s1", "m2"));
}

TEST_F(SessionTest, TextsAreKeptByteForByteAndNeverBecomeSql) {
    const std::string nasty = "'); DROP TABLE turns; --\n\"\xF0\x9F\x98\x80\" 鬼滅 \x01";
    ASSERT_TRUE(begin({nasty, nasty}, nasty, nasty));
    ASSERT_TRUE(end(nasty, 1, nasty));
    const auto turns = history({nasty, nasty}, nasty);
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].answer, nasty);
    EXPECT_EQ(turns[0].client_msg_id, nasty);
}

TEST_F(SessionTest, AReplyIsToldWhatWasAsked) {
    const auto end_asking = [this](int64_t number, std::vector<std::string> about) {
        return run([=, this] {
            return stores_->sessions.end_turn({.session = "s1",
                                               .number = number,
                                               .answer = "this or that?",
                                               .state = TurnState::kComplete,
                                               .asked_back = about},
                                              {});
        });
    };
    const auto first = begin(kAlice, "s1", "m1");
    EXPECT_FALSE(first->replies_to);
    ASSERT_TRUE(end_asking(1, {"orders", "faq"}));
    EXPECT_EQ(run([&] { return stores_->sessions.turns(kAlice, "s1", {}); })->at(0).asked_back,
              (std::vector<std::string>{"orders", "faq"}));

    const auto reply = begin(kAlice, "s1", "m2");
    ASSERT_TRUE(reply->replies_to);
    EXPECT_EQ(reply->replies_to->question, "question m1");
    EXPECT_EQ(reply->replies_to->intents, (std::vector<std::string>{"orders", "faq"}));
    ASSERT_TRUE(end("s1", 2, "an answer"));

    EXPECT_TRUE(begin(kAlice, "s1", "m3", 2)->replies_to) << "it takes the reply's place";
    ASSERT_TRUE(end("s1", 3, "a better answer"));
    EXPECT_TRUE(begin(kAlice, "s1", "m4", 3)->replies_to) << "and so does the next try";
    ASSERT_TRUE(end("s1", 4, "the best answer"));
    EXPECT_FALSE(begin(kAlice, "s1", "m5")->replies_to) << "the turn before did not ask";
    ASSERT_TRUE(end("s1", 5, "an answer"));
    EXPECT_FALSE(begin(kAlice, "s1", "m6", 1)->replies_to) << "nothing was before the first turn";
}

TEST_F(SessionTest, AReplyWhoseTurnFailedIsHeardWhenItIsGivenAgain) {
    begin(kAlice, "s1", "m1");
    const auto end_as = [this](int64_t number, TurnState state, std::vector<std::string> about) {
        return run([=, this] {
            return stores_->sessions.end_turn(
                {.session = "s1", .number = number, .state = state, .asked_back = about}, {});
        });
    };
    ASSERT_TRUE(end_as(1, TurnState::kComplete, {"orders", "faq"}));
    begin(kAlice, "s1", "m2");
    ASSERT_TRUE(end_as(2, TurnState::kFailed, {}));
    EXPECT_TRUE(begin(kAlice, "s1", "m3")->replies_to);
}

TEST_F(SessionTest, ConcurrentWritersOfOneSessionGetOneTurnEach) {
    constexpr int kWriters = 200;
    // All ask at once for the same session: one begins, the others hear that it runs; in 20
    // sessions side by side.
    auto outcomes = std::make_shared<std::vector<int>>(2);
    run([this, outcomes]() -> Task<int> {
        runtime::TaskScope scope(co_await runtime::current_executor());
        for (int i = 0; i < kWriters; ++i) {
            scope.spawn([this, outcomes, i]() -> Task<void> {
                const auto begun =
                    co_await stores_->sessions.begin_turn({.owner = kAlice,
                                                           .session = "s" + std::to_string(i % 20),
                                                           .client_msg_id = "m" + std::to_string(i),
                                                           .response_id = "r",
                                                           .question = "q"},
                                                          {});
                const bool is_conflict = !begun && begun.error().client_code() == "turn_running";
                ++outcomes->at(begun ? 0 : 1);
                EXPECT_TRUE(begun || is_conflict);
            });
        }
        co_await scope.join();
        co_return 0;
    });
    EXPECT_EQ(outcomes->at(0), 20);
    EXPECT_EQ(outcomes->at(1), kWriters - 20);
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 20);
}

}  // namespace
}  // namespace hayate::store
