#pragma once
// One HTTP connection of the server. Private to net/.

#include <array>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "io/net/http_server.hpp"
#include "io/net/read_buffer.hpp"
#include "io/net/request_parser.hpp"
#include "io/net/sweeper.hpp"
#include "io/runtime/event.hpp"
#include "io/runtime/scope.hpp"

namespace hayate::net {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, runtime::Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, runtime::Executor>;

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
    State(const runtime::Executor& on, Options with, Handler handle);

    runtime::Executor executor;
    Options options;
    Handler handler;
    Acceptor acceptor;
    CancelSource stopping;
    runtime::TaskScope tasks;
    std::shared_ptr<Sweeper> sweeper;
    ServerStats stats;
    bool is_draining = false;

    Task<void> accept_loop();
    void take(Socket socket);
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection>, public Swept {
  public:
    HttpConnection(Socket socket, std::shared_ptr<HttpServer::State> server);

    /// The whole life of the connection.
    Task<void> run();
    void sweep(TimePoint now) override;
    void shut_down() override;

    [[nodiscard]] const Request& request() const { return parser_.request(); }
    [[nodiscard]] CancelToken token() const { return gone_.token(); }
    /// For the head of a response, which tells the client. What it was told is then done, even if
    /// draining begins meanwhile: its next request may be on the way already.
    [[nodiscard]] bool decide_to_close();
    using Buffers = std::array<asio::const_buffer, 2>;
    /// Writes what the socket takes at once, which nearly always is everything: one system call and
    /// no turn through the reactor. False: `buffers` now holds what is left for `write_rest`.
    [[nodiscard]] bool write_now(Buffers& buffers);
    Task<Status> write_rest(Buffers buffers);
    void close_after_response() { closes_ = true; }
    void abort();
    [[nodiscard]] HttpServer::State& server() { return *server_; }
    /// Stops reading and gives the socket away. kBadRequest if bytes came after the upgrade
    /// request.
    Task<Result<Socket>> release_socket();

  private:
    void arm_read();
    Task<bool> read_request();
    Task<void> refuse(int status, std::string text);
    Task<void> linger();
    void expire_after(milliseconds wait) { expires_at_ = base::Clock::now() + wait; }

    mutable RequestParser parser_;
    Socket socket_;
    std::shared_ptr<HttpServer::State> server_;
    CancelSource gone_;
    runtime::Event arrived_;
    ReadBuffer read_buffer_;
    std::string inbox_;  // received, not yet parsed
    TimePoint expires_at_ = TimePoint::max();
    bool is_reading_ = false;
    bool is_eof_ = false;
    bool is_handling_ = false;
    bool is_released_ = false;
    bool closes_ = false;
};

}  // namespace hayate::net
