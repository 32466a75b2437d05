#include "core/wire/openai_call.hpp"

#include <random>

#include <gtest/gtest.h>

#include "core/wire/openai_message.hpp"
#include "core/wire/openai_writer.hpp"
#include "core/wire/sse.hpp"

namespace hayate::wire {
namespace {

TEST(OpenAiCall, IsEncodedFromItsFields) {
    const std::vector<std::string> stop{"END", "\""};
    const UpstreamCall call{.model = "gpt",
                            .system = "Be \"kind\".",
                            .messages = {{"user", "進撃?"}, {"assistant", "はい\n"}},
                            .max_tokens = 50,
                            .temperature = 0.7,
                            .top_p = 1.0,
                            .stop = stop,
                            .wants_logprobs = true};
    EXPECT_EQ(encode_openai_call(call, "max_tokens"),
              R"({"model":"gpt","stream":true,"stream_options":{"include_usage":true},)"
              R"("messages":[{"role":"system","content":"Be \"kind\"."},{"role":"user",)"
              R"("content":"進撃?"},{"role":"assistant","content":"はい\n"}],"max_tokens":50,)"
              R"("temperature":0.7,"top_p":1,"stop":["END","\""],"logprobs":true})");
}

TEST(OpenAiCall, SendsThePassthroughInsteadOfTheFields) {
    const UpstreamCall call{.model = "gpt",
                            .messages = {{"user", "not sent"}},
                            .openai_passthrough = R"("messages":[],"seed":1)"};
    EXPECT_EQ(encode_openai_call(call, "max_completion_tokens"),
              R"({"model":"gpt","stream":true,"stream_options":{"include_usage":true},)"
              R"("messages":[],"seed":1})");
}

TEST(OpenAiCall, AsksForNoStreamWhenTheAnswerIsWantedWhole) {
    const UpstreamCall call{
        .model = "gpt", .is_streamed = false, .openai_passthrough = R"("messages":[])"};
    EXPECT_EQ(encode_openai_call(call, "max_tokens"), R"({"model":"gpt","messages":[]})");
}

OpenAiChunk decode(std::string_view json) {
    OpenAiChunk chunk;
    const Status decoded = decode_openai_chunk(json, chunk);
    EXPECT_TRUE(decoded) << json << decoded.error().internal;
    return chunk;
}

TEST(OpenAiChunk, GivesTextAndFinishReason) {
    const OpenAiChunk chunk =
        decode(R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m",)"
               R"("choices":[{"index":0,"delta":{"role":"assistant","content":"\u9032\u6483\n"},)"
               R"("logprobs":null,"finish_reason":"length"}],"usage":null})");
    EXPECT_EQ(chunk.text, "進撃\n");
    EXPECT_EQ(chunk.finish_reason, "length");
    EXPECT_EQ(chunk.other, "");
    EXPECT_FALSE(chunk.usage);
    EXPECT_FALSE(chunk.error);
}

TEST(OpenAiChunk, GivesWhatElseIsInTheDelta) {
    const OpenAiChunk chunk = decode(
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"a\",\"refusal\":null,\"x\":"
        "\"\",\"y\":[],"
        "\"tool_calls\":[{\"index\":0,\n\"function\":{\"arguments\":\"{\\\"\"}}],\"reasoning\":"
        "\"hm\"}}]}");
    EXPECT_EQ(chunk.text, "a");
    EXPECT_EQ(chunk.other,
              R"({"tool_calls":[{"index":0, "function":{"arguments":"{\""}}],"reasoning":"hm"})");
}

TEST(OpenAiChunk, GivesUsageWithCachedTokens) {
    const OpenAiChunk chunk =
        decode(R"({"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,)"
               R"("total_tokens":107,"prompt_tokens_details":{"cached_tokens":64,)"
               R"("audio_tokens":null},"completion_tokens_details":null}})");
    ASSERT_TRUE(chunk.usage);
    EXPECT_EQ(chunk.usage->prompt_tokens, 100);
    EXPECT_EQ(chunk.usage->completion_tokens, 7);
    EXPECT_EQ(chunk.usage->cached_prompt_tokens, 64);
}

