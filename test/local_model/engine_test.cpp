// The engine with real weights. Order and counters are asserted, never durations.

#include "io/model/llama/engine.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "core/base/json_text.hpp"
#include "test/local_model/local_model_support.hpp"

namespace hayate::test {
namespace {

using llama::AnswerEnd;
using llama::EndReason;
using llama::Engine;
using llama::EngineRequest;
using llama::LoadState;
using llama::ModelStats;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSystem =
    "You are the assistant of a manga store. Answer in the customer's language, in one or two "
    "short sentences.";
constexpr llama::ModelIndex kFast = 0;
constexpr llama::ModelIndex kStrong = 1;

std::vector<llama::ModelSpec> specs() {
    return {{.name = "fast",
             .path = weights_path(kFastFile),
             .slots = 2,
             .queue_max = 2,
             .context_tokens = 1024,
             .system_prompts = {kSystem}},
            {.name = "strong",
             .path = weights_path(kStrongFile),
             .slots = 2,
             .context_tokens = 1024,
             .system_prompts = {kSystem}}};
}

EngineRequest ask(std::string question, int max_tokens = 40) {
    return {.messages = {{"system", kSystem}, {"user", std::move(question)}},
            .max_tokens = max_tokens,
            .sampling = {.temperature = 0.0F, .repeat_penalty = 1.0F}};
}

/// A question whose answer is long enough to be cut in on.
EngineRequest ask_for_long(int max_tokens = 300) {
    return ask("Count from 1 to 200 in words, one number per line. Do not stop early.", max_tokens);
}

class EngineTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        engine_ = std::make_unique<Engine>(llama::EngineOptions{}, specs());
    }
    static void TearDownTestSuite() { engine_.reset(); }

    void SetUp() override { ASSERT_EQ(load(kFast), LoadState::kReady); }
    void TearDown() override {
        for (const llama::RequestId id : running_) engine_->cancel(id);
        wait_until([](const ModelStats& stats) { return stats.live == 0 && stats.queued == 0; });
    }

    static LoadState load(llama::ModelIndex model) {
        return engine_->wait_until_loaded(model, Deadline::after(kLongPatience));
    }
    llama::RequestId start(const Collector& collector, const EngineRequest& request,
                           llama::ModelIndex model = kFast) {
        auto id = engine_->submit(model, request, Collector(collector).sink());
        if (!id) ADD_FAILURE() << id.error().internal;
        running_.push_back(id.value_or(0));
        return running_.back();
    }
    template <class Condition>
    ModelStats wait_until(Condition condition) {
        const Deadline deadline = Deadline::after(kLongPatience);
        while (!deadline.has_passed()) {
            ModelStats stats = engine_->stats(kFast);
            if (condition(stats)) return stats;
            std::this_thread::yield();
        }
        ADD_FAILURE() << "the engine did not get there";
        return {};
    }

    static std::unique_ptr<Engine> engine_;
    std::vector<llama::RequestId> running_;
};
std::unique_ptr<Engine> EngineTest::engine_;

TEST_F(EngineTest, AnswersInEnglishAndJapanese) {
    Collector english;
    Collector japanese;
    start(english, ask("What is the capital of France?"));
    start(japanese, ask("こんにちは。おすすめの漫画はありますか？"));
    EXPECT_EQ(english.end().reason, EndReason::kStop);
    EXPECT_THAT(english.text(), HasSubstr("Paris"));
    japanese.wait_for_end();
    EXPECT_THAT(japanese.text(), AnyOf(HasSubstr("です"), HasSubstr("ます")));
}

TEST_F(EngineTest, TheStrongModelAnswersWhileTheFastOneWrites) {
    Collector fast;
    start(fast, ask_for_long());
    ASSERT_EQ(load(kStrong), LoadState::kReady);
    Collector strong;
    start(strong, ask("日本の首都はどこですか？"), kStrong);
    EXPECT_EQ(strong.end().reason, EndReason::kStop);
    EXPECT_THAT(strong.text(), HasSubstr("東京"));
    const size_t before = fast.chunks().size();
    EXPECT_TRUE(fast.wait_for_chunks(before + 1));
}

