#include "io/model/openai/openai_decoder.hpp"

#include <utility>

#include "io/model/remote/refusal.hpp"

namespace hayate::model {
namespace {

FinishReason reason_of(std::string_view name) {
    if (name == "length") return FinishReason::kLength;
    if (name == "tool_calls" || name == "function_call") return FinishReason::kToolCalls;
    if (name == "content_filter") return FinishReason::kContentFilter;
    return FinishReason::kStop;
}

}  // namespace

Status OpenAiDecoder::feed(std::string_view bytes, Events& out) {
    return parser_.feed(bytes, [&](const wire::SseEvent& event) { return take(event, out); });
}

Status OpenAiDecoder::feed_document(std::string_view json, Events& out) {
    if (Status decoded = wire::decode_openai_completion(json, chunk_); !decoded) return decoded;
    if (Status taken = take_chunk(out); !taken) return taken;
    if (!is_finished_)
        return fail(ErrorKind::kUpstream, source_, "the answer has no finish_reason");
    is_terminated_ = true;
    return {};
}

Status OpenAiDecoder::take(const wire::SseEvent& event, Events& out) {
    if (is_terminated_ || event.data.empty()) return {};
    if (event.data == "[DONE]") {
        is_terminated_ = true;
        finish(FinishReason::kStop, out);
        give_usage(out);
        return {};
    }
    if (event.type == "error") {
        const auto error = wire::decode_upstream_error(event.data);
        return fail(error_of(error.value_or(wire::UpstreamError{}), source_, key_));
    }
    if (Status decoded = wire::decode_openai_chunk(event.data, chunk_); !decoded) return decoded;
    return take_chunk(out);
}

Status OpenAiDecoder::take_chunk(Events& out) {
    if (chunk_.error) return fail(error_of(*chunk_.error, source_, key_));
    if (!is_finished_ && !chunk_.text.empty()) {
        out.emplace_back(TextDelta{std::move(chunk_.text), std::move(chunk_.logprobs)});
    }
    if (!is_finished_ && !chunk_.other.empty()) {
        out.emplace_back(RawDelta{std::move(chunk_.other)});
    }
    if (!chunk_.finish_reason.empty()) finish(reason_of(chunk_.finish_reason), out);
    // Some servers repeat the usage in every chunk: what counts is the last one.
    if (chunk_.usage) usage_ = chunk_.usage;
    if (is_finished_) give_usage(out);
    return {};
}

void OpenAiDecoder::finish(FinishReason reason, Events& out) {
    if (!std::exchange(is_finished_, true)) out.emplace_back(Finish{reason});
}

void OpenAiDecoder::give_usage(Events& out) {
    if (const auto usage = std::exchange(usage_, std::nullopt)) out.emplace_back(usage_of(*usage));
}

}  // namespace hayate::model