TEST(OpenAiChunk, GivesLogprobsOfItsTokens) {
    const OpenAiChunk chunk =
        decode(R"({"choices":[{"delta":{"content":"ab"},"logprobs":{"content":[{"token":"a",)"
               R"("logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-9}]},{"token":"b",)"
               R"("logprob":-1.25}],"refusal":null}}]})");
    EXPECT_EQ(chunk.logprobs, (std::vector<float>{-0.5F, -1.25F}));
}

TEST(OpenAiChunk, GivesErrorsInBothShapes) {
    const OpenAiChunk chunk = decode(R"({"error":{"message":"slow down","type":"requests",)"
                                     R"("code":"rate_limit_exceeded","param":null}})");
    ASSERT_TRUE(chunk.error);
    EXPECT_EQ(chunk.error->message, "slow down");
    EXPECT_EQ(kind_of(*chunk.error), ErrorKind::kRateLimited);
    EXPECT_EQ(decode(R"({"error":"boom"})").error->message, "boom");
}

TEST(OpenAiChunk, ToleratesWhatIsNew) {
    EXPECT_EQ(
        decode(R"({"type":"ping","choices":null,"extra":{"choices":[{"delta":{"content":"x"}}]}})")
            .text,
        "");
    EXPECT_EQ(decode(R"({"choices":[{"index":0}]})").finish_reason, "");
}

TEST(OpenAiChunk, RefusesWhatIsNoChunk) {
    OpenAiChunk chunk;
    for (const char* wrong :
         {"", "hello", "[]", "{", R"({"choices":[{"delta":{"content":"a")", R"({"choices":5})",
          R"({"choices":["a"]})", R"({"choices":oops})", R"({"choices":nope})",
          R"({"choices":[{"delta":"a"}]})",
          "{\"choices\":[{\"delta\":{\"content\":\"\xe3\x81\"}}]}",
          R"({"choices":[{"delta":{"content":"\ud83d"}}]})", R"({"choices":[]} x)",
          R"({"choices":[{"finish_reason":5}]})", R"({"usage":{"prompt_tokens":"many"}})"}) {
        const Status decoded = decode_openai_chunk(wrong, chunk);
        ASSERT_FALSE(decoded) << wrong;
        EXPECT_EQ(decoded.error().kind, ErrorKind::kUpstream);
    }
}

TEST(OpenAiChunk, MutationsNeverCrash) {
    const std::string sound =
        R"({"choices":[{"index":0,"delta":{"content":"ab\u0041","tool_calls":[{"a":[1,)"
        R"(2.5]}]},"logprobs":{"content":[{"logprob":-1.5}]},"finish_reason":null}],)"
        R"("usage":{"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":1}},)"
        R"("error":null})";
    std::mt19937 random(5);
    constexpr std::string_view kBytes = "{}[]\",:\\0 entf\xff";
    OpenAiChunk chunk;
    for (int i = 0; i < 20'000; ++i) {
        std::string mutant = sound;
        for (int j = 0; j < 2; ++j)
            mutant[random() % mutant.size()] = kBytes[random() % kBytes.size()];
        (void)decode_openai_chunk(mutant, chunk);
    }
}

TEST(OpenAiCompletion, GivesItsMessageAsOneChunk) {
    OpenAiChunk chunk;
    ASSERT_TRUE(decode_openai_completion(
        R"({"object":"chat.completion","choices":[{"index":0,"message":{)"
        R"("role":"assistant","content":null,"tool_calls":[{"id":"c1"},{"id":"c2"}]},)"
        R"("finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,)"
        R"("completion_tokens":2}})",
        chunk));
    EXPECT_EQ(chunk.finish_reason, "tool_calls");
    EXPECT_EQ(chunk.other, R"({"tool_calls":[{"id":"c1","index":0},{"id":"c2","index":1}]})");
    EXPECT_EQ(chunk.usage->completion_tokens, 2);
}