TEST_F(EngineTest, TwoWriteAtOnceTheThirdWaitsAndTheFifthIsRefused) {
    Collector first;
    Collector second;
    start(first, ask_for_long());
    start(second, ask_for_long());
    ASSERT_TRUE(first.wait_for_chunks(2));
    ASSERT_TRUE(second.wait_for_chunks(2));
    Collector third;
    Collector fourth;
    const auto third_id = start(third, ask("Say yes."));
    start(fourth, ask("Say yes."));
    const ModelStats stats = wait_until([](const ModelStats& s) { return s.queued == 2; });
    EXPECT_EQ(stats.live, 2);
    const auto fifth = engine_->submit(kFast, ask("Say yes."), Collector().sink());
    ASSERT_FALSE(fifth);
    EXPECT_EQ(fifth.error().kind, ErrorKind::kBusy);
    EXPECT_GT(fifth.error().retry_after.value_or(milliseconds(0)).count(), 0);
    // A place in the queue that is given up can be taken.
    engine_->cancel(third_id);
    wait_until([](const ModelStats& s) { return s.queued == 1; });
    Collector sixth;
    start(sixth, ask("Say yes."));
    EXPECT_TRUE(third.chunks().empty());
}

TEST_F(EngineTest, ACancelledAnswerLeavesWithinOneStepAndTheOtherGoesOn) {
    Collector cancelled;
    Collector other;
    const auto id = start(cancelled, ask_for_long());
    start(other, ask_for_long());
    ASSERT_TRUE(cancelled.wait_for_chunks(3));
    ASSERT_TRUE(other.wait_for_chunks(3));
    const int64_t cancelled_before = engine_->stats(kFast).counts.cancelled;
    engine_->cancel(id);
    const size_t heard = cancelled.chunks().size();
    const size_t others = other.chunks().size();
    ASSERT_TRUE(other.wait_for_chunks(others + 5));
    EXPECT_LE(cancelled.chunks().size(), heard + 1);
    const ModelStats stats = engine_->stats(kFast);
    EXPECT_EQ(stats.counts.cancelled, cancelled_before + 1);
    EXPECT_EQ(stats.live, 1);
}

TEST_F(EngineTest, APromptThatIsBeingReadIsInterrupted) {
    std::string documents;
    for (int i = 0; i < 60; ++i) documents += "Volume " + std::to_string(i) + " is in stock. ";
    const int64_t before = engine_->stats(kFast).counts.interrupted;
    // A cancel that comes just between two chunks interrupts nothing, and the engine says that it
    // is reading at the end of one: try again, each time a little later into the next.
    for (int i = 0; i < 30 && engine_->stats(kFast).counts.interrupted == before; ++i) {
        Collector collector;
        const auto id = start(collector, ask(documents));
        wait_until([](const ModelStats& s) { return s.live == 1; });
        const Deadline moment = Deadline::after(milliseconds(2 * i));
        while (!moment.has_passed()) std::this_thread::yield();
        engine_->cancel(id);
        wait_until([](const ModelStats& s) { return s.live == 0; });
        EXPECT_TRUE(collector.chunks().empty());
    }
    EXPECT_GT(engine_->stats(kFast).counts.interrupted, before);
}

TEST_F(EngineTest, EveryDeltaIsValidUtf8AndTheyAddUp) {
    const std::string words = "進撃の巨人🎌🐉👨‍👩‍👧 鬱龍";
    Collector collector;
    EngineRequest request = ask(words, 60);
    request.messages[0].content =
        "Repeat the user's text exactly, character by character. Do not translate.";
    start(collector, request);
    EXPECT_EQ(collector.end().reason, EndReason::kStop);
    for (const auto& chunk : collector.chunks()) {
        EXPECT_TRUE(base::is_valid_utf8(chunk.text));
        EXPECT_FALSE(chunk.text.empty());
    }
    EXPECT_THAT(collector.text(), HasSubstr("進撃の巨人"));
    EXPECT_THAT(collector.text(), HasSubstr("👨‍👩‍👧"));
    EXPECT_THAT(collector.text(), Not(HasSubstr("\uFFFD")));
    // Characters that take several tokens came in one piece.
    EXPECT_LT(static_cast<int64_t>(collector.chunks().size()), collector.end().completion_tokens);
}

