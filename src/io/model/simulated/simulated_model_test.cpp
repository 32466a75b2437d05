#include "io/model/simulated/simulated_model.hpp"

#include <gtest/gtest.h>

#include "test/support/model_answer.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::model {
namespace {

using test::ModelAnswer;

class SimulatedModelTest : public testing::Test {
  protected:
    ModelAnswer ask(std::string_view options,
                    ModelRequest request = {.messages = {{Role::kUser, "Hello"}}}) {
        Simulation simulation;
        EXPECT_TRUE(set_options(simulation, "ttft=0,rate=0"));
        EXPECT_TRUE(set_options(simulation, options));
        SimulatedModel model(
            {.name = "fast", .simulation = simulation, .stall_time = milliseconds(1)});
        return host_.run([&] { return test::read_answer(model, request); });
    }
    test::TestShard host_;
};

TEST_F(SimulatedModelTest, AnswersWithUsage) {
    const ModelAnswer answer = ask("answer=One two three.");
    EXPECT_EQ(answer.text, "One two three.");
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    ASSERT_TRUE(answer.usage);
    EXPECT_EQ(answer.usage->completion_tokens, 3);
    EXPECT_FALSE(answer.error);
}

TEST_F(SimulatedModelTest, KeepsItsPaceWithTimers) {
    const ModelAnswer answer = ask("answer=One two three.,ttft=5,rate=500,drop_usage");
    EXPECT_EQ(answer.text, "One two three.");
    EXPECT_FALSE(answer.usage);
}

TEST_F(SimulatedModelTest, FaultsLookLikeThoseOfARemoteModel) {
    const auto kind = [&](std::string_view options) {
        const ModelAnswer answer = ask(options);
        EXPECT_FALSE(answer.finish) << options;
        EXPECT_TRUE(answer.error) << options;
        return answer.error ? answer.error->kind : ErrorKind::kInternal;
    };
    EXPECT_EQ(kind("cut_after=2"), ErrorKind::kUpstream);
    EXPECT_EQ(kind("cut_after=0"), ErrorKind::kUpstream);
    EXPECT_EQ(kind("end_after=1"), ErrorKind::kUpstream);
    EXPECT_EQ(kind("malformed_after=1"), ErrorKind::kUpstream);
    EXPECT_EQ(kind("error_after=1"), ErrorKind::kBusy);
    EXPECT_EQ(kind("stall_after=1"), ErrorKind::kTimeout);
    EXPECT_EQ(kind("status=400"), ErrorKind::kBadRequest);
    EXPECT_EQ(kind("status=401"), ErrorKind::kUnavailable);
    EXPECT_EQ(kind("status=529"), ErrorKind::kBusy);
    const ModelAnswer limited = ask("status=429,retry_after=7");
    EXPECT_EQ(limited.error->kind, ErrorKind::kRateLimited);
    EXPECT_EQ(limited.error->retry_after, milliseconds(7000));
    EXPECT_EQ(ask("cut_after=2,answer=One two three.").text, "One two");
}

TEST_F(SimulatedModelTest, TheFirstTokenHasADeadlineAndTheOthersDoNot) {
    ModelRequest request{.messages = {{Role::kUser, "Hello"}}};
    request.first_token_deadline = Deadline::after(milliseconds(1));
    const ModelAnswer late = ask("ttft=60000", request);
    EXPECT_EQ(late.error->kind, ErrorKind::kTimeout);
    const ModelAnswer hanging = ask("hang", request);
    EXPECT_EQ(hanging.error->kind, ErrorKind::kTimeout);
    request.first_token_deadline = Deadline::after(milliseconds(5'000));
    const ModelAnswer slow = ask("answer=One two.,rate=50", request);
    EXPECT_EQ(slow.text, "One two.");
}

TEST_F(SimulatedModelTest, CancellationEndsTheWait) {
    Simulation simulation;
    ASSERT_TRUE(set_options(simulation, "ttft=60000"));
    SimulatedModel model({.name = "fast", .simulation = simulation});
    const ModelAnswer answer = host_.run([&]() -> Task<ModelAnswer> {
        CancelSource stop;
        const runtime::DeadlineGuard guard(co_await runtime::current_executor(), stop,
                                           Deadline::after(milliseconds(1)));
        co_return co_await test::read_answer(model, {.messages = {{Role::kUser, "Hello"}}},
                                             stop.token());
    });
    EXPECT_EQ(answer.error->kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace hayate::model
