// The Model interface over the engine, with real weights: coroutines on a shard, cancellation,
// errors.

#include "io/model/llama/llama_model.hpp"

#include <gmock/gmock.h>

#include "test/local_model/local_model_support.hpp"

namespace hayate::test {
namespace {

using llama::Engine;
using llama::LlamaModel;
using model::ModelEvent;
using model::ModelRequest;
using testing::HasSubstr;

struct Outcome {
    std::string text;
    std::vector<float> logprobs;
    std::vector<float> probe_logits;
    std::optional<model::Usage> usage;
    std::optional<model::FinishReason> finish;
    std::optional<base::Error> error;
};

void add(Outcome& outcome, const ModelEvent& event) {
    if (const auto* delta = std::get_if<model::TextDelta>(&event)) {
        outcome.text += delta->text;
        outcome.logprobs.insert(outcome.logprobs.end(), delta->logprobs.begin(),
                                delta->logprobs.end());
        outcome.probe_logits.insert(outcome.probe_logits.end(), delta->probe_logits.begin(),
                                    delta->probe_logits.end());
    } else if (const auto* usage = std::get_if<model::Usage>(&event)) {
        outcome.usage = *usage;
    } else if (const auto* finish = std::get_if<model::Finish>(&event)) {
        outcome.finish = finish->reason;
    }
}

/// Reads to the end. After the first text, `on_text` is called once.
Task<Outcome> collect(std::shared_ptr<LlamaModel> model, ModelRequest request, CancelToken token,
                      std::function<void()> on_text) {
    Outcome outcome;
    auto stream = co_await model->start(std::move(request), token);
    if (!stream) {
        outcome.error = stream.error();
        co_return outcome;
    }
    while (true) {
        auto events = co_await (*stream)->next();
        if (!events) {
            outcome.error = events.error();
            co_return outcome;
        }
        if (events->empty()) co_return outcome;
        for (const ModelEvent& event : *events) add(outcome, event);
        if (on_text && !outcome.text.empty()) std::exchange(on_text, nullptr)();
    }
}

ModelRequest ask(std::string question) {
    ModelRequest request;
    request.system = "Answer in one short sentence.";
    request.messages = {{model::Role::kUser, std::move(question)}};
    request.max_tokens = 40;
    request.temperature = 0.0;
    return request;
}

class LlamaModelTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        shard_ = std::make_unique<TestShard>();
        engine_ = std::make_shared<Engine>(
            llama::EngineOptions{},
            std::vector<llama::ModelSpec>{{.name = "fast", .path = weights_path(kFastFile)}});
        ASSERT_EQ(engine_->wait_until_loaded(0, Deadline::after(kLongPatience)),
                  llama::LoadState::kReady);
    }
    // The engine first: it posts to the shard.
    static void TearDownTestSuite() {
        engine_.reset();
        shard_.reset();
    }

    Outcome run(ModelRequest request) {
        return shard_->run([this, request = std::move(request)] {
            return collect(model_, request, CancelToken{}, nullptr);
        });
    }

    static std::shared_ptr<Engine> engine_;
    static std::unique_ptr<TestShard> shard_;
    std::shared_ptr<LlamaModel> model_ = std::make_shared<LlamaModel>(engine_, 0);
};
std::unique_ptr<TestShard> LlamaModelTest::shard_;
std::shared_ptr<Engine> LlamaModelTest::engine_;

TEST_F(LlamaModelTest, StreamsTextThenUsageThenFinish) {
    ModelRequest request = ask("What is the capital of Japan?");
    request.wants_logprobs = true;
    const Outcome outcome = run(request);
    EXPECT_FALSE(outcome.error);
    EXPECT_THAT(outcome.text, HasSubstr("Tokyo"));
    EXPECT_EQ(outcome.finish, model::FinishReason::kStop);
    ASSERT_TRUE(outcome.usage);
    EXPECT_GT(outcome.usage->prompt_tokens, 0);
    EXPECT_EQ(outcome.usage->completion_tokens, static_cast<int64_t>(outcome.logprobs.size()));
}