TEST_F(EngineTest, EveryTokenHasALogprobWhenAskedFor) {
    EngineRequest request = ask("Name a fruit: 🍎 or 🍌?");
    request.wants_logprobs = true;
    Collector collector;
    start(collector, request);
    const AnswerEnd end = collector.end();
    size_t count = 0;
    for (const auto& chunk : collector.chunks()) {
        count += chunk.logprobs.size();
        for (const float logprob : chunk.logprobs) EXPECT_LE(logprob, 0.0F);
    }
    EXPECT_EQ(count, static_cast<size_t>(end.completion_tokens));
    EXPECT_GT(count, 0U);
}

/// Looks at one number of the state.
std::shared_ptr<const model::StateProbe> probe_of(int layer, size_t dimension, size_t width = 896) {
    model::StateProbe probe{.model = "fast", .layer = layer, .weights = std::vector<float>(width)};
    probe.weights.at(dimension) = 1;
    return std::make_shared<const model::StateProbe>(std::move(probe));
}

std::vector<float> probe_logits(const Collector& collector) {
    std::vector<float> all;
    for (const auto& chunk : collector.chunks())
        all.insert(all.end(), chunk.probe_logits.begin(), chunk.probe_logits.end());
    return all;
}

TEST_F(EngineTest, AProbeReadsTheStateOfEveryToken) {
    EngineRequest request = ask("Name a fruit: 🍎 or 🍌?");
    request.probe = probe_of(12, 5);
    Collector collector;
    start(collector, request);
    const AnswerEnd end = collector.end();
    const std::vector<float> logits = probe_logits(collector);
    EXPECT_EQ(logits.size(), static_cast<size_t>(end.completion_tokens));
    EXPECT_NE(logits.front(), logits.back());
    Collector without;
    start(without, ask("Name a fruit: 🍎 or 🍌?"));
    without.wait_for_end();
    EXPECT_EQ(without.text(), collector.text());  // looking changes nothing
    EXPECT_TRUE(probe_logits(without).empty());
}

// Rows of other answers and of prompts are in the same steps; each probe must see its own.
TEST_F(EngineTest, AProbeReadsTheSameStateWhateverElseIsComputed) {
    EngineRequest first = ask_for_long(12);
    first.probe = probe_of(12, 5);
    Collector alone;
    start(alone, first);
    alone.wait_for_end();
    Collector together;
    Collector other;
    EngineRequest second = ask("What is the capital of France?", 12);
    second.probe = probe_of(18, 100);
    start(other, second);
    start(together, first);
    together.wait_for_end();
    other.wait_for_end();
    ASSERT_EQ(together.text(), alone.text());
    const std::vector<float> expected = probe_logits(alone);
    const std::vector<float> found = probe_logits(together);
    ASSERT_EQ(found.size(), expected.size());
    // Sums of rounded numbers differ a little with the shape of a step; a state of another token is
    // far away.
    float spread = 0;
    for (const float value : expected)
        spread = std::max(spread, std::abs(value - expected.front()));
    for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 0.2 * spread) << i;
    EXPECT_NE(probe_logits(other), expected);
}

TEST_F(EngineTest, AProbeThatDoesNotFitIsLeftOut) {
    for (const auto& probe : {probe_of(23, 0), probe_of(400, 0), probe_of(12, 0, 1536)}) {
        EngineRequest request = ask("Say yes.", 3);
        request.probe = probe;
        Collector collector;
        start(collector, request);
        EXPECT_GT(collector.end().completion_tokens, 0);
        EXPECT_TRUE(probe_logits(collector).empty());
    }
}

TEST_F(EngineTest, TheSystemPromptIsReadOnceForEverybody) {
    Collector collector;
    start(collector, ask("Hello!", 1));
    const AnswerEnd end = collector.end();
    const int system_tokens = engine_->count_tokens(kFast, kSystem).value();
    EXPECT_GE(end.cached_prompt_tokens, system_tokens);
    EXPECT_LT(end.cached_prompt_tokens, end.prompt_tokens);
}

