// What one message costs in the wire codecs: hayate_bench_wire --benchmark_min_time=0.5
//
// The bodies are those of plain gateway use: a short question in, chunks of one token out.

#include <string>

#include <benchmark/benchmark.h>

#include "core/wire/anthropic_call.hpp"
#include "core/wire/chat_request.hpp"
#include "core/wire/openai_call.hpp"
#include "core/wire/openai_writer.hpp"
#include "core/wire/sse.hpp"

namespace hayate::wire {
namespace {

std::string request_body(size_t system_bytes) {
    return R"({"model":"fast","messages":[{"role":"system","content":")" +
           std::string(system_bytes, 's') +
           R"("},{"role":"user","content":"Suggest something like One Piece for a ten )"
           R"(year old."}],)"
           R"("stream":true,"stream_options":{"include_usage":true},"temperature":0.7,)"
           R"("max_tokens":256})";
}

const std::string& chunk_json() {
    static const std::string kChunk =
        R"({"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWx","object":"chat.completion.chunk",)"
        R"("created":1700000000,)"
        R"("model":"gpt-4o-mini-2024-07-18","service_tier":"default",)"
        R"("system_fingerprint":"fp_0123456789",)"
        R"("choices":[{"index":0,"delta":{"content":" manga"},"logprobs":null,)"
        R"("finish_reason":null}],"usage":null})";
    return kChunk;
}

void DecodeRequest(benchmark::State& state) {
    const std::string body = request_body(static_cast<size_t>(state.range(0)));
    for (auto _ : state) {
        auto request = decode_openai_request(body);
        benchmark::DoNotOptimize(request);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}
BENCHMARK(DecodeRequest)->Arg(30)->Arg(1000)->Arg(20'000);

void EncodeCall(benchmark::State& state) {
    const auto request = decode_openai_request(request_body(static_cast<size_t>(state.range(0))));
    for (auto _ : state) {
        auto body = encode_openai_call(
            {.model = "gpt-4o-mini", .openai_passthrough = request->passthrough}, "max_tokens");
        benchmark::DoNotOptimize(body);
    }
}
BENCHMARK(EncodeCall)->Arg(30)->Arg(20'000);

void DecodeChunk(benchmark::State& state) {
    OpenAiChunk chunk;
    for (auto _ : state) {
        auto decoded = decode_openai_chunk(chunk_json(), chunk);
        benchmark::DoNotOptimize(decoded);
    }
}
BENCHMARK(DecodeChunk);

void DecodeAnthropicDelta(benchmark::State& state) {
    const std::string delta =
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" manga"}})";
    AnthropicEvent event;
    for (auto _ : state) {
        auto decoded = decode_anthropic_event(delta, event);
        benchmark::DoNotOptimize(decoded);
    }
}
BENCHMARK(DecodeAnthropicDelta);

void ParseSse(benchmark::State& state) {
    std::string stream;
    for (int64_t i = 0; i < state.range(0); ++i) append_sse_data(stream, chunk_json());
    SseParser parser;
    size_t bytes = 0;
    for (auto _ : state) {
        (void)parser.feed(stream, [&](const SseEvent& event) -> Status {
            bytes += event.data.size();
            return {};
        });
    }
    benchmark::DoNotOptimize(bytes);
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(ParseSse)->Arg(1)->Arg(16);

void EncodeChunk(benchmark::State& state) {
    const ChunkWriter writer({.id = "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWx",
                              .model = "fast",
                              .created = 1700000000,
                              .include_usage = true});
    std::string out;
    for (auto _ : state) {
        out.clear();
        writer.append_text(out, " manga");
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(EncodeChunk);

/// Everything one proxied token costs here: find the event, decode it, encode ours.
void ProxyToken(benchmark::State& state) {
    std::string stream;
    append_sse_data(stream, chunk_json());
    const ChunkWriter writer({.id = "chatcmpl-1", .model = "fast", .created = 1700000000});
    SseParser parser;
    OpenAiChunk chunk;
    std::string out;
    for (auto _ : state) {
        out.clear();
        (void)parser.feed(stream, [&](const SseEvent& event) {
            Status decoded = decode_openai_chunk(event.data, chunk);
            writer.append_text(out, chunk.text);
            return decoded;
        });
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(ProxyToken);

}  // namespace
}  // namespace hayate::wire

BENCHMARK_MAIN();
