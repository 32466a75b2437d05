#include "io/model/remote/rehearsal.hpp"

#include <memory>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "io/model/anthropic/anthropic_decoder.hpp"
#include "io/model/openai/openai_decoder.hpp"
#include "io/net/response_parser.hpp"

namespace hayate::model {
namespace {

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
constexpr std::string_view kOpenAiEvent =
    R"(data: {"id":"rehearsal","object":"chat.completion.chunk","created":1700000000,)"
    R"("model":"rehearsal","choices":[{"index":0,"delta":{"content":" word"},)"
    R"("logprobs":null,"finish_reason":null}]})"
    "\n\n";
constexpr std::string_view kAnthropicEvent =
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,)"
    R"("delta":{"type":"text_delta","text":" word"}})"
    "\n\n";

std::string chunk_of(std::string_view event) {
    return fmt::format("{:x}\r\n{}\r\n", event.size(), event);
}

}  // namespace

/// One upstream's stream, which never ends.
class Rehearsal::Part {
  public:
    Part(std::unique_ptr<StreamDecoder> decoder, std::string_view event)
        : decoder_(std::move(decoder)), chunk_(chunk_of(event)), parser_(kHead.size()) {
        is_sound_ = parser_.feed(kHead).has_value();
    }

    /// The events of one more chunk.
    const Events& play() {
        events_.clear();
        if (!is_sound_) return events_;
        is_sound_ = parser_.feed(chunk_).has_value() &&
                    decoder_->feed(std::exchange(parser_.body(), {}), events_).has_value();
        return events_;
    }

  private:
    std::unique_ptr<StreamDecoder> decoder_;
    std::string chunk_;
    net::ResponseParser parser_;
    Events events_;
    bool is_sound_ = false;
};

Rehearsal::Rehearsal(const std::set<std::string>& providers)
    : writer_({.id = "chatcmpl-rehearsal", .model = "rehearsal"}) {
    if (providers.contains("openai"))
        parts_.emplace_back(std::make_unique<OpenAiDecoder>("rehearsal", ""), kOpenAiEvent);
    if (providers.contains("anthropic"))
        parts_.emplace_back(std::make_unique<AnthropicDecoder>("rehearsal", ""), kAnthropicEvent);
}

Rehearsal::~Rehearsal() = default;

std::string_view Rehearsal::play() {
    out_.clear();
    for (Part& part : parts_) {
        for (const ModelEvent& event : part.play()) {
            const auto* delta = std::get_if<TextDelta>(&event);
            if (delta) writer_.append_text(out_, delta->text);
        }
    }
    return out_;
}

}  // namespace hayate::model