TEST_F(EngineTest, AConversationGoesOnFromItsOwnPrefixOnly) {
    EngineRequest request =
        ask("My favourite series is about a blue cat robot. Say only: noted.", 8);
    request.prefix_key = "anna";
    Collector first;
    start(first, request);
    const AnswerEnd first_end = first.end();
    request.messages.push_back({"assistant", first.text()});
    request.messages.push_back({"user", "Say yes."});
    Collector second;
    start(second, request);
    EXPECT_GE(second.end().cached_prompt_tokens, first_end.prompt_tokens);
    request.prefix_key = "boris";
    Collector stranger;
    start(stranger, request);
    EXPECT_EQ(stranger.end().cached_prompt_tokens, first_end.cached_prompt_tokens);
    EXPECT_EQ(stranger.text(), second.text());  // a reused prefix changes nothing
}

TEST_F(EngineTest, ReadingAheadMakesTheQuestionCheap) {
    EngineRequest request = ask("Which volume comes after the third?", 0);
    request.prefix_key = "typing";
    Collector ahead;
    start(ahead, request);
    EXPECT_EQ(ahead.end().completion_tokens, 0);
    EXPECT_TRUE(ahead.chunks().empty());
    request.max_tokens = 4;
    Collector asked;
    start(asked, request);
    const AnswerEnd end = asked.end();
    EXPECT_EQ(end.cached_prompt_tokens, end.prompt_tokens - 1);
}

TEST_F(EngineTest, ASystemPromptOfANewReleaseIsReadAhead) {
    const std::string system = "You sell only second-hand books. Be polite.";
    engine_->keep_system_prompts(kFast, {std::string(4000, 'x'), system});  // one is too long
    wait_until([](const ModelStats& stats) { return stats.system_prompts == 2; });
    EngineRequest request = ask("Hello!", 1);
    request.messages[0].content = system;
    Collector collector;
    start(collector, request);
    EXPECT_GE(collector.end().cached_prompt_tokens, engine_->count_tokens(kFast, system).value());
    Collector of_before;  // a turn that is pinned to the release before
    start(of_before, ask("Hello!", 1));
    EXPECT_GE(of_before.end().cached_prompt_tokens, engine_->count_tokens(kFast, kSystem).value());
    engine_->keep_system_prompts(kFast, {kSystem});
    wait_until([](const ModelStats& stats) { return stats.live == 0 && stats.queued == 0; });
    EXPECT_EQ(engine_->stats(kFast).system_prompts, 2);
}

TEST(EngineStart, SystemPromptsThatChangeWhileTheModelLoadsAreReadBeforeItIsReady) {
    const std::string system = "You sell only second-hand books. Be polite.";
    Engine engine({}, {specs().front()});
    engine.keep_system_prompts(kFast, {system});
    ASSERT_EQ(engine.wait_until_loaded(kFast, Deadline::after(kLongPatience)), LoadState::kReady);
    Collector collector;
    ASSERT_TRUE(engine.submit(
        kFast, {.messages = {{"system", system}, {"user", "Hello!"}}, .max_tokens = 1},
        Collector(collector).sink()));
    EXPECT_GE(collector.end().cached_prompt_tokens, engine.count_tokens(kFast, system).value());
}

TEST_F(EngineTest, ADeadlineThatPassesInTheQueueMeansBusy) {
    Collector first;
    Collector second;
    start(first, ask_for_long());
    start(second, ask_for_long());
    ASSERT_TRUE(first.wait_for_chunks(1));
    ASSERT_TRUE(second.wait_for_chunks(1));
    EngineRequest late = ask("Say yes.");
    late.first_token_deadline = Deadline::after(milliseconds(1));
    Collector third;
    start(third, late);
    EXPECT_EQ(third.error().kind, ErrorKind::kBusy);
    EXPECT_TRUE(first.wait_for_chunks(first.chunks().size() + 1));
}

TEST_F(EngineTest, AnAnswerThatHasBegunIsNotCutByItsDeadline) {
    EngineRequest request = ask_for_long(30);
    request.first_token_deadline = Deadline::after(kLongPatience);
    Collector collector;
    start(collector, request);
    EXPECT_EQ(collector.end().reason, EndReason::kLength);
}

TEST_F(EngineTest, AStopStringEndsTheAnswerAndNeverShows) {
    EngineRequest request = ask("Write the numbers 1 to 9, separated by commas.");
    request.stop = {"5", "unused"};
    Collector collector;
    start(collector, request);
    EXPECT_EQ(collector.end().reason, EndReason::kStop);
    EXPECT_THAT(collector.text(), HasSubstr("4"));
    EXPECT_THAT(collector.text(), Not(HasSubstr("5")));
}

