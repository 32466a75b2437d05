#include "io/model/llama/batch_machine.hpp"

#include <map>
#include <numeric>
#include <random>
#include <set>

#include <gmock/gmock.h>

namespace hayate::model::llama {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Tokens = std::vector<Token>;

constexpr int kAllOfIt = 1000;

BatchMachine::Options small() {
    return {.slots = 2,
            .context_tokens = 40,
            .prefixes = {.sequences = 6, .cells = 120, .fixed_max = 2}};
}

Job job(RequestId id, int prompt_tokens, std::string key = {}, int max_tokens = 5) {
    Job made{
        .id = id, .prompt = Tokens(static_cast<size_t>(prompt_tokens)), .max_tokens = max_tokens};
    std::iota(made.prompt.begin(), made.prompt.end(), static_cast<Token>(id * 100));
    made.prefix_key = std::move(key);
    return made;
}

std::vector<RequestId> ids(const Step& step) {
    std::vector<RequestId> out;
    for (const Row& row : step.rows) out.push_back(row.id);
    return out;
}

/// Plans a step, commits it, and samples token 7 for every row that has logits.
Step run(BatchMachine& machine, int chunk_tokens = kAllOfIt) {
    Step step = machine.plan(chunk_tokens);
    machine.commit(step);
    for (const Row& row : step.rows) {
        if (row.wants_logits && !machine.sampled(row.id, 7)) machine.finish(row.id);
    }
    return step;
}

TEST(BatchMachine, GenerationComesFirstAndPromptsAreReadInChunks) {
    BatchMachine machine(small());
    machine.submit(job(1, 2));
    EXPECT_THAT(ids(run(machine)), ElementsAre(1, 1));
    EXPECT_TRUE(machine.is_generating());
    machine.submit(job(2, 5));
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(1, 2, 2));
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(1, 2, 2));
    const Step last = run(machine, 2);
    EXPECT_THAT(ids(last), ElementsAre(1, 2));
    EXPECT_EQ(last.prompt_rows, 1);
    EXPECT_TRUE(last.rows.back().wants_logits);
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(1, 2));  // both are written now
}

TEST(BatchMachine, ARowsPositionFollowsWhatIsInMemory) {
    BatchMachine machine(small());
    machine.submit(job(1, 3));
    run(machine);
    const Step step = run(machine);
    EXPECT_EQ(step.rows.at(0).position, 3);
    EXPECT_EQ(step.rows.at(0).token, 7);
}

TEST(BatchMachine, TheThirdWaitsUntilASlotIsFree) {
    BatchMachine machine(small());
    for (const RequestId id : {1U, 2U, 3U}) machine.submit(job(id, 2));
    run(machine);
    EXPECT_EQ(machine.live(), 2);
    EXPECT_EQ(machine.queued(), 1);
    machine.finish(1);
    EXPECT_THAT(ids(run(machine)), ElementsAre(2, 3, 3));
    EXPECT_EQ(machine.queued(), 0);
}

TEST(BatchMachine, ACancelledAnswerIsNotInTheNextStepWhileAnotherGoesOn) {
    BatchMachine machine(small());
    machine.submit(job(1, 2));
    machine.submit(job(2, 2));
    run(machine);
    EXPECT_TRUE(machine.cancel(1));
    const Step step = run(machine);
    EXPECT_THAT(ids(step), ElementsAre(2));
    EXPECT_THAT(step.memory, ElementsAre(MemoryAction{.sequence = 0, .begin = 0, .end = 2}));
    EXPECT_FALSE(machine.cancel(1));
}

TEST(BatchMachine, ACancelledWaitingRequestNeverTakesASlot) {
    BatchMachine machine(small());
    for (const RequestId id : {1U, 2U, 3U, 4U}) machine.submit(job(id, 2));
    run(machine);
    EXPECT_TRUE(machine.cancel(3));
    machine.finish(1);
    EXPECT_THAT(ids(run(machine)), ElementsAre(2, 4, 4));
}

TEST(BatchMachine, AnAnswerEndsAtMaxTokensOrWhereTheContextEnds) {
    BatchMachine machine(small());
    machine.submit(job(1, 3, "", 2));
    machine.submit(job(2, 38, "", 100));
    run(machine);
    EXPECT_EQ(machine.live(), 2);
    run(machine);  // the second token of 1
    EXPECT_EQ(machine.live(), 1);
    run(machine);  // position 40 is the context's end
    EXPECT_EQ(machine.live(), 0);
}

TEST(BatchMachine, TheDeadlineCountsUntilTheFirstTokenOnly) {
    const TimePoint start{};
    const auto with_deadline = [&](RequestId id, int seconds) {
        Job made = job(id, 4);
        made.first_token_deadline = Deadline(start + std::chrono::seconds(seconds));
        return made;
    };
    BatchMachine machine(small());
    machine.submit(with_deadline(1, 1));
    run(machine);
    machine.submit(with_deadline(2, 1));
    run(machine, 2);  // 2 is half read
    machine.submit(with_deadline(3, 1));
    machine.submit(with_deadline(4, 9));
    EXPECT_THAT(machine.expire(start), IsEmpty());
    EXPECT_THAT(machine.expire(start + std::chrono::seconds(1)), ElementsAre(3, 2));
    EXPECT_THAT(ids(run(machine)), ElementsAre(1, 4, 4, 4, 4));
}

