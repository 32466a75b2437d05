#include "io/model/model.hpp"

namespace hayate::model {

std::string_view name_of(Role role) {
    switch (role) {
        case Role::kSystem:
            return "system";
        case Role::kUser:
            return "user";
        case Role::kAssistant:
            return "assistant";
    }
    return "user";
}

std::string_view name_of(FinishReason reason) {
    switch (reason) {
        case FinishReason::kStop:
            return "stop";
        case FinishReason::kLength:
            return "length";
        case FinishReason::kToolCalls:
            return "tool_calls";
        case FinishReason::kContentFilter:
            return "content_filter";
    }
    return "stop";
}

int64_t cost_micros(const Price& price, const Usage& usage) {
    constexpr int64_t kMillion = 1'000'000;
    const int64_t total = price.prompt_micros * usage.prompt_tokens +
                          price.completion_micros * usage.completion_tokens;
    return (total + kMillion - 1) / kMillion;
}

}  // namespace hayate::model
