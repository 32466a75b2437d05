// The decoders of both protocols on recorded streams: what comes out never depends on how the bytes
// were cut, and a stream that is cut anywhere is never taken for a whole answer.

#include <functional>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "io/model/anthropic/anthropic_decoder.hpp"
#include "io/model/openai/openai_decoder.hpp"

namespace hayate::model {
namespace {

constexpr std::string_view kOpenAi =
    "data: "
    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
    "\"finish_reason\":null}]}\n\n"
    ": keep-alive\n\n"
    "data: "
    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"進撃\"},\"finish_reason\":"
    "null}]}\r\n\r\n"
    "data:{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" \\ud83d\\ude00 "
    "x\"},\"finish_reason\":null}]}\n\n"
    "data: "
    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n"
    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"
    "data: "
    "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n"
    "data: [DONE]\n\n";

constexpr std::string_view kAnthropic =
    "event: message_start\ndata: "
    "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5,\"cache_read_input_"
    "tokens\":4,\"output_tokens\":1}}}\n\n"
    "event: ping\ndata: {\"type\": \"ping\"}\n\n"
    "event: content_block_start\ndata: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":"
    "\"\"}}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
    "\"進撃\"}}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" "
    "😀 x\"}}\n\n"
    "event: brand_new\ndata: {\"type\":\"brand_new\",\"text\":\"?\"}\n\n"
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "event: message_delta\ndata: "
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{\"output_"
    "tokens\":3}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

struct Sum {
    std::string text;
    std::string raw;
    std::optional<FinishReason> finish;
    std::optional<int64_t> prompt_tokens;
    std::optional<int64_t> completion_tokens;
    std::optional<ErrorKind> error;
    bool is_terminated = false;
    friend bool operator==(const Sum&, const Sum&) = default;
};

void add(Sum& sum, const ModelEvent& event) {
    if (const auto* text = std::get_if<TextDelta>(&event)) sum.text += text->text;
    if (const auto* raw = std::get_if<RawDelta>(&event)) sum.raw += raw->json;
    if (const auto* finish = std::get_if<Finish>(&event)) {
        EXPECT_FALSE(sum.finish) << "two finishes";
        sum.finish = finish->reason;
    }
    if (const auto* usage = std::get_if<Usage>(&event)) {
        EXPECT_FALSE(sum.prompt_tokens) << "two usages";
        sum.prompt_tokens = usage->prompt_tokens;
        sum.completion_tokens = usage->completion_tokens;
    }
}

using Maker = std::function<std::unique_ptr<StreamDecoder>()>;
using Pieces = std::vector<std::string_view>;

Sum run(const Maker& make, const Pieces& pieces) {
    const auto decoder = make();
    Sum sum;
    for (const std::string_view piece : pieces) {
        Events events;
        const Status fed = decoder->feed(piece, events);
        for (const ModelEvent& event : events) add(sum, event);
        if (!fed) {
            sum.error = fed.error().kind;
            return sum;
        }
    }
    EXPECT_EQ(decoder->is_finished(), sum.finish.has_value());
    sum.is_terminated = decoder->is_terminated();
    return sum;
}

struct Case {
    const char* name;
    Maker make;
    std::string_view stream;
    Sum expected;
    size_t finish_at;  // from here on the text is known to be whole
};
class Decoders : public testing::TestWithParam<Case> {};

TEST_P(Decoders, GiveTheSameEventsHoweverTheBytesAreCut) {
    const auto& [name, make, stream, expected, finish_at] = GetParam();
    EXPECT_EQ(run(make, {stream}), expected);
    Pieces bytes;
    for (size_t i = 0; i < stream.size(); ++i) bytes.push_back(stream.substr(i, 1));
    EXPECT_EQ(run(make, bytes), expected);
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        Pieces pieces;
        for (size_t at = 0; at < stream.size();) {
            const size_t size = std::uniform_int_distribution<size_t>(1, 80)(random);
            pieces.push_back(stream.substr(at, size));
            at += size;
        }
        ASSERT_EQ(run(make, pieces), expected) << "split " << i;
    }
}

TEST_P(Decoders, NeverTakeACutStreamForAWholeAnswer) {
    const auto& [name, make, stream, expected, finish_at] = GetParam();
    for (size_t size = 0; size <= stream.size(); ++size) {
        const Sum cut = run(make, {stream.substr(0, size)});
        EXPECT_EQ(cut.finish.has_value(), size >= finish_at) << size;
        EXPECT_FALSE(cut.error) << size;
        EXPECT_TRUE(expected.text.starts_with(cut.text)) << size;
    }
}

TEST_P(Decoders, EveryBrokenByteIsToleratedOrAnErrorButNeverACrash) {
    const auto& [name, make, stream, expected, finish_at] = GetParam();
    std::mt19937 random(9);
    for (int i = 0; i < 5000; ++i) {
        std::string mutant(stream);
        mutant[random() % mutant.size()] = static_cast<char>(random());
        const Sum sum = run(make, {mutant});
        if (sum.error) {
            EXPECT_NE(*sum.error, ErrorKind::kInternal);
        }
    }
}

const Maker kMakeOpenAi = [] { return std::make_unique<OpenAiDecoder>("m", ""); };
const Maker kMakeAnthropic = [] { return std::make_unique<AnthropicDecoder>("m", ""); };

INSTANTIATE_TEST_SUITE_P(
    Remote, Decoders,
    testing::Values(Case{"OpenAi",
                         kMakeOpenAi,
                         kOpenAi,
                         {.text = "進撃 😀 x",
                          .raw = R"({"tool_calls":[{"index":0}]})",
                          .finish = FinishReason::kLength,
                          .prompt_tokens = 9,
                          .completion_tokens = 3,
                          .is_terminated = true},
                         kOpenAi.find("\n\ndata: {\"id\":\"c\",\"choices\":[],") + 2},
                    Case{"Anthropic",
                         kMakeAnthropic,
                         kAnthropic,
                         {.text = "進撃 😀 x",
                          .finish = FinishReason::kLength,
                          .prompt_tokens = 9,
                          .completion_tokens = 3,
                          .is_terminated = true},
                         kAnthropic.size()}),
    [](const auto& info) { return info.param.name; });

Sum openai(std::string_view stream) { return run(kMakeOpenAi, {stream}); }
Sum anthropic(std::string_view stream) { return run(kMakeAnthropic, {stream}); }

TEST(OpenAiDecoder, DoneAloneFinishesTheAnswer) {
    const Sum sum =
        openai("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n");
    EXPECT_EQ(sum.text, "a");
    EXPECT_EQ(sum.finish, FinishReason::kStop);
    EXPECT_FALSE(sum.prompt_tokens);
}

TEST(OpenAiDecoder, RepeatedUsageIsGivenOnce) {
    const Sum sum = openai(
        "data: "
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":4,"
        "\"completion_tokens\":1}}\n\n"
        "data: "
        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":4,"
        "\"completion_tokens\":2}}\n\n"
        "data: [DONE]\n\n");
    EXPECT_EQ(sum.completion_tokens, 2);
}

TEST(OpenAiDecoder, ErrorsInTheStreamHaveAKind) {
    EXPECT_EQ(
        openai("data: {\"error\":{\"message\":\"x\",\"type\":\"overloaded_error\"}}\n\n").error,
        ErrorKind::kBusy);
    EXPECT_EQ(openai("event: error\ndata: {\"message\":\"x\"}\n\n").error, ErrorKind::kUpstream);
    EXPECT_EQ(openai("event: error\ndata: oh no\n\n").error, ErrorKind::kUpstream);
    EXPECT_EQ(openai("data: {\"choices\":[{\"delta\":{\"content\":\"tru\n\n").error,
              ErrorKind::kUpstream);
    EXPECT_EQ(openai("data: <html>\n\n").error, ErrorKind::kUpstream);
}

TEST(OpenAiDecoder, TakesAWholeCompletion) {
    OpenAiDecoder decoder("m", "");
    Events events;
    ASSERT_TRUE(decoder.feed_document(
        R"({"choices":[{"message":{"role":"assistant","content":"hi"},)"
        R"("finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}})",
        events));
    EXPECT_EQ(events.size(), 3u);
    EXPECT_TRUE(decoder.is_terminated());
    OpenAiDecoder other("m", "");
    EXPECT_FALSE(other.feed_document(R"({"choices":[{"message":{"content":"hi"}}]})", events));
}

TEST(AnthropicDecoder, AnEndWithoutMessageStopIsNoEnd) {
    const Sum sum = anthropic(
        "event: message_delta\ndata: "
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_"
        "tokens\":3}}\n\n");
    EXPECT_FALSE(sum.finish);
}

TEST(AnthropicDecoder, ErrorsInTheStreamHaveAKind) {
    EXPECT_EQ(
        anthropic(
            "event: error\ndata: "
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n")
            .error,
        ErrorKind::kBusy);
    EXPECT_EQ(anthropic("event: x\ndata: {\"type\":\n\n").error, ErrorKind::kUpstream);
}

TEST(AnthropicDecoder, TakesAWholeMessage) {
    AnthropicDecoder decoder("m", "");
    Events events;
    ASSERT_TRUE(decoder.feed_document(
        R"({"type":"message","content":[{"type":"text","text":"hi"}],)"
        R"("stop_reason":"refusal","usage":{"input_tokens":1,"output_tokens":1}})",
        events));
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(std::get<Finish>(events[2]).reason, FinishReason::kContentFilter);
    AnthropicDecoder other("m", "");
    EXPECT_FALSE(other.feed_document(R"({"type":"ping"})", events));
}

}  // namespace
}  // namespace hayate::model