TEST(UpstreamErrors, AreFoundInEveryShape) {
    const auto message = [](std::string_view body) {
        const auto error = decode_upstream_error(body);
        return error ? error->message : "none";
    };
    EXPECT_EQ(message(R"({"error":{"message":"a","type":"x"}})"), "a");
    EXPECT_EQ(message(R"({"type":"error","error":{"type":"overloaded_error","message":"b"},)"
                      R"("request_id":"r"})"),
              "b");
    EXPECT_EQ(message(R"({"object":"error","message":"c","code":40001})"), "c");
    EXPECT_EQ(message(R"({"detail":"d"})"), "d");
    EXPECT_EQ(message(R"({"error":"e"})"), "e");
    EXPECT_EQ(message("<html>no</html>"), "none");
    EXPECT_EQ(message(R"({"ok":true})"), "none");
}

TEST(UpstreamErrors, MeanWhatTheirNamesSay) {
    EXPECT_EQ(kind_of({.type = "overloaded_error"}), ErrorKind::kBusy);
    EXPECT_EQ(kind_of({.type = "invalid_request_error"}), ErrorKind::kBadRequest);
    EXPECT_EQ(kind_of({.type = "invalid_request_error", .code = "invalid_api_key"}),
              ErrorKind::kUnavailable);
    EXPECT_EQ(kind_of({.type = "requests", .code = "insufficient_quota"}), ErrorKind::kUnavailable);
    EXPECT_EQ(kind_of({.type = "authentication_error"}), ErrorKind::kUnavailable);
    EXPECT_EQ(kind_of({.type = "api_error"}), ErrorKind::kUpstream);
    EXPECT_EQ(kind_of({}), ErrorKind::kUpstream);
}

constexpr ChunkWriter::Options kOptions{
    .id = "chatcmpl-1", .model = "fa\"st", .created = 1700000000, .include_usage = true};

TEST(ChunkWriter, WritesWhatTheProtocolSays) {
    std::string out;
    const ChunkWriter writer(kOptions);
    writer.append_role(out);
    writer.append_text(out, "進\n\"");
    writer.append_finish(out, "stop");
    writer.append_usage(out,
                        {.prompt_tokens = 10, .completion_tokens = 2, .cached_prompt_tokens = 4});
    append_openai_done(out);
    const std::string head = R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk",)"
                             R"("created":1700000000,"model":"fa\"st","choices":[)";
    EXPECT_EQ(out,
              head +
                  R"({"index":0,"delta":{"role":"assistant","content":""},)"
                  R"("finish_reason":null}],"usage":null})"
                  "\n\n" +
                  head +
                  R"({"index":0,"delta":{"content":"進\n\""},"finish_reason":null}],"usage":null})"
                  "\n\n" +
                  head +
                  R"({"index":0,"delta":{},"finish_reason":"stop"}],"usage":null})"
                  "\n\n" +
                  head +
                  R"(],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,)"
                  R"("prompt_tokens_details":{"cached_tokens":4}}})"
                  "\n\n"
                  "data: [DONE]\n\n");
}

TEST(ChunkWriter, LeavesUsageOutWhenNobodyAsked) {
    std::string out;
    const ChunkWriter writer({.id = "c", .model = "m", .created = 1});
    writer.append_text(out, "a");
    writer.append_finish(out, "stop");
    EXPECT_EQ(out.find("usage"), std::string::npos);
}

