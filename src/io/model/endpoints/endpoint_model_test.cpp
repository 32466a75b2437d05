#include "io/model/endpoints/endpoint_model.hpp"

#include <atomic>
#include <deque>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/runtime/event.hpp"
#include "io/runtime/scope.hpp"
#include "test/support/model_answer.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::model {
namespace {

using test::ModelAnswer;
using testing::ElementsAre;

Error error_of_kind(ErrorKind kind) { return base::private_error(kind, "fake", "scripted"); }

/// Says its name in two words, or does what it is told instead.
class FakeEndpoint : public Model {
  public:
    explicit FakeEndpoint(std::string name) : name_(std::move(name)) {}

    std::optional<Error> refusal;  // at the start
    bool hangs = false;            // until it is cancelled
    bool breaks_at_once = false;   // after it has accepted, before the first token
    bool breaks_later = false;     // after the first token
    int calls = 0;
    int live = 0;  // calls that have not ended
    std::vector<CancelReason> cancelled;
    std::vector<std::string> seen;  // the questions

    Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request,
                                                     CancelToken token) override {
        ++calls;
        EXPECT_FALSE(request.on_extra_call) << "an endpoint must not account by itself";
        seen.push_back(request.messages.empty() ? "" : request.messages.back().content);
        if (refusal) co_return fail(*refusal);
        co_return std::make_unique<Stream>(*this, std::move(token));
    }
    Task<Status> probe(CancelToken /*token*/) override {
        if (refusal) co_return fail(*refusal);
        co_return Status{};
    }

  private:
    class Stream : public ModelStream {
      public:
        Stream(FakeEndpoint& of, CancelToken token) : of_(of), token_(std::move(token)) {
            ++of_.live;
        }
        ~Stream() override { --of_.live; }
        Task<Result<std::vector<ModelEvent>>> next() override {
            if (of_.hangs) {
                co_await runtime::sleep_until(Deadline::after(test::kPatience), token_);
                of_.cancelled.push_back(token_.reason());
                co_return fail(runtime::cancelled_error(token_.reason(), "fake"));
            }
            if (of_.breaks_at_once || (of_.breaks_later && said_ == 1))
                co_return fail(error_of_kind(ErrorKind::kUpstream));
            std::vector<ModelEvent> events;
            if (said_ == 2) co_return events;
            events.emplace_back(TextDelta{of_.name_, {}});
            if (++said_ == 2) {
                events.emplace_back(Finish{});
                events.emplace_back(Usage{.prompt_tokens = 7, .completion_tokens = 2});
            }
            co_return events;
        }

      private:
        FakeEndpoint& of_;
        CancelToken token_;
        int said_ = 0;
    };
    std::string name_;
};

class EndpointModelTest : public testing::Test {
  protected:
    void make(EndpointOptions options = {}) {
        options.name = "fast";
        options.backoff = milliseconds(1);
        model_ = std::make_unique<EndpointModel>(std::vector<std::shared_ptr<Model>>{a_, b_},
                                                 std::move(options));
    }
    ModelAnswer ask(ModelRequest request = {.messages = {{Role::kUser, "Hello"}}}) {
        extra_.clear();
        request.on_extra_call = [this](const ExtraCall& call) {
            extra_.emplace_back(call.outcome, call.usage.prompt_tokens);
        };
        return host_.run([this, request] { return test::read_answer(*model_, request); });
    }
    /// So many answers that the time to the first token is known.
    void warm_up() {
        for (int i = 0; i < 60; ++i) ask();
    }
    /// Nobody waits for a cancelled attempt, except here: until no call is under way any more. One
    /// that went on would be found by the test shard's patience.
    void settle() {
        host_.run([this]() -> Task<bool> {
            const auto is_busy = [this] {
                const auto states = model_->states();
                return states[0].in_flight + states[1].in_flight > 0;
            };
            while (is_busy()) co_await runtime::yield_now();
            co_return true;
        });
    }
    std::shared_ptr<FakeEndpoint> a_ = std::make_shared<FakeEndpoint>("A");
    std::shared_ptr<FakeEndpoint> b_ = std::make_shared<FakeEndpoint>("B");
    test::TestShard host_;
    std::unique_ptr<EndpointModel> model_;
    std::vector<std::pair<std::string, int64_t>> extra_;
};

TEST_F(EndpointModelTest, AnswersFromBoth) {
    make();
    warm_up();
    EXPECT_GT(a_->calls, 5);
    EXPECT_GT(b_->calls, 5);
    const ModelAnswer answer = ask();
    EXPECT_EQ(answer.deltas, 2u);
    EXPECT_EQ(answer.usage->prompt_tokens, 7);
    EXPECT_TRUE(answer.finish);
    EXPECT_TRUE(extra_.empty());
    EXPECT_EQ(a_->seen.back(), "Hello");
}

