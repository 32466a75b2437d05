#include "io/model/remote/stream_decoder.hpp"

namespace hayate::model {

wire::UpstreamCall call_of(const ModelRequest& request, std::string_view model_id) {
    wire::UpstreamCall call{.model = model_id,
                            .system = request.system,
                            .max_tokens = request.max_tokens,
                            .temperature = request.temperature,
                            .top_p = request.top_p,
                            .stop = request.stop,
                            .wants_logprobs = request.wants_logprobs,
                            .is_streamed = request.is_streamed,
                            .openai_passthrough = request.openai_passthrough};
    call.messages.reserve(request.messages.size());
    for (const Message& message : request.messages) {
        call.messages.push_back({name_of(message.role), message.content});
    }
    return call;
}

Usage usage_of(const wire::TokenUsage& usage) {
    return {.prompt_tokens = usage.prompt_tokens,
            .completion_tokens = usage.completion_tokens,
            .cached_prompt_tokens = usage.cached_prompt_tokens};
}

}  // namespace hayate::model