TEST(ChunkWriter, WhatItWritesIsReadBack) {
    std::string out;
    const ChunkWriter writer(kOptions);
    writer.append_role(out);
    writer.append_text(out, "a\u0001\u007f\\");
    writer.append_token(out, "b", -0.25);
    writer.append_delta(out, R"({"tool_calls":[{"index":0}]})");
    writer.append_finish(out, "tool_calls");
    writer.append_usage(out, {.prompt_tokens = 3, .completion_tokens = 4});
    append_openai_stream_error(out, base::public_error(ErrorKind::kBusy, "t", "full"));
    std::vector<OpenAiChunk> chunks;
    SseParser parser;
    ASSERT_TRUE(parser.feed(out, [&](const SseEvent& event) {
        return decode_openai_chunk(event.data, chunks.emplace_back());
    }));
    ASSERT_EQ(chunks.size(), 7u);
    EXPECT_EQ(chunks[1].text, "a\u0001\u007f\\");
    EXPECT_EQ(chunks[2].text, "b");
    EXPECT_EQ(chunks[2].logprobs, std::vector<float>{-0.25F});
    EXPECT_EQ(chunks[3].other, R"({"tool_calls":[{"index":0}]})");
    EXPECT_EQ(chunks[4].finish_reason, "tool_calls");
    EXPECT_EQ(chunks[5].usage->completion_tokens, 4);
    EXPECT_EQ(chunks[6].error->message, "full");
    EXPECT_EQ(kind_of(*chunks[6].error), ErrorKind::kBusy);
}

TEST(OpenAiBodies, AreWhole) {
    EXPECT_EQ(openai_completion_body(kOptions, assistant_message("hi"), "stop",
                                     {.prompt_tokens = 1, .completion_tokens = 2}),
              R"({"id":"chatcmpl-1","object":"chat.completion","created":1700000000,)"
              R"("model":"fa\"st","choices":[{"index":0,"message":{"role":"assistant",)"
              R"("content":"hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],)"
              R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,)"
              R"("prompt_tokens_details":{"cached_tokens":0}}})");
    const std::vector<ListedModel> models{{.id = "fast", .created = 5},
                                          {.id = "strong", .created = 6, .owned_by = "x"}};
    EXPECT_EQ(openai_models_body(models),
              R"({"object":"list","data":[{"id":"fast","object":"model","created":5,)"
              R"("owned_by":"hayate"},{"id":"strong","object":"model","created":6,)"
              R"("owned_by":"x"}]})");
    EXPECT_EQ(openai_models_body({}), R"({"object":"list","data":[]})");
    base::Error error = base::public_error(ErrorKind::kBadRequest, "t", "'n' must be 1.");
    error.param = "n";
    EXPECT_EQ(openai_error_body(error),
              R"({"error":{"message":"'n' must be 1.","type":"invalid_request_error",)"
              R"("code":"bad_request","param":"n"}})");
    EXPECT_EQ(openai_error_body(base::private_error(ErrorKind::kUpstream, "t", "secret address")),
              R"({"error":{"message":"The language model failed to answer.",)"
              R"("type":"upstream_error","code":"upstream","param":null}})");
}

TEST(MessageAssembler, MergesToolCallsByTheirIndex) {
    MessageAssembler message;
    for (const char* delta :
         {R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f",)"
          R"("arguments":""}}]})",
          R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]})",
          R"({"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"g",)"
          R"("arguments":"{}"}}]})",
          R"({"tool_calls":[{"index":0,"type":"function","function":{"arguments":":1}"}}]})"}) {
        ASSERT_TRUE(message.add_other(delta));
    }
    EXPECT_EQ(message.json(),
              R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",)"
              R"("function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function",)"
              R"("function":{"name":"g","arguments":"{}"}}]})");
}

TEST(MessageAssembler, JoinsTextAndReasoning) {
    MessageAssembler message;
    message.add_text("Hel");
    ASSERT_TRUE(message.add_other(R"({"reasoning_content":"I "})"));
    ASSERT_TRUE(message.add_other(R"({"reasoning_content":"think"})"));
    message.add_text("lo");
    EXPECT_EQ(message.json(),
              R"({"role":"assistant","content":"Hello","reasoning_content":"I think"})");
    EXPECT_FALSE(message.add_other("[1]"));
}

}  // namespace
}  // namespace hayate::wire
