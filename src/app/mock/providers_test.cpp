// The remote providers against the mock server, over real sockets: every promise of a provider, for
// both protocols.

#include <future>

#include <gtest/gtest.h>

#include "io/model/anthropic/anthropic_model.hpp"
#include "io/model/openai/openai_model.hpp"
#include "test/support/mock_host.hpp"
#include "test/support/model_answer.hpp"

namespace hayate::mock {
namespace {

using model::FinishReason;
using model::ModelRequest;
using model::RemoteModel;
using model::Role;
using test::ModelAnswer;

constexpr std::string_view kText = "One two 進撃の巨人 🗡️ three.";
constexpr std::string_view kSays = "answer=One two 進撃の巨人 🗡️ three.";

ModelRequest question() {
    return {.system = "Be kind.", .messages = {{Role::kUser, "Hello?"}}, .max_tokens = 100};
}

class ProviderTest : public testing::TestWithParam<Protocol> {
  protected:
    /// A model whose calls carry the given simulation.
    std::shared_ptr<RemoteModel> make(std::string_view simulation, std::string key = "sk-right",
                                      milliseconds stall_time = milliseconds(20'000)) {
        const auto fill = [&](model::RemoteOptions& options, std::string_view path) {
            options.name = "fast";
            options.base_url = host_.url(path);
            options.model_id = "mock-1";
            options.key = base::Secret(key);
            options.stall_time = stall_time;
            options.headers.push_back({"x-mock", std::string(simulation)});
        };
        if (GetParam() == Protocol::kOpenAi) {
            model::OpenAiOptions options;
            fill(options, "/v1");
            return *model::make_openai_model(std::move(options));
        }
        model::AnthropicOptions options;
        fill(options, "");
        return *model::make_anthropic_model(std::move(options));
    }
    ModelAnswer ask(const std::shared_ptr<RemoteModel>& model, ModelRequest request = question()) {
        return shard_.run([=] { return test::read_answer(*model, request); });
    }
    ModelAnswer ask(std::string_view simulation) { return ask(make(simulation)); }
    void TearDown() override {
        host_.stop();
        EXPECT_EQ(runtime::TaskScope::live_total(), 0);
    }

    MockHost host_{kSays, "sk-right"};
    test::TestShard shard_;
};

INSTANTIATE_TEST_SUITE_P(Providers, ProviderTest,
                         testing::Values(Protocol::kOpenAi, Protocol::kAnthropic),
                         [](const auto& info) {
                             return info.param == Protocol::kOpenAi ? "OpenAi" : "Anthropic";
                         });

TEST_P(ProviderTest, GivesTextUsageAndFinish) {
    const ModelAnswer answer = ask("");
    EXPECT_FALSE(answer.error) << answer.error->internal;
    EXPECT_EQ(answer.text, kText);
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    ASSERT_TRUE(answer.usage);
    EXPECT_EQ(answer.usage->completion_tokens, static_cast<int64_t>(answer.deltas));
    EXPECT_GT(answer.usage->prompt_tokens, 0);
    EXPECT_FALSE(answer.usage->is_estimated);
    EXPECT_TRUE(host_.ended().is_finished);
}

TEST_P(ProviderTest, KeepsCharactersWholeWhenBytesComeOneByOne) {
    EXPECT_EQ(ask("split=1").text, kText);
    EXPECT_EQ(ask("split=3,ttft=1,rate=1000").text, kText);
}

TEST_P(ProviderTest, SaysWhenTheAnswerReachedItsLimit) {
    ModelRequest request = question();
    request.max_tokens = 2;
    const ModelAnswer answer = ask(make(""), request);
    EXPECT_EQ(answer.text, "One two");
    EXPECT_EQ(answer.finish, FinishReason::kLength);
}

TEST_P(ProviderTest, AnAnswerWithoutUsageIsStillAnAnswer) {
    const ModelAnswer answer = ask("drop_usage");
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    EXPECT_EQ(answer.text, kText);
    if (GetParam() == Protocol::kOpenAi) {
        EXPECT_FALSE(answer.usage);
    }
}

TEST_P(ProviderTest, TakesAnAnswerThatIsNotStreamed) {
    const ModelAnswer answer = ask("json");
    EXPECT_FALSE(answer.error);
    EXPECT_EQ(answer.text, kText);
    EXPECT_EQ(answer.deltas, 1u);
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    EXPECT_TRUE(answer.usage);
}

struct Broken {
    const char* simulation;
    ErrorKind kind;
};

TEST_P(ProviderTest, ABrokenStreamIsAnErrorAfterTheTextThatCame) {
    for (const Broken& broken :
         {Broken{"cut_after=2", ErrorKind::kUpstream}, Broken{"end_after=2", ErrorKind::kUpstream},
          Broken{"malformed_after=2", ErrorKind::kUpstream},
          Broken{"error_after=2", ErrorKind::kBusy}}) {
        const ModelAnswer answer = ask(broken.simulation);
        EXPECT_EQ(answer.text, "One two") << broken.simulation;
        EXPECT_FALSE(answer.finish) << broken.simulation;
        ASSERT_TRUE(answer.error) << broken.simulation;
        EXPECT_EQ(answer.error->kind, broken.kind) << answer.error->internal;
        EXPECT_EQ(answer.error->source, "model.fast");
    }
}

TEST_P(ProviderTest, AStreamThatEndsBeforeItsFirstTokenIsAnError) {
    for (const char* simulation :
         {"cut_after=0", "end_after=0", "malformed_after=0", "error_after=0"}) {
        const ModelAnswer answer = ask(simulation);
        EXPECT_EQ(answer.text, "");
        EXPECT_TRUE(answer.error) << simulation;
        EXPECT_FALSE(answer.finish) << simulation;
    }
}

TEST_P(ProviderTest, ABrokenDocumentIsAnError) {
    for (const char* fault : {"malformed_after", "cut_after", "end_after"}) {
        const ModelAnswer answer = ask("json," + std::string(fault) + "=1");
        ASSERT_TRUE(answer.error) << fault;
        EXPECT_EQ(answer.error->kind, ErrorKind::kUpstream) << fault;
    }
    EXPECT_EQ(ask("json,error_after=1").error->kind, ErrorKind::kBusy);
}

TEST_P(ProviderTest, SilenceBetweenTokensIsATimeout) {
    const ModelAnswer answer = ask(make("stall_after=2", "sk-right", milliseconds(1)));
    EXPECT_EQ(answer.text, "One two");
    ASSERT_TRUE(answer.error);
    EXPECT_EQ(answer.error->kind, ErrorKind::kTimeout);
    EXPECT_EQ(answer.error->internal, "no token for 1 ms");
    EXPECT_TRUE(host_.ended().closed_by_client);
}

TEST_P(ProviderTest, TheFirstTokenHasADeadline) {
    for (const char* simulation : {"ttft=60000", "stall_after=0", "hang", "json,ttft=60000"}) {
        ModelRequest request = question();
        request.first_token_deadline = Deadline::after(milliseconds(30));
        const ModelAnswer answer = ask(make(simulation), request);
        ASSERT_TRUE(answer.error) << simulation;
        EXPECT_EQ(answer.error->kind, ErrorKind::kTimeout) << simulation;
        EXPECT_EQ(answer.error->internal, "the first token did not come in time");
    }
    for (size_t i = 0; i < 4; ++i) EXPECT_TRUE(host_.ended(i).closed_by_client);
}

TEST_P(ProviderTest, TheDeadlineOfTheFirstTokenNeverCutsAnAnswerThatHasBegun) {
    ModelRequest request = question();
    request.first_token_deadline = Deadline::after(milliseconds(1'000));
    const ModelAnswer answer = ask(make("rate=constant:400,tokens=4"), request);
    EXPECT_FALSE(answer.error) << answer.error->internal;
    EXPECT_EQ(answer.deltas, 4u);
}

TEST_P(ProviderTest, RefusalsHaveTheKindOfTheirStatus) {
    for (const auto& [status, kind] :
         {std::pair(400, ErrorKind::kBadRequest), std::pair(404, ErrorKind::kUnavailable),
          std::pair(408, ErrorKind::kTimeout), std::pair(429, ErrorKind::kRateLimited),
          std::pair(500, ErrorKind::kUnavailable), std::pair(503, ErrorKind::kBusy),
          std::pair(529, ErrorKind::kBusy), std::pair(302, ErrorKind::kUnavailable)}) {
        const ModelAnswer answer = ask("status=" + std::to_string(status));
        ASSERT_TRUE(answer.error) << status;
        EXPECT_EQ(answer.error->kind, kind) << status;
        const bool is_told = answer.error->external.find("simulated refusal") != std::string::npos;
        EXPECT_EQ(is_told, status == 400) << answer.error->external;
    }
}

TEST_P(ProviderTest, ARateLimitSaysWhenToComeBack) {
    const ModelAnswer answer = ask("status=429,retry_after=7");
    EXPECT_EQ(answer.error->retry_after, milliseconds(7'000));
    EXPECT_EQ(ask("status=429").error->retry_after, std::nullopt);
}

TEST_P(ProviderTest, ARefusedKeyIsNobodysBusinessButTheOperators) {
    const auto model = make("", "sk-wrong-key");
    const Error error = *ask(model).error;
    EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
    EXPECT_EQ(error.internal, "status 401: the provider refused the key");
    EXPECT_EQ(error.external, "");
    const Status probed = shard_.run([=] { return model->probe({}); });
    ASSERT_FALSE(probed);
    EXPECT_EQ(probed.error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(probed.error().internal.find("sk-"), std::string::npos);
}

TEST_P(ProviderTest, CancellingWhileWaitingClosesTheUpstreamCall) {
    const auto model = make("cut_after=100,stall_after=2");
    const ModelAnswer answer = shard_.run([=]() -> Task<ModelAnswer> {
        CancelSource stop;
        // After the first batch the stream waits for what never comes.
        const runtime::DeadlineGuard guard(co_await runtime::current_executor(), stop,
                                           Deadline::after(milliseconds(50)));
        co_return co_await test::read_answer(*model, question(), stop.token());
    });
    EXPECT_EQ(answer.text, "One two");
    EXPECT_EQ(answer.error->kind, ErrorKind::kTimeout);
    EXPECT_TRUE(host_.ended().closed_by_client);
}

TEST_P(ProviderTest, CancellingBetweenTwoReadsClosesTheUpstreamCallAtOnce) {
    const auto model = make("stall_after=2");
    const auto stop = std::make_shared<CancelSource>();
    const ModelAnswer answer = shard_.run([=, this] {
        return test::read_answer(*model, question(), stop->token(), [=, this] {
            stop->cancel(CancelReason::kStop);
            // The mock sees it before anybody asks the stream again.
            EXPECT_TRUE(host_.ended().closed_by_client);
        });
    });
    EXPECT_EQ(answer.error->kind, ErrorKind::kCancelled);
}

TEST_P(ProviderTest, CancellingBeforeTheHeadClosesTheUpstreamCall) {
    const auto model = make("hang");
    const ModelAnswer answer = shard_.run([=]() -> Task<ModelAnswer> {
        CancelSource stop;
        const runtime::DeadlineGuard guard(co_await runtime::current_executor(), stop,
                                           Deadline::after(milliseconds(50)));
        co_return co_await test::read_answer(*model, question(), stop.token());
    });
    EXPECT_TRUE(answer.error);
    EXPECT_TRUE(host_.ended().closed_by_client);
}

TEST_P(ProviderTest, ACancelledTokenStartsNothing) {
    const auto model = make("");
    const ModelAnswer answer = shard_.run([=]() -> Task<ModelAnswer> {
        CancelSource stop;
        stop.cancel(CancelReason::kLostRace);
        co_return co_await test::read_answer(*model, question(), stop.token());
    });
    ASSERT_TRUE(answer.error);
    EXPECT_EQ(answer.error->kind, ErrorKind::kCancelled);
}

TEST_P(ProviderTest, DestroyingTheStreamClosesTheUpstreamCall) {
    const auto model = make("stall_after=2");
    shard_.run([=]() -> Task<void> {
        const auto stream = co_await model->start(question(), {});
        EXPECT_TRUE(stream);
        EXPECT_TRUE(co_await (*stream)->next());
    });
    EXPECT_TRUE(host_.ended().closed_by_client);
}

TEST_P(ProviderTest, ReusesItsConnectionAfterWholeAnswersOnly) {
    const auto model = make("");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(model).text, kText);
    EXPECT_EQ(host_.connections_total(), 1);
    const auto stalling = make("stall_after=1", "sk-right", milliseconds(1));
    EXPECT_TRUE(ask(stalling).error);
    EXPECT_TRUE(ask(stalling).error);
    EXPECT_EQ(host_.connections_total(), 3);
}

TEST_P(ProviderTest, ReusesItsConnectionAfterARefusal) {
    const auto model = make("status=429");
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(model).error);
    EXPECT_EQ(host_.connections_total(), 1);
}

TEST_P(ProviderTest, AWarmConnectionIsTheOneThatIsUsed) {
    const auto model = make("");
    EXPECT_TRUE(shard_.run([=] { return model->warm({}); }));
    EXPECT_TRUE(shard_.run([=] { return model->probe({}); }));
    EXPECT_EQ(ask(model).text, kText);
    EXPECT_EQ(host_.connections_total(), 1);
}

TEST_P(ProviderTest, ARefusedConnectionIsAnUnavailableModel) {
    const auto model = make("");
    host_.stop();
    const ModelAnswer answer = ask(model);
    EXPECT_EQ(answer.error->kind, ErrorKind::kUnavailable);
    EXPECT_EQ(answer.error->source, "model.fast");
    EXPECT_FALSE(shard_.run([=] { return model->probe({}); }));
    EXPECT_FALSE(shard_.run([=] { return model->warm({}); }));
}

/// Asks on one shard of a group and returns the text.
std::string ask_on(runtime::Shard& shard, const std::shared_ptr<RemoteModel>& model) {
    auto promise = std::make_shared<std::promise<ModelAnswer>>();
    auto future = promise->get_future();
    shard.post([&shard, promise, model] {
        runtime::spawn_detached(shard.executor(), [promise, model]() -> Task<void> {
            promise->set_value(co_await test::read_answer(*model, question()));
        });
    });
    return future.get().text;
}

TEST_P(ProviderTest, ServesEveryShardWithItsOwnConnection) {
    runtime::Shards shards(2);
    shards.start();
    auto model = make("");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(ask_on(shards.at(0), model), kText);
        EXPECT_EQ(ask_on(shards.at(1), model), kText);
    }
    EXPECT_EQ(host_.connections_total(), 2);
    model.reset();  // while the shards run
    auto second = make("");
    EXPECT_EQ(ask_on(shards.at(1), second), kText);
    shards.stop_and_join();
    second.reset();  // after they have stopped
}

TEST_P(ProviderTest, TwoGroupsOfShardsCannotShareAModel) {
    const auto model = make("");
    EXPECT_EQ(ask(model).text, kText);
    test::TestShard other;
    const ModelAnswer answer = other.run([=] { return test::read_answer(*model, question()); });
    ASSERT_TRUE(answer.error);
    EXPECT_EQ(answer.error->kind, ErrorKind::kInternal);
}

class OpenAiProviderTest : public ProviderTest {};
INSTANTIATE_TEST_SUITE_P(Providers, OpenAiProviderTest, testing::Values(Protocol::kOpenAi));

TEST_P(OpenAiProviderTest, AnAnswerWithoutDoneIsWhole) {
    const ModelAnswer answer = ask("drop_done");
    EXPECT_FALSE(answer.error);
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    EXPECT_TRUE(answer.usage);
}

TEST_P(OpenAiProviderTest, SendsThePassthroughAsItIs) {
    ModelRequest request = question();
    request.openai_passthrough =
        R"("messages":[{"role":"user","content":"raw"}],"max_tokens":2,"seed":  7)";
    EXPECT_EQ(ask(make(""), request).finish, FinishReason::kLength);
    EXPECT_EQ(host_.ended().body,
              R"({"model":"mock-1","stream":true,"stream_options":{"include_usage":true},)" +
                  request.openai_passthrough + "}");
}

TEST_P(OpenAiProviderTest, FetchesAnAnswerThatNobodyStreamsAsOneDocument) {
    ModelRequest request = question();
    request.is_streamed = false;
    const ModelAnswer answer = ask(make(""), request);
    EXPECT_FALSE(answer.error);
    EXPECT_EQ(answer.text, kText);
    EXPECT_EQ(answer.deltas, 1u);
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    EXPECT_TRUE(answer.usage);
    EXPECT_EQ(host_.ended().body.find("stream"), std::string::npos);
}

TEST_P(OpenAiProviderTest, AWholeAnswerMayTakeLongerThanAFirstToken) {
    model::OpenAiOptions options;
    options.name = "fast";
    options.base_url = host_.url("/v1");
    options.model_id = "mock-1";
    options.key = base::Secret("sk-right");
    options.first_token_time = milliseconds(1);
    options.headers.push_back({"x-mock", "ttft=50"});
    const std::shared_ptr<RemoteModel> model = *model::make_openai_model(std::move(options));
    ModelRequest request = question();
    request.is_streamed = false;
    EXPECT_EQ(ask(model, request).text, kText);
    request.is_streamed = true;
    EXPECT_EQ(ask(model, request).error->kind, ErrorKind::kTimeout);
}

TEST_P(OpenAiProviderTest, GivesLogprobsWhenAsked) {
    ModelRequest request = question();
    request.wants_logprobs = true;
    const ModelAnswer answer = ask(make(""), request);
    EXPECT_EQ(answer.text, kText);
    EXPECT_EQ(answer.logprobs.size(), answer.deltas);
}

class AnthropicProviderTest : public ProviderTest {
  protected:
    ModelAnswer ask_with(std::string version, ModelRequest request) {
        model::AnthropicOptions options;
        options.name = "fast";
        options.base_url = host_.url();
        options.model_id = "claude";
        options.key = base::Secret("sk-right\n");
        options.version = std::move(version);
        return ask(*model::make_anthropic_model(std::move(options)), std::move(request));
    }
};
INSTANTIATE_TEST_SUITE_P(Providers, AnthropicProviderTest, testing::Values(Protocol::kAnthropic));

TEST_P(AnthropicProviderTest, SendsSamplingFieldsOnlyToTheVersionThatTakesThem) {
    ModelRequest request = question();
    request.temperature = 0.5;
    EXPECT_EQ(ask_with("2023-06-01", request).text, kText);
    EXPECT_NE(host_.ended(0).body.find("temperature"), std::string::npos);
    EXPECT_EQ(ask_with("2026-10-21", request).text, kText);
    EXPECT_EQ(host_.ended(1).body.find("temperature"), std::string::npos);
}

TEST(ProviderOptions, AreCheckedWithoutShowingTheKey) {
    const auto error = [](auto change) {
        model::OpenAiOptions options;
        options.name = "fast";
        options.base_url = "http://localhost:1";
        options.model_id = "m";
        change(options);
        const auto made = model::make_openai_model(std::move(options));
        return made ? "accepted" : made.error().external;
    };
    using Options = model::OpenAiOptions;
    EXPECT_EQ(error([](Options&) {}), "accepted");
    EXPECT_EQ(error([](Options& o) { o.key = base::Secret(" sk-1 \r\n"); }), "accepted");
    EXPECT_EQ(error([](Options& o) { o.key = base::Secret("sk\r\nx: 1"); }),
              "model 'fast': the key contains characters that no key has");
    EXPECT_NE(error([](Options& o) { o.base_url = "localhost"; }).find("not a URL"),
              std::string::npos);
    EXPECT_NE(error([](Options& o) { o.model_id = ""; }).find("model id is missing"),
              std::string::npos);
    EXPECT_NE(error([](Options& o) { o.headers.push_back({"x y", "1"}); }).find("header"),
              std::string::npos);
    EXPECT_NE(error([](Options& o) { o.headers.push_back({"x", "1\r\n"}); }).find("header"),
              std::string::npos);
    model::AnthropicOptions options;
    options.model_id = "claude";
    options.version = "latest";
    EXPECT_FALSE(model::make_anthropic_model(std::move(options)));
}

}  // namespace
}  // namespace hayate::mock
