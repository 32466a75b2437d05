#include <gtest/gtest.h>

#include "core/wire/anthropic_call.hpp"
#include "core/wire/anthropic_writer.hpp"
#include "core/wire/sse.hpp"

namespace hayate::wire {
namespace {

using Kind = AnthropicEvent::Kind;

UpstreamCall call() {
    static const std::vector<std::string> stop{"END"};
    return {
        .model = "claude",
        .system = "Be kind.",
        .messages = {{"user", "a\""}, {"system", "Also brief."}, {"assistant", ""}, {"user", "b"}},
        .max_tokens = 64,
        .temperature = 1.5,
        .top_p = 0.9,
        .stop = stop};
}

TEST(AnthropicCall, IsEncodedWithTheSystemPromptMarkedForTheCache) {
    EXPECT_EQ(encode_anthropic_call(call(), {.version = "2023-06-01"}),
              R"({"model":"claude","max_tokens":64,"stream":true,"system":[{"type":"text",)"
              R"("text":"Be kind.\n\nAlso brief.","cache_control":{"type":"ephemeral"}}],)"
              R"("messages":[{"role":"user","content":"a\""},{"role":"user","content":"b"}],)"
              R"("temperature":1,"stop_sequences":["END"]})");
}

TEST(AnthropicCall, DropsSamplingFieldsFromTheVersionThatRefusesThem) {
    const std::string body =
        encode_anthropic_call(call(), {.version = "2026-10-21", .caches_system = false});
    EXPECT_EQ(body.find("temperature"), std::string::npos);
    EXPECT_EQ(body.find("top_p"), std::string::npos);
    EXPECT_EQ(body.find("cache_control"), std::string::npos);
}

AnthropicEvent decode(std::string_view json) {
    AnthropicEvent event;
    const Status decoded = decode_anthropic_event(json, event);
    EXPECT_TRUE(decoded) << json;
    return event;
}

TEST(AnthropicEvents, AreDecoded) {
    const AnthropicEvent start =
        decode(R"({"type":"message_start","message":{"id":"msg","type":"message",)"
               R"("role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":25,)"
               R"("cache_creation_input_tokens":3,"cache_read_input_tokens":100,)"
               R"("output_tokens":1}}})");
    EXPECT_EQ(start.kind, Kind::kStart);
    EXPECT_EQ(start.input_tokens, 25);
    EXPECT_EQ(start.cache_read_tokens, 100);
    EXPECT_EQ(start.cache_write_tokens, 3);
    const AnthropicEvent text = decode(
        R"({"index":0,"delta":{"text":"進","type":"text_delta"},"type":"content_block_delta"})");
    EXPECT_EQ(text.kind, Kind::kText);
    EXPECT_EQ(text.text, "進");
    const AnthropicEvent stop =
        decode(R"({"type":"message_delta","delta":{"stop_reason":"max_tokens",)"
               R"("stop_sequence":null},"usage":{"output_tokens":15}})");
    EXPECT_EQ(stop.kind, Kind::kStopReason);
    EXPECT_EQ(stop.stop_reason, "max_tokens");
    EXPECT_EQ(stop.output_tokens, 15);
    EXPECT_EQ(decode(R"({"type":"message_stop"})").kind, Kind::kStop);
    const AnthropicEvent error =
        decode(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
    EXPECT_EQ(error.kind, Kind::kError);
    EXPECT_EQ(kind_of(error.error), ErrorKind::kBusy);
}

TEST(AnthropicEvents, TolerateWhatIsNew) {
    for (
        const char* other :
        {R"({"type":"ping"})", R"({"type":"content_block_stop","index":0})",
         R"({"type":"later","text":"x"})", "{}",
         R"({"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}})",
         R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}})",
         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"}) {
        EXPECT_EQ(decode(other).kind, Kind::kOther) << other;
    }
}

TEST(AnthropicEvents, RefuseWhatIsNoEvent) {
    AnthropicEvent event;
    for (const char* wrong :
         {"", "x", "[]", R"({"type":5})", R"({"type":"content_block_delta","delta":{"text":5}})",
          R"({"type":"message_stop")", R"({"type":"message_stop"}x)",
          "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\xe3\"}}"}) {
        const Status decoded = decode_anthropic_event(wrong, event);
        ASSERT_FALSE(decoded) << wrong;
        EXPECT_EQ(decoded.error().kind, ErrorKind::kUpstream);
    }
}