TEST_F(EndpointModelTest, AFailureBeforeTheFirstTokenIsRepaired) {
    for (const bool is_refused : {true, false}) {
        make();
        if (is_refused) {
            a_->refusal = error_of_kind(ErrorKind::kBusy);
        } else {
            a_->refusal.reset();
            a_->breaks_at_once = true;
        }
        int repaired = 0;
        for (int i = 0; i < 10; ++i) {
            const ModelAnswer answer = ask();
            EXPECT_EQ(answer.text, "BB");
            repaired += static_cast<int>(extra_.size());
            for (const auto& [outcome, tokens] : extra_) {
                EXPECT_EQ(outcome, is_refused ? "busy" : "upstream");
                EXPECT_EQ(tokens, 0);
            }
        }
        EXPECT_GE(repaired, 1);
        EXPECT_LE(repaired, 3);  // then the breaker is open
        EXPECT_TRUE(model_->states()[0].is_open);
    }
}

// With few calls the budget allows three retries in ten seconds; each probe of a broken endpoint
// would need one more.
TEST_F(EndpointModelTest, AProbeThatFailsIsRepairedWhateverTheBudgetSays) {
    make({.balancer = {.open_time = milliseconds(0), .retry_share = 0, .retry_floor = 3}});
    a_->refusal = error_of_kind(ErrorKind::kBusy);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(ask().text, "BB");
    EXPECT_GE(a_->calls, 20);
}

TEST_F(EndpointModelTest, NothingIsRepeatedAfterTheFirstToken) {
    make();
    a_->breaks_later = b_->breaks_later = true;
    const ModelAnswer answer = ask();
    EXPECT_EQ(answer.deltas, 1u);
    EXPECT_EQ(answer.error->kind, ErrorKind::kUpstream);
    EXPECT_EQ(a_->calls + b_->calls, 1);
}

TEST_F(EndpointModelTest, TheCallersFaultIsNotRepeatedAndTripsNothing) {
    make();
    Error key = error_of_kind(ErrorKind::kUnavailable);
    key.is_permanent = true;
    for (const Error& error :
         {error_of_kind(ErrorKind::kBadRequest), error_of_kind(ErrorKind::kTooLarge), key}) {
        a_->refusal = b_->refusal = error;
        a_->calls = b_->calls = 0;
        EXPECT_EQ(ask().error->kind, error.kind);
        EXPECT_EQ(a_->calls + b_->calls, 1);
        EXPECT_FALSE(model_->states()[0].is_open || model_->states()[1].is_open);
    }
}

TEST_F(EndpointModelTest, WhenAllFailTheCallsHaveABound) {
    make();
    a_->refusal = b_->refusal = error_of_kind(ErrorKind::kBusy);
    int errors = 0;
    for (int i = 0; i < 200; ++i) errors += ask().error ? 1 : 0;
    EXPECT_EQ(errors, 200);
    EXPECT_LE(a_->calls + b_->calls, 250);
    const ModelAnswer refused = ask();
    EXPECT_EQ(refused.error->kind, ErrorKind::kUnavailable);  // at once, without a call
    EXPECT_TRUE(refused.error->retry_after);
    EXPECT_TRUE(extra_.empty());
}

TEST_F(EndpointModelTest, AtMostThreeTriesAndEachIsAccountedOnce) {
    make({.balancer = {.failures_to_eject = 1000, .failures_to_open = 1000, .retry_floor = 100}});
    a_->refusal = b_->refusal = error_of_kind(ErrorKind::kBusy);
    EXPECT_EQ(ask().error->kind, ErrorKind::kBusy);
    EXPECT_EQ(a_->calls + b_->calls, 3);
    // The third is the caller's to account.
    EXPECT_THAT(extra_, ElementsAre(std::pair("busy", 0), std::pair("busy", 0)));
}

TEST_F(EndpointModelTest, ALateFirstTokenIsHedgedAndTheLoserCancelled) {
    make({.balancer = {.hedge_share = 1}});
    warm_up();
    a_->hangs = true;
    a_->calls = 0;
    int hedged = 0;
    for (int i = 0; i < 10 && hedged == 0; ++i) {
        const ModelAnswer answer = ask();
        EXPECT_EQ(answer.text, "BB");
        hedged += static_cast<int>(extra_.size());
    }
    EXPECT_THAT(extra_, ElementsAre(std::pair("lost_race", 2)));  // "Hello" is about two tokens
    settle();
    EXPECT_THAT(a_->cancelled, ElementsAre(CancelReason::kLostRace));
    EXPECT_EQ(a_->live, 0);
}

