#pragma once
// Reads a whole answer of a model, for tests.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/json_text.hpp"
#include "io/model/model.hpp"

namespace hayate::test {

struct ModelAnswer {
    std::string text;
    std::string raw;  // all raw deltas
    std::vector<float> logprobs;
    size_t deltas = 0;
    std::optional<model::FinishReason> finish;
    std::optional<model::Usage> usage;
    std::optional<Error> error;
};

inline void add_event(ModelAnswer& answer, const model::ModelEvent& event) {
    if (const auto* text = std::get_if<model::TextDelta>(&event)) {
        EXPECT_TRUE(base::is_valid_utf8(text->text)) << "a delta cuts a character";
        answer.text += text->text;
        answer.logprobs.insert(answer.logprobs.end(), text->logprobs.begin(), text->logprobs.end());
        ++answer.deltas;
    }
    if (const auto* raw = std::get_if<model::RawDelta>(&event)) answer.raw += raw->json;
    if (const auto* finish = std::get_if<model::Finish>(&event)) {
        EXPECT_FALSE(answer.finish) << "two finishes";
        answer.finish = finish->reason;
    }
    if (const auto* usage = std::get_if<model::Usage>(&event)) answer.usage = *usage;
}

/// `after_batch` is called when some events have come, for example to cancel.
inline Task<ModelAnswer> read_answer(model::Model& model, model::ModelRequest request,
                                     CancelToken token = {},
                                     std::function<void()> after_batch = nullptr) {
    ModelAnswer answer;
    auto stream = co_await model.start(std::move(request), token);
    if (!stream) {
        answer.error = stream.error();
        co_return answer;
    }
    while (true) {
        const Result<std::vector<model::ModelEvent>> events = co_await (*stream)->next();
        if (!events) answer.error = events.error();
        if (!events || events->empty()) co_return answer;
        for (const model::ModelEvent& event : *events) add_event(answer, event);
        if (after_batch) after_batch();
    }
}

}  // namespace hayate::test