TEST(BatchMachine, ChunksAlternateBetweenTheNearestToItsEndAndTheOldest) {
    BatchMachine machine(small());
    machine.submit(job(1, 30));
    machine.submit(job(2, 6));
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(2, 2));
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(1, 1));
    EXPECT_THAT(ids(run(machine, 2)), ElementsAre(2, 2));
}

TEST(BatchMachine, AChunkThatFinishesOnePromptBeginsTheNext) {
    BatchMachine machine(small());
    machine.submit(job(1, 3));
    machine.submit(job(2, 3));
    EXPECT_THAT(ids(run(machine, 5)), ElementsAre(1, 1, 1, 2, 2));
}

TEST(BatchMachine, AStepThatFailedIsPlannedAgain) {
    BatchMachine machine(small());
    machine.submit(job(1, 4));
    const Step failed = machine.plan(kAllOfIt);
    const Step again = machine.plan(kAllOfIt);
    EXPECT_EQ(again.rows.size(), failed.rows.size());
    EXPECT_EQ(again.rows.front().position, 0);
}

TEST(BatchMachine, TheNextPromptOfAConversationReusesItsAnswerToo) {
    BatchMachine machine(small());
    machine.submit(job(1, 4, "anna"));
    run(machine);
    run(machine);
    machine.finish(1);  // 4 prompt tokens and one 7 are in memory
    Job next = job(2, 0, "anna");
    next.prompt = {100, 101, 102, 103, 7, 50, 51};
    machine.submit(next);
    EXPECT_THAT(ids(machine.plan(kAllOfIt)), ElementsAre(2, 2));
    EXPECT_EQ(machine.reused(2), 5);
}

TEST(BatchMachine, ASystemPromptIsReadOnceForAll) {
    BatchMachine machine(small());
    Job system = job(1, 10, "", 0);
    system.becomes_fixed = true;
    machine.submit(system);
    machine.commit(machine.plan(kAllOfIt));
    machine.finish(1);
    EXPECT_TRUE(machine.renew_fixed(system.prompt));
    for (const RequestId id : {2U, 3U}) {
        Job made{.id = id, .prompt = system.prompt, .max_tokens = 1};
        made.prompt.push_back(static_cast<Token>(id));
        machine.submit(made);
    }
    const Step step = machine.plan(kAllOfIt);
    EXPECT_THAT(ids(step), ElementsAre(2, 3));
    EXPECT_EQ(step.rows.front().position, 10);
}

/// The model's memory, as the memory actions and rows would leave it.
class FakeMemory {
  public:
    void apply(const Step& step) {
        for (const MemoryAction& action : step.memory) apply(action);
        for (const Row& row : step.rows) {
            const bool is_new = sequences_[row.sequence].emplace(row.position, row.token).second;
            EXPECT_TRUE(is_new) << "position taken";
        }
    }
    Tokens tokens(SequenceId sequence) {
        Tokens out;
        for (const auto& [position, token] : sequences_[sequence]) {
            EXPECT_EQ(position, static_cast<int>(out.size())) << "a hole";
            out.push_back(token);
        }
        return out;
    }

  private:
    void apply(const MemoryAction& action) {
        auto& target = sequences_[action.sequence];
        for (int i = action.begin; i < action.end; ++i) {
            if (action.copy_from < 0) {
                EXPECT_EQ(target.erase(i), 1U);
            } else {
                EXPECT_TRUE(target.emplace(i, sequences_[action.copy_from].at(i)).second);
            }
        }
    }
    std::map<SequenceId, std::map<int, Token>> sequences_;
};

TEST(BatchMachine, MemoryAlwaysHoldsExactlyThePromptWhateverHappens) {
    std::mt19937 random(20261124);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    BatchMachine machine(small());
    FakeMemory memory;
    std::map<RequestId, Tokens> wanted;  // prompt and answer so far
    RequestId next_id = 1;
    for (int round = 0; round < 3000; ++round) {
        if (below(3) == 0 && machine.queued() < 8) {
            Job made{.id = next_id++,
                     .prompt = Tokens(static_cast<size_t>(1 + below(30))),
                     .max_tokens = 8};
            for (Token& token : made.prompt) token = below(20) == 0 ? 1 : 0;
            made.prefix_key =
                below(4) == 0 ? "" : std::string(1, static_cast<char>('a' + below(9)));
            made.becomes_fixed = below(40) == 0;
            wanted[made.id] = made.prompt;
            machine.submit(made);
        }
        const Step step = machine.plan(1 + below(12));
        memory.apply(step);
        machine.commit(step);
        EXPECT_LE(machine.prefixes().cells_used(), 120);
        for (const Row& row : step.rows) {
            if (!row.wants_logits) continue;
            ASSERT_EQ(memory.tokens(row.sequence), wanted[row.id]);
            const Token token = below(3);
            wanted[row.id].push_back(token);
            if (below(6) == 0 || !machine.sampled(row.id, token)) machine.finish(row.id);
        }
        if (below(20) == 0) machine.cancel(next_id - static_cast<RequestId>(1 + below(4)));
    }
    EXPECT_GT(next_id, 500U);
}

}  // namespace
}  // namespace hayate::model::llama