TEST_F(EndpointModelTest, AnAnswerThatIsNotStreamedIsNotHedged) {
    make();
    warm_up();
    a_->hangs = b_->hangs = true;
    ModelRequest request{.messages = {{Role::kUser, "Hello"}}, .is_streamed = false};
    a_->calls = b_->calls = 0;
    const auto error = host_.run([&]() -> Task<std::optional<Error>> {
        co_return co_await runtime::with_deadline(
            [&](CancelToken token) -> Task<std::optional<Error>> {
                co_return (co_await test::read_answer(*model_, request, token)).error;
            },
            Deadline::after(milliseconds(30)), {});
    });
    EXPECT_TRUE(error);
    EXPECT_EQ(a_->calls + b_->calls, 1);
}

TEST_F(EndpointModelTest, CancellationEndsEveryAttempt) {
    make({.balancer = {.hedge_share = 1}});
    warm_up();
    a_->hangs = b_->hangs = true;
    a_->calls = b_->calls = 0;
    ModelRequest request{.messages = {{Role::kUser, "Hello"}}};
    extra_.clear();
    request.on_extra_call = [this](const ExtraCall& call) {
        extra_.emplace_back(call.outcome, call.usage.prompt_tokens);
    };
    const auto error = host_.run([&]() -> Task<std::optional<Error>> {
        CancelSource stop;
        runtime::TaskScope scope(co_await runtime::current_executor());
        scope.spawn([&]() -> Task<void> {
            while (a_->live == 0 || b_->live == 0) co_await runtime::yield_now();
            stop.cancel(CancelReason::kStop);
        });
        const ModelAnswer answer = co_await test::read_answer(*model_, request, stop.token());
        co_await scope.join();
        co_return answer.error;
    });
    EXPECT_EQ(error->kind, runtime::cancelled_error(CancelReason::kStop, "").kind);
    settle();
    EXPECT_EQ(a_->live + b_->live, 0);
    EXPECT_EQ(extra_.size(), 1u);  // the other one is the caller's
    EXPECT_FALSE(model_->states()[0].is_open || model_->states()[1].is_open);
}

TEST_F(EndpointModelTest, HonoursRetryAfterWithinTheDeadline) {
    make();
    a_->refusal = b_->refusal = error_of_kind(ErrorKind::kRateLimited);
    a_->refusal->retry_after = b_->refusal->retry_after = milliseconds(60'000);
    ModelRequest request{.messages = {{Role::kUser, "Hello"}}};
    request.first_token_deadline = Deadline::after(test::kPatience);
    const ModelAnswer answer = ask(request);
    EXPECT_EQ(answer.error->kind, ErrorKind::kRateLimited);
    EXPECT_EQ(answer.error->retry_after, milliseconds(60'000));
    EXPECT_EQ(a_->calls + b_->calls, 2);  // each was asked once, and then left alone
}

TEST_F(EndpointModelTest, AHurriedCallerDoesNotOpenTheBreaker) {
    make();
    a_->refusal = b_->refusal = error_of_kind(ErrorKind::kTimeout);
    for (int i = 0; i < 20; ++i) ask();
    EXPECT_FALSE(model_->states()[0].is_open || model_->states()[1].is_open);
}

TEST_F(EndpointModelTest, IsWellWhileOneEndpointIs) {
    make();
    a_->refusal = error_of_kind(ErrorKind::kUnavailable);
    EXPECT_TRUE(host_.run([&] { return model_->probe({}); }));
    b_->refusal = error_of_kind(ErrorKind::kUnavailable);
    EXPECT_FALSE(host_.run([&] { return model_->probe({}); }));
    EXPECT_TRUE(model_->is_ready());
}

TEST_F(EndpointModelTest, AStreamOutlivesItsModel) {
    make();
    const std::string text = host_.run([&]() -> Task<std::string> {
        auto stream = co_await model_->start({.messages = {{Role::kUser, "Hello"}}}, {});
        model_.reset();
        std::string said;
        while (true) {
            const auto events = co_await (*stream)->next();
            if (!events || events->empty()) co_return said;
            for (const ModelEvent& event : *events) {
                if (const auto* delta = std::get_if<TextDelta>(&event)) said += delta->text;
            }
        }
    });
    EXPECT_EQ(text.size(), 2u);
}

}  // namespace
}  // namespace hayate::model
