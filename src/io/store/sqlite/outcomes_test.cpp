#include "io/store/sqlite/outcomes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;

const Owner kAlice{"shop", "customer:alice"};
const Owner kBob{"shop", "customer:bob"};

Outcome outcome(std::string response_id, Verdict verdict = Verdict::kApproved) {
    return {.response_id = std::move(response_id),
            .owner = kAlice,
            .session = "s_1",
            .intent = "faq",
            .language = "ja",
            .tier = "M",
            .model = "fast",
            .verdict = verdict,
            .position = 7,
            .first_word_ms = 120,
            .total_ms = 900,
            .created_ms = 1'000};
}

class OutcomeTest : public StoreTest {
  protected:
    Result<Thumbed> set_thumb(const Owner& owner, const std::string& id, Thumb thumb) {
        return run([&] { return stores_->outcomes.set_thumb(owner, id, thumb, {}); });
    }
    std::vector<Outcome> latest(const OutcomeFilter& filter = {}, int count = 10,
                                std::optional<int64_t> before = {}) {
        return run([&] { return stores_->outcomes.latest(filter, count, before, {}); }).value();
    }
    std::vector<std::string> ids(const OutcomeFilter& filter = {}, int count = 10,
                                 std::optional<int64_t> before = {}) {
        std::vector<std::string> ids;
        for (const Outcome& one : latest(filter, count, before)) ids.push_back(one.response_id);
        return ids;
    }
    /// What was added is stored before a later write has been.
    void settle() { (void)set_thumb(kAlice, "nothing", Thumb::kUp); }
    SessionStore::Begun begin(const Owner& owner, const std::string& id) {
        return run([&] {
                   return stores_->sessions.begin_turn({.owner = owner,
                                                        .session = "s_1",
                                                        .client_msg_id = id,
                                                        .response_id = id,
                                                        .question = "q"},
                                                       {});
               })
            .value();
    }
    void end(Turn turn) {
        turn.state = TurnState::kComplete;
        turn.answer = "a";
        ASSERT_TRUE(run([&] { return stores_->sessions.end_turn(turn, {}); }));
    }
};

TEST_F(OutcomeTest, AreKeptOverARestart) {
    Outcome told = outcome("r1", Verdict::kEscalated);
    told.rejected_json = R"([{"model":"fast","reason":"hedge","position":3}])";
    told.degraded_json = R"(["orders"])";
    told.model = "strong";
    stores_->outcomes.add(told);
    stores_->outcomes.add(outcome("r1", Verdict::kFailed));  // a second one of the same turn
    settle();
    reopen();
    const auto kept = latest();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].owner, kAlice);
    EXPECT_EQ(kept[0].verdict, Verdict::kEscalated);
    EXPECT_EQ(kept[0].rejected_json, told.rejected_json);
    EXPECT_EQ(kept[0].degraded_json, told.degraded_json);
    EXPECT_EQ(kept[0].total_ms, 900);
    EXPECT_EQ(kept[0].thumb, Thumb::kNone);
    EXPECT_FALSE(kept[0].thumb_ms);
    EXPECT_THAT(load_lessons(*stores_->database).value(),
                testing::UnorderedElementsAre(Lesson{.intent = "faq",
                                                     .tier = "M",
                                                     .model = "strong",
                                                     .position = 7,
                                                     .verdict = Verdict::kEscalated},
                                              Lesson{.intent = "faq",
                                                     .tier = "M",
                                                     .model = "fast",
                                                     .position = 3,
                                                     .verdict = Verdict::kEscalated,
                                                     .is_rejected = true}));
}

TEST_F(OutcomeTest, TheLastThumbWins) {
    stores_->outcomes.add(outcome("r1"));
    const auto up = set_thumb(kAlice, "r1", Thumb::kUp);
    ASSERT_TRUE(up) << up.error().internal;
    EXPECT_EQ(up->before, Thumb::kNone);
    EXPECT_EQ(up->lesson, (Lesson{.intent = "faq",
                                  .tier = "M",
                                  .model = "fast",
                                  .position = 7,
                                  .verdict = Verdict::kApproved,
                                  .thumb = Thumb::kUp}));
    EXPECT_EQ(set_thumb(kAlice, "r1", Thumb::kUp)->before, Thumb::kUp);
    EXPECT_EQ(set_thumb(kAlice, "r1", Thumb::kDown)->before, Thumb::kUp);
    reopen();
    EXPECT_EQ(latest()[0].thumb, Thumb::kDown);
    EXPECT_TRUE(latest()[0].thumb_ms);
    EXPECT_EQ(load_lessons(*stores_->database).value()[0].thumb, Thumb::kDown);
    EXPECT_EQ(set_thumb(kAlice, "r1", Thumb::kNone)->before, Thumb::kDown);
    EXPECT_EQ(latest()[0].thumb, Thumb::kNone);
}