TEST_F(LlamaModelTest, TakesTheProbeOfItsOwnFile) {
    const auto probes_named = [](const std::string& name) {
        model::StateProbe probe{
            .model = name, .layer = 12, .weights = std::vector<float>(896, 0.1F)};
        model::StateProbes probes;
        probes.emplace(name, std::make_shared<const model::StateProbe>(std::move(probe)));
        return std::make_shared<const model::StateProbes>(std::move(probes));
    };
    ModelRequest request = ask("What is the capital of Japan?");
    request.probes = probes_named("qwen2.5-coder-0.5b-instruct-q4_k_m");
    const Outcome probed = run(request);
    ASSERT_TRUE(probed.usage);
    EXPECT_EQ(probed.usage->completion_tokens, static_cast<int64_t>(probed.probe_logits.size()));
    request.probes = probes_named("another");
    EXPECT_TRUE(run(request).probe_logits.empty());
}

TEST_F(LlamaModelTest, TheProbeSaysReady) {
    EXPECT_TRUE(shard_->run([this] { return model_->probe({}); }));
    EXPECT_TRUE(model_->is_ready());
}

TEST_F(LlamaModelTest, WithoutWeightsItIsNotReadyAndSaysWhy) {
    const auto engine = std::make_shared<Engine>(
        llama::EngineOptions{},
        std::vector<llama::ModelSpec>{{.name = "fast", .path = "/nonexistent.gguf"}});
    EXPECT_EQ(engine->wait_until_loaded(0, Deadline::after(kLongPatience)),
              llama::LoadState::kAbsent);
    LlamaModel absent(engine, 0);
    EXPECT_FALSE(absent.is_ready());
    const Status probed = shard_->run([&] { return absent.probe({}); });
    ASSERT_FALSE(probed);
    EXPECT_THAT(probed.error().internal, HasSubstr("/nonexistent.gguf"));
}

TEST_F(LlamaModelTest, ItsPaceIsWhatTheEngineMeasured) {
    EXPECT_FALSE(run(ask("What is the capital of Japan?")).error);
    const model::Pace pace = model_->pace();
    EXPECT_GT(pace.prompt_tokens_per_s, 0);
    EXPECT_GT(pace.tokens_per_s, 0);
    EXPECT_GT(pace.context_tokens, 0);
}

TEST_F(LlamaModelTest, CancellingTheTokenEndsTheStreamAndFreesTheEngine) {
    const int64_t before = engine_->stats(0).counts.cancelled;
    const auto source = std::make_shared<CancelSource>();
    ModelRequest request = ask("Count from 1 to 200 in words, one number per line.");
    request.max_tokens = 300;
    const Outcome outcome = shard_->run([this, source, request] {
        return collect(model_, request, source->token(),
                       [source] { source->cancel(CancelReason::kStop); });
    });
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, ErrorKind::kCancelled);
    // The next answer runs after the cancelled one has left.
    EXPECT_FALSE(run(ask("Say yes.")).error);
    EXPECT_EQ(engine_->stats(0).counts.cancelled, before + 1);
}

TEST_F(LlamaModelTest, DroppingAStreamCancelsIt) {
    const int64_t before = engine_->stats(0).counts.cancelled;
    const auto drop = [this]() -> Task<bool> {
        auto stream = co_await model_->start(ask("Count from 1 to 200 in words."), CancelToken{});
        co_return stream.has_value();
    };
    EXPECT_TRUE(shard_->run(drop));
    EXPECT_FALSE(run(ask("Say yes.")).error);
    EXPECT_EQ(engine_->stats(0).counts.cancelled, before + 1);
}

TEST_F(LlamaModelTest, APassedDeadlineComesOutOfTheStream) {
    ModelRequest request = ask("Say yes.");
    request.first_token_deadline = Deadline::after(milliseconds(0));
    const Outcome outcome = run(request);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, ErrorKind::kBusy);
}

TEST_F(LlamaModelTest, ATooLongPromptIsAnErrorOfStart) {
    const Outcome outcome = run(ask(std::string(1 << 20, 'x')));
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, ErrorKind::kTooLarge);
    EXPECT_EQ(outcome.error->client_code(), "context_length_exceeded");
}

// Last: it stops the engine that the others use.
TEST_F(LlamaModelTest, StoppingTheEngineEndsAStreamWithAnError) {
    ModelRequest request = ask("Count from 1 to 200 in words, one number per line.");
    request.max_tokens = 300;
    std::thread stopper;
    const Outcome outcome = shard_->run([this, &stopper, request] {
        return collect(model_, request, CancelToken{},
                       [&stopper] { stopper = std::thread([] { engine_->stop(); }); });
    });
    stopper.join();
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace hayate::test
