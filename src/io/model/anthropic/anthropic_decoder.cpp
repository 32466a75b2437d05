#include "io/model/anthropic/anthropic_decoder.hpp"

#include <utility>

#include "io/model/remote/refusal.hpp"

namespace hayate::model {
namespace {

using Kind = wire::AnthropicEvent::Kind;

FinishReason reason_of(std::string_view name) {
    if (name == "max_tokens" || name == "model_context_window_exceeded")
        return FinishReason::kLength;
    if (name == "tool_use") return FinishReason::kToolCalls;
    if (name == "refusal") return FinishReason::kContentFilter;
    return FinishReason::kStop;
}

}  // namespace

Status AnthropicDecoder::feed(std::string_view bytes, Events& out) {
    return parser_.feed(bytes, [&](const wire::SseEvent& event) -> Status {
        if (is_finished_ || event.data.empty()) return {};
        if (Status decoded = wire::decode_anthropic_event(event.data, event_); !decoded)
            return decoded;
        return take(out);
    });
}

Status AnthropicDecoder::feed_document(std::string_view json, Events& out) {
    if (Status decoded = wire::decode_anthropic_event(json, event_); !decoded) return decoded;
    if (event_.kind == Kind::kMessage || event_.kind == Kind::kError) return take(out);
    return fail(ErrorKind::kUpstream, source_, "the answer is no message");
}

Status AnthropicDecoder::take(Events& out) {
    note_usage();
    if (!event_.stop_reason.empty()) stop_reason_ = event_.stop_reason;
    switch (event_.kind) {
        case Kind::kError:
            return fail(error_of(event_.error, source_, key_));
        case Kind::kStop:
            finish(out);
            break;
        case Kind::kText:
        case Kind::kMessage:
            if (!event_.text.empty()) out.emplace_back(TextDelta{std::move(event_.text), {}});
            if (event_.kind == Kind::kMessage) finish(out);
            break;
        case Kind::kStart:
        case Kind::kStopReason:
        case Kind::kOther:
            break;
    }
    return {};
}

void AnthropicDecoder::note_usage() {
    const auto note = [this](const std::optional<int64_t>& said, int64_t& known) {
        if (!said) return;
        known = *said;
        knows_usage_ = true;
    };
    note(event_.input_tokens, input_tokens_);
    note(event_.cache_read_tokens, cache_read_tokens_);
    note(event_.cache_write_tokens, cache_write_tokens_);
    note(event_.output_tokens, output_tokens_);
}

void AnthropicDecoder::finish(Events& out) {
    if (std::exchange(is_finished_, true)) return;
    if (knows_usage_) {
        out.emplace_back(
            Usage{.prompt_tokens = input_tokens_ + cache_read_tokens_ + cache_write_tokens_,
                  .completion_tokens = output_tokens_,
                  .cached_prompt_tokens = cache_read_tokens_});
    }
    out.emplace_back(Finish{reason_of(stop_reason_)});
}

}  // namespace hayate::model
