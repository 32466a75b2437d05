#pragma once
// One answer of a remote model: reads the response, keeps its time limits, and closes the socket
// when nobody waits any more. Belongs to the shard that started it.

#include <memory>
#include <optional>
#include <string>

#include "io/model/model.hpp"
#include "io/model/remote/stream_decoder.hpp"
#include "io/net/http_client.hpp"
#include "io/runtime/scope.hpp"

namespace hayate::model {

class RemoteStream : public ModelStream {
  public:
    struct Options {
        std::string source;  // for errors: "model.fast"
        Deadline first_token = Deadline::never();
        milliseconds stall_time{20'000};  // between two tokens
    };
    RemoteStream(const runtime::Executor& executor, Options options,
                 std::unique_ptr<StreamDecoder> decoder, const CancelToken& parent);

    /// What the call is made with: cancelled with the parent, and when the first token is late.
    [[nodiscard]] CancelToken token() const { return cancel_.token(); }
    /// The response began well; `next` reads it.
    void attach(std::unique_ptr<net::ClientResponse> response);
    /// An error of the network as an error of this model.
    [[nodiscard]] Error explain(Error error) const;

    Task<Result<Events>> next() override;

  private:
    Task<Result<std::string>> read(Deadline deadline);
    Status take(Result<std::string> piece, Events& events);
    [[nodiscard]] Deadline read_deadline() const;
    void end();

    Options options_;
    std::unique_ptr<StreamDecoder> decoder_;
    CancelSource cancel_;
    std::optional<runtime::DeadlineGuard> first_token_guard_;
    std::unique_ptr<net::ClientResponse> response_;
    std::optional<Error> failure_;  // to be told after the events that came before it
    bool is_document_ = false;      // JSON instead of a stream
    bool is_begun_ = false;         // the first token has come
    bool is_reading_ = false;
    runtime::CancelSubscription on_cancel_;
};

}  // namespace hayate::model