TEST_F(EngineTest, MaxTokensEndsWithLength) {
    Collector collector;
    start(collector, ask_for_long(7));
    const AnswerEnd end = collector.end();
    EXPECT_EQ(end.reason, EndReason::kLength);
    EXPECT_EQ(end.completion_tokens, 7);
}

TEST_F(EngineTest, APromptOverTheContextIsRefusedAndAFullContextEndsTheAnswer) {
    std::string text;
    while (engine_->count_tokens(kFast, text).value() < 960) text += "one two three four five ";
    Collector collector;
    start(collector, ask(text + "Go on counting, never stop.", 1000));
    const AnswerEnd end = collector.end();
    if (end.reason == EndReason::kLength) {
        EXPECT_EQ(end.prompt_tokens + end.completion_tokens, 1024 + 1);
    }
    const auto refused = engine_->submit(kFast, ask(text + text), Collector().sink());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kTooLarge);
    EXPECT_EQ(
        engine_->submit(kFast, ask(std::string(1 << 20, 'a')), Collector().sink()).error().kind,
        ErrorKind::kTooLarge);
}

TEST_F(EngineTest, NobodyCanWriteAControlToken) {
    EXPECT_GT(engine_->count_tokens(kFast, "<|im_end|>").value(), 1);
}

TEST_F(EngineTest, TheSameSeedGivesTheSameAnswer) {
    EngineRequest request = ask("Invent a title for a manga.", 12);
    request.sampling = {.temperature = 0.8F, .seed = 42};
    Collector first;
    Collector second;
    start(first, request);
    first.wait_for_end();
    start(second, request);
    second.wait_for_end();
    EXPECT_EQ(first.text(), second.text());
}

TEST_F(EngineTest, SpeedsAreMeasured) {
    const ModelStats stats = engine_->stats(kFast);
    EXPECT_GT(stats.prompt_tokens_per_second, 0);
    EXPECT_GT(stats.generation_tokens_per_second, 0);
    EXPECT_EQ(stats.context_tokens, 1024);
}

TEST(EngineLifecycle, StoppingEndsLiveAndWaitingRequestsWithAnError) {
    Engine engine({}, {{.name = "fast", .path = weights_path(kFastFile), .slots = 1}});
    ASSERT_EQ(engine.wait_until_loaded(0, Deadline::after(kLongPatience)), LoadState::kReady);
    Collector live;
    Collector waiting;
    ASSERT_TRUE(engine.submit(0, ask_for_long(), live.sink()));
    ASSERT_TRUE(engine.submit(0, ask_for_long(), waiting.sink()));
    ASSERT_TRUE(live.wait_for_chunks(2));
    engine.stop();
    EXPECT_EQ(live.error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(waiting.error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(engine.submit(0, ask("Hello"), Collector().sink()).error().kind,
              ErrorKind::kUnavailable);
}

TEST(EngineLifecycle, StoppingWhileLoadingIsQuickAndQuiet) {
    Engine engine({}, {{.name = "strong", .path = weights_path(kStrongFile)}});
    const auto early = engine.submit(0, ask("Hello"), Collector().sink());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().kind, ErrorKind::kUnavailable);
    EXPECT_TRUE(early.error().retry_after);
    engine.stop();
}

TEST(EngineLifecycle, MissingAndBrokenFilesSayWhatIsWrong) {
    const auto folder = std::filesystem::temp_directory_path();
    const std::string broken = folder / ("hayate_broken_" + std::to_string(getpid()) + ".gguf");
    std::ofstream(broken) << "GGUF but not really";
    Engine engine({}, {{.name = "none", .path = folder / "no_such.gguf"},
                       {.name = "broken", .path = broken}});
    const Deadline deadline = Deadline::after(kLongPatience);
    EXPECT_EQ(engine.wait_until_loaded(0, deadline), LoadState::kAbsent);
    EXPECT_EQ(engine.wait_until_loaded(1, deadline), LoadState::kFailed);
    EXPECT_THAT(engine.stats(1).reason, HasSubstr("cannot load"));
    const auto refused = engine.submit(1, ask("Hello"), Collector().sink());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
    EXPECT_FALSE(refused.error().retry_after);
    std::filesystem::remove(broken);
}

}  // namespace
}  // namespace hayate::test
