#pragma once
// The sans-I/O half of a remote model: what a provider's bytes mean.

#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/upstream.hpp"
#include "io/model/model.hpp"

namespace hayate::model {

using Events = std::vector<ModelEvent>;

/// Bytes of one answer in, events out. After an error nothing more is fed.
class StreamDecoder {
  public:
    StreamDecoder() = default;
    StreamDecoder(const StreamDecoder&) = delete;
    StreamDecoder& operator=(const StreamDecoder&) = delete;
    virtual ~StreamDecoder() = default;

    /// A piece of the event stream, cut anywhere.
    virtual Status feed(std::string_view bytes, Events& out) = 0;
    /// The whole answer as one JSON document, from a server that does not stream.
    virtual Status feed_document(std::string_view json, Events& out) = 0;
    /// A Finish was given out: the text is whole.
    [[nodiscard]] virtual bool is_finished() const = 0;
    /// The provider said that nothing follows.
    [[nodiscard]] virtual bool is_terminated() const = 0;
};

/// The request as the wire codecs take it. Views into `request` and `model_id`.
[[nodiscard]] wire::UpstreamCall call_of(const ModelRequest& request, std::string_view model_id);
[[nodiscard]] Usage usage_of(const wire::TokenUsage& usage);

}  // namespace hayate::model
