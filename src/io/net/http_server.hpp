#pragma once
// HTTP/1.1 server of one shard. Each connection is one coroutine on the shard; requests on it are
// handled one after the other. A handler gets an Exchange, answers whole or in pieces, and learns
// through a cancel token when its client is gone. Doubtful framing, oversized or slow requests
// never reach a handler.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/net/http_types.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"

namespace hayate::net {

struct ServerLimits {
    size_t head_bytes_max = 8 * 1024;
    size_t body_bytes_max = 1024 * 1024;
    size_t connections_max = 8192;  // per shard
    milliseconds head_time{10'000};
    milliseconds body_time{30'000};
    milliseconds idle_time{75'000};
    milliseconds write_time{30'000};  // one write may wait so long for the peer
};

/// Gauges and counters of one shard's server. Written on the shard, read from anywhere.
struct ServerStats {
    std::atomic<int64_t> connections{0};
    std::atomic<int64_t> connections_total{0};
    std::atomic<int64_t> connections_refused_total{0};
    std::atomic<int64_t> requests_total{0};
    std::atomic<int64_t> bad_requests_total{0};
    std::atomic<int64_t> handlers{0};  // running now; WebSockets are not among them
    std::atomic<int64_t> websockets{0};
};

class HttpConnection;
class WebSocket;
struct WebSocketLimits;

/// One request and its response. Lives as long as the handler runs.
class Exchange {
  public:
    explicit Exchange(HttpConnection& connection) : connection_(connection) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    [[nodiscard]] const Request& request() const;
    /// Cancelled with kClientGone when the peer closes, with kShutdown when the grace time of a
    /// stop is over.
    [[nodiscard]] CancelToken client_token() const;
    [[nodiscard]] bool is_answered() const { return is_answered_; }

    /// Sends a whole response. An error means that the client is gone.
    Task<Status> respond(Response response);
    /// Starts a streamed response: chunked, unbuffered by proxies, never cached.
    Task<Status> begin_stream(std::string content_type, std::vector<Field> extra = {});
    /// One piece, written in one system call; waits while the client's window is closed.
    Task<Status> write(std::string_view piece);
    Task<Status> end_stream();
    /// Ends a streamed response so that the client notices it is incomplete: the connection is
    /// closed.
    void abort_stream();
    /// Takes the connection over as a WebSocket. After success the HTTP connection is finished.
    Task<Result<std::unique_ptr<WebSocket>>> accept_websocket(WebSocketLimits limits);

  private:
    Task<Status> send(std::string_view body = {});

    HttpConnection& connection_;
    bool is_answered_ = false;
    bool is_chunked_ = false;
    std::string out_;  // heads and frames that wait for the next write
};

using Handler = std::function<Task<void>(Exchange&)>;

/// All members belong to the shard's thread.
class HttpServer {
  public:
    /// Shards share a port (SO_REUSEPORT). The first takes it for itself before it lets the others
    /// in: so a second process is refused, rather than given half of the customers.
    enum class PortUse : uint8_t { kAlone, kFirst, kFurther };
    struct Options {
        std::string address = "127.0.0.1";
        uint16_t port = 0;  // 0: any free one
        PortUse port_use = PortUse::kAlone;
        ServerLimits limits;
    };
    HttpServer(const runtime::Executor& executor, Options options, Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds and starts to accept. kUnavailable says which address and why.
    Status listen();
    [[nodiscard]] uint16_t port() const;
    [[nodiscard]] const ServerStats& stats() const;
    /// From now on every response closes its connection.
    void begin_drain();
    [[nodiscard]] bool is_draining() const;
    /// Cancels all handlers with kShutdown, closes everything, and returns when the last connection
    /// has ended.
    Task<void> close();

    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace hayate::net
