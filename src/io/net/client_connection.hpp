#pragma once
// One connection of the HTTP client, plain or TLS. Private to net/.

#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "io/net/http_client.hpp"
#include "io/net/read_buffer.hpp"
#include "io/net/response_parser.hpp"
#include "io/net/sweeper.hpp"
#include "io/runtime/event.hpp"
#include "io/runtime/rhythm.hpp"

namespace hayate::net {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, runtime::Executor>;

class ClientConnection : public Swept {
  public:
    ClientConnection(const runtime::Executor& executor, const ClientLimits& limits);
    void sweep(TimePoint now) override;

    /// Resolves, connects and, for TLS, shakes hands with verification. `tls` may be null for a
    /// plain endpoint.
    Task<Status> connect(const Endpoint& endpoint, asio::ssl::context* tls, Deadline deadline,
                         CancelToken token);
    /// `bytes` must outlive the write.
    Task<Status> write(std::string_view bytes, CancelToken token);
    /// Reads until the head is complete. kUnavailable: the peer closed before the first byte.
    Task<Status> read_head(Deadline deadline, CancelToken token);
    Task<Result<std::string>> read_body(Deadline deadline, CancelToken token);

    [[nodiscard]] ResponseParser& parser() { return parser_; }
    /// True when the peer has closed or sent something while the connection was idle.
    [[nodiscard]] bool is_stale();
    void close();

    TimePoint idle_since;

  private:
    Task<Status> write_rest(asio::const_buffer bytes, CancelToken token);
    using Received = std::tuple<boost::system::error_code, size_t>;
    Task<Received> receive(Deadline deadline);
    /// A piece of the body came: the shard shall be awake for the next.
    void expect_next();
    Result<size_t> judge(const Received& received, const CancelToken& token);
    [[nodiscard]] Error why_ended(const CancelToken& token, std::string text) const;

    milliseconds stall_time_;
    TimePoint expires_at_ = TimePoint::max();
    bool is_timed_out_ = false;
    std::optional<Error> defect_;  // found behind bytes that were still good
    Socket socket_;
    std::optional<asio::ssl::stream<Socket&>> tls_;
    ResponseParser parser_;
    ReadBuffer buffer_;
    runtime::Rhythm rhythm_;  // of the pieces of the bodies that it brings
};

}  // namespace hayate::net