TEST_F(OutcomeTest, AnothersAnswerLooksLikeNone) {
    stores_->outcomes.add(outcome("r1"));
    const auto foreign = set_thumb(kBob, "r1", Thumb::kDown);
    const auto tenant = set_thumb({"other", kAlice.subject}, "r1", Thumb::kDown);
    const auto unknown = set_thumb(kAlice, "r2", Thumb::kDown);
    ASSERT_FALSE(foreign || tenant || unknown);
    for (const Error& error : {foreign.error(), tenant.error(), unknown.error()}) {
        EXPECT_EQ(error.kind, ErrorKind::kNotFound);
        EXPECT_EQ(error.code, "answer_not_found");
        EXPECT_EQ(error.external, unknown.error().external);
    }
    EXPECT_EQ(latest()[0].thumb, Thumb::kNone);
}

TEST_F(OutcomeTest, AreListedInPages) {
    for (const char* id : {"r1", "r2", "r3", "r4"}) stores_->outcomes.add(outcome(id));
    stores_->outcomes.add(outcome("r5", Verdict::kFailed));
    ASSERT_TRUE(set_thumb(kAlice, "r2", Thumb::kDown));
    EXPECT_THAT(ids({}, 2), ElementsAre("r5", "r4"));
    EXPECT_THAT(ids({}, 2, 4), ElementsAre("r3", "r2"));
    EXPECT_THAT(ids({.verdict = Verdict::kFailed}), ElementsAre("r5"));
    EXPECT_THAT(ids({.thumb = Thumb::kDown}), ElementsAre("r2"));
    EXPECT_THAT(ids({.intent = "greeting"}), ElementsAre());
    EXPECT_TRUE(ids({}, -1).empty());
    const auto onward = run([&] { return stores_->outcomes.since({}, 2, 1, {}); }).value();
    ASSERT_EQ(onward.size(), 2U);
    EXPECT_EQ(onward[0].response_id, "r2");
    EXPECT_EQ(onward[1].number, 3);
}

TEST_F(OutcomeTest, TheOldestGo) {
    SqliteOutcomeStore small(stores_->database, 3);
    for (const char* id : {"r1", "r2", "r3", "r4", "r5"}) small.add(outcome(id));
    settle();
    EXPECT_THAT(ids(), ElementsAre("r5", "r4", "r3"));
}

TEST_F(OutcomeTest, ATurnTellsItsThumb) {
    const auto begun = begin(kAlice, "r1");
    stores_->outcomes.add(outcome("r1"));
    end(begun.turn);
    ASSERT_TRUE(set_thumb(kAlice, "r1", Thumb::kUp));
    const auto turns = run([&] { return stores_->sessions.turns(kAlice, "s_1", {}); }).value();
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].thumb, Thumb::kUp);
}

TEST_F(OutcomeTest, RemovingAConversationForgetsWhoseItWas) {
    end(begin(kAlice, "r1").turn);
    stores_->outcomes.add(outcome("r1"));
    Outcome other = outcome("r2");
    other.session = "s_2";
    stores_->outcomes.add(other);
    ASSERT_TRUE(run([&] { return stores_->sessions.remove(kAlice, "s_1", {}); }));
    const auto kept = latest();
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].owner, kAlice);
    EXPECT_EQ(kept[1].owner, (Owner{"shop", ""}));
    EXPECT_EQ(kept[1].session, "");
    EXPECT_EQ(kept[1].intent, "faq");
    EXPECT_FALSE(set_thumb(kAlice, "r1", Thumb::kUp));
}

TEST_F(OutcomeTest, TurnsOfAnOlderFileMayGetAThumb) {
    end(begin(kAlice, "r1").turn);
    (void)begin(kAlice, "r2");  // still running
    const auto made_old = stores_->database->write_blocking([](Connection& connection) {
        return connection.script(
            "ALTER TABLE turns DROP COLUMN asked_back; DROP TABLE outcomes; PRAGMA user_version=4");
    });
    ASSERT_TRUE(made_old) << made_old.error().internal;
    reopen();
    EXPECT_THAT(ids({.verdict = Verdict::kUnknown}), ElementsAre("r1"));
    EXPECT_FALSE(set_thumb(kBob, "r1", Thumb::kUp));
    const auto thumbed = set_thumb(kAlice, "r1", Thumb::kUp);
    ASSERT_TRUE(thumbed) << thumbed.error().internal;
    EXPECT_EQ(thumbed->lesson.position, 0) << "it teaches nothing: nobody knows its intent";
    EXPECT_TRUE(load_lessons(*stores_->database)->empty());
}

TEST(Thumbs, AreReadAsTheyAreWritten) {
    for (const Thumb thumb : {Thumb::kDown, Thumb::kNone, Thumb::kUp}) {
        EXPECT_EQ(thumb_of(name_of(thumb)), thumb);
        EXPECT_EQ(thumb_of(static_cast<int64_t>(thumb)), thumb);
    }
    EXPECT_FALSE(thumb_of("UP"));
    EXPECT_EQ(thumb_of(int64_t{2}), Thumb::kNone);
    for (int i = 0; i <= static_cast<int>(Verdict::kUnknown); ++i) {
        const auto verdict = static_cast<Verdict>(i);
        EXPECT_EQ(verdict_of(name_of(verdict)), verdict);
    }
}

}  // namespace
}  // namespace hayate::store
