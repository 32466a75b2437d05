#pragma once
// The stream of the Anthropic Messages API as model events. Pure.

#include <string>

#include "core/wire/anthropic_call.hpp"
#include "core/wire/sse.hpp"
#include "io/model/remote/stream_decoder.hpp"

namespace hayate::model {

/// Only message_stop finishes the answer: a stream that ends before it was cut, whatever came. The
/// usage precedes the Finish.
class AnthropicDecoder : public StreamDecoder {
  public:
    /// `key` must outlive the decoder; it is kept out of error texts.
    AnthropicDecoder(std::string source, std::string_view key)
        : source_(std::move(source)), key_(key) {}

    Status feed(std::string_view bytes, Events& out) override;
    Status feed_document(std::string_view json, Events& out) override;
    [[nodiscard]] bool is_finished() const override { return is_finished_; }
    [[nodiscard]] bool is_terminated() const override { return is_finished_; }

  private:
    Status take(Events& out);
    void note_usage();
    void finish(Events& out);

    std::string source_;
    std::string_view key_;
    wire::SseParser parser_;
    wire::AnthropicEvent event_;
    int64_t input_tokens_ = 0;
    int64_t cache_read_tokens_ = 0;
    int64_t cache_write_tokens_ = 0;
    int64_t output_tokens_ = 0;
    bool knows_usage_ = false;
    std::string stop_reason_;
    bool is_finished_ = false;
};

}  // namespace hayate::model
