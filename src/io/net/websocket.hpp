#pragma once
// A WebSocket on one shard (RFC 6455, no compression). Text messages only; pings are answered and
// sent by this class.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"

namespace hayate::net {

struct WebSocketLimits {
    size_t message_bytes_max = 64 * 1024;
    size_t queue_bytes_max = 256 * 1024;  // waiting to be sent; a reader slower than that is cut
    milliseconds ping_interval{15'000};   // the peer is given up after three silent intervals
    /// Sent at every interval, for pages: browsers do not show them control pings. Static text.
    std::string_view heartbeat;
};

class WebSocket {
  public:
    struct Impl;
    explicit WebSocket(std::shared_ptr<Impl> impl);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    /// The next text message. Errors: kCancelled when the peer closed or the token was cancelled;
    /// kBadRequest for a binary message (the connection is still good); kTooLarge and kUpstream
    /// after a protocol error (it is not).
    Task<Result<std::string>> read(CancelToken token);
    /// Queues a text message; everything queued goes out in order. False when the queue is over its
    /// bound: the connection is then being closed with 1013.
    bool send(std::string message);
    [[nodiscard]] size_t queued_bytes() const;
    /// Sends what is queued, then a close frame. Returns when the peer has answered or a second has
    /// passed.
    Task<void> close(uint16_t code, std::string reason);
    /// Cancelled with kClientGone when the connection has ended for whatever cause.
    [[nodiscard]] CancelToken gone_token() const;

  private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace hayate::net
