#pragma once
// The stream of an OpenAI-compatible server as model events. Pure.

#include <optional>
#include <string>

#include "core/wire/openai_call.hpp"
#include "core/wire/sse.hpp"
#include "io/model/remote/stream_decoder.hpp"

namespace hayate::model {

/// The answer is finished by a finish_reason or by "[DONE]"; the usage, once known, follows the
/// Finish.
class OpenAiDecoder : public StreamDecoder {
  public:
    /// `key` must outlive the decoder; it is kept out of error texts.
    OpenAiDecoder(std::string source, std::string_view key)
        : source_(std::move(source)), key_(key) {}

    Status feed(std::string_view bytes, Events& out) override;
    Status feed_document(std::string_view json, Events& out) override;
    [[nodiscard]] bool is_finished() const override { return is_finished_; }
    [[nodiscard]] bool is_terminated() const override { return is_terminated_; }

  private:
    Status take(const wire::SseEvent& event, Events& out);
    Status take_chunk(Events& out);
    void finish(FinishReason reason, Events& out);
    void give_usage(Events& out);

    std::string source_;
    std::string_view key_;
    wire::SseParser parser_;
    wire::OpenAiChunk chunk_;
    std::optional<wire::TokenUsage> usage_;  // known, not yet given out
    bool is_finished_ = false;
    bool is_terminated_ = false;
};

}  // namespace hayate::model