TEST(AnthropicEvents, AWholeMessageIsOneToo) {
    const AnthropicEvent message =
        decode(R"({"id":"m","type":"message","role":"assistant","content":[{"type":"thinking",)"
               R"("thinking":"x"},{"type":"text","text":"a"},{"type":"text","text":"b"}],)"
               R"("stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}})");
    EXPECT_EQ(message.kind, Kind::kMessage);
    EXPECT_EQ(message.text, "ab");
    EXPECT_EQ(message.stop_reason, "end_turn");
    EXPECT_EQ(message.output_tokens, 2);
}

TEST(MessageWriter, WritesEveryEventInTheOneOrderThatClientsAccept) {
    const MessageWriter writer("msg_1", "claude");
    const TokenUsage usage{.prompt_tokens = 10, .completion_tokens = 2, .cached_prompt_tokens = 4};
    std::string out;
    writer.append_start(out, usage);
    writer.append_text(out, "進\"");
    writer.append_finish(out, "length", usage);
    EXPECT_EQ(out,
              "event: message_start\n"
              R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message",)"
              R"("role":"assistant","model":"claude","content":[],"stop_reason":null,)"
              R"("stop_sequence":null,"usage":{"input_tokens":6,)"
              R"("cache_creation_input_tokens":0,"cache_read_input_tokens":4,)"
              R"("output_tokens":0}}})"
              "\n\n"
              "event: content_block_start\n"
              R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text",)"
              R"("text":""}})"
              "\n\n"
              "event: content_block_delta\n"
              R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
              R"("text":"進\""}})"
              "\n\n"
              "event: content_block_stop\n"
              R"(data: {"type":"content_block_stop","index":0})"
              "\n\n"
              "event: message_delta\n"
              R"(data: {"type":"message_delta","delta":{"stop_reason":"max_tokens",)"
              R"("stop_sequence":null},"usage":{"output_tokens":2}})"
              "\n\n"
              "event: message_stop\n"
              R"(data: {"type":"message_stop"})"
              "\n\n");
}

TEST(MessageWriter, WhatItWritesIsReadBack) {
    const MessageWriter writer("msg_1", "claude");
    const TokenUsage usage{.prompt_tokens = 10, .completion_tokens = 2};
    std::string out;
    writer.append_start(out, usage);
    writer.append_text(out, "a");
    writer.append_finish(out, "stop", usage);
    append_anthropic_stream_error(out, base::public_error(ErrorKind::kRateLimited, "t", "slow"));
    std::vector<Kind> kinds;
    SseParser parser;
    ASSERT_TRUE(parser.feed(out, [&](const SseEvent& event) {
        AnthropicEvent decoded;
        Status status = decode_anthropic_event(event.data, decoded);
        kinds.push_back(decoded.kind);
        return status;
    }));
    EXPECT_EQ(kinds, (std::vector{Kind::kStart, Kind::kOther, Kind::kText, Kind::kOther,
                                  Kind::kStopReason, Kind::kStop, Kind::kError}));
    const AnthropicEvent whole = decode(writer.body("hi", "stop", usage));
    EXPECT_EQ(whole.kind, Kind::kMessage);
    EXPECT_EQ(whole.text, "hi");
    EXPECT_EQ(whole.input_tokens, 10);
}

TEST(MessageWriter, ErrorsCarryAnthropicsNames) {
    EXPECT_EQ(anthropic_error_body(base::public_error(ErrorKind::kBusy, "t", "full")),
              R"({"type":"error","error":{"type":"overloaded_error","message":"full"}})");
    EXPECT_EQ(anthropic_error_body(base::private_error(ErrorKind::kUnauthenticated, "t", "x")),
              R"({"type":"error","error":{"type":"authentication_error","message":"A valid API )"
              R"(key or token is needed."}})");
}

}  // namespace
}  // namespace hayate::wire
