#include "io/net/websocket.hpp"

#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "io/net/http_connection.hpp"

namespace hayate::net {
namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;
using runtime::kAsTuple;

constexpr milliseconds kCloseTime{1'000};

ws::request_type to_beast(const Request& request) {
    ws::request_type made{beast::http::verb::get, request.target, 11};
    for (const Field& field : request.fields) made.insert(field.name, field.value);
    return made;
}

}  // namespace

struct WebSocket::Impl : std::enable_shared_from_this<Impl>, Swept {
    Impl(Socket socket, WebSocketLimits with, std::shared_ptr<HttpServer::State> of)
        : stream(std::move(socket)), limits(with), server(std::move(of)), drained(executor()) {
        stream.read_message_max(limits.message_bytes_max);
        stream.auto_fragment(false);
        stream.text(true);
        stream.control_callback([this](ws::frame_type, beast::string_view) { heard(); });
        heard();
        beat_at = heard_at;
        ++server->stats.websockets;
    }
    ~Impl() override { --server->stats.websockets; }

    runtime::Executor executor() { return stream.get_executor(); }
    void heard() { heard_at = base::Clock::now(); }

    void end() {
        boost::system::error_code ignored;
        stream.next_layer().close(ignored);
        gone.cancel(CancelReason::kClientGone);
        drained.notify();
    }

    void sweep(TimePoint now) override {
        if (now == TimePoint::max() || now - heard_at > limits.ping_interval * 3) return end();
        if (!limits.heartbeat.empty() && now - beat_at >= limits.ping_interval && !is_closing) {
            beat_at = now;
            (void)enqueue(std::string(limits.heartbeat));
        }
        if (now - heard_at < limits.ping_interval || is_pinging || is_closing) return;
        is_pinging = true;
        stream.async_ping({}, [self = shared_from_this()](const boost::system::error_code& failed) {
            self->is_pinging = false;
            if (failed) self->end();
        });
    }

    void shut_down() override {
        runtime::spawn_detached(executor(), [self = shared_from_this()] {
            return self->close(1001, "the server is going away");
        });
    }

    /// False when the queue is over its bound: the connection is then being closed.
    bool enqueue(std::string message) {
        if (queued_bytes + message.size() > limits.queue_bytes_max) {
            runtime::spawn_detached(executor(), [self = shared_from_this()] {
                return self->close(1013, "reader too slow");
            });
            return false;
        }
        queued_bytes += message.size();
        queue.push_back(std::move(message));
        start_writing();
        return true;
    }

    Task<void> write_queue() {
        while (!queue.empty() && stream.is_open()) {
            for (const std::string& message : std::exchange(queue, {})) {
                if (!stream.is_open()) break;
                const auto [failed, bytes] =
                    co_await stream.async_write(asio::buffer(message), kAsTuple);
                queued_bytes -= message.size();
                if (failed) end();
            }
        }
        is_writing = false;
        drained.notify();
    }

    void start_writing() {
        if (std::exchange(is_writing, true)) return;
        runtime::spawn_detached(executor(),
                                [self = shared_from_this()] { return self->write_queue(); });
    }

    Task<void> close(uint16_t code, std::string reason) {
        const auto self = shared_from_this();
        if (std::exchange(is_closing, true)) co_return;
        const Deadline deadline = Deadline::after(kCloseTime);
        while (is_writing && !deadline.has_passed()) co_await drained.wait(deadline);
        CancelSource too_late;
        const runtime::DeadlineGuard guard(executor(), too_late, deadline);
        const runtime::CancelSubscription cut(too_late.token(), [this](CancelReason) { end(); });
        const ws::close_reason why(static_cast<ws::close_code>(code), reason);
        if (stream.is_open()) co_await stream.async_close(why, kAsTuple);
        end();
    }

    ws::stream<Socket, false> stream;
    WebSocketLimits limits;
    std::shared_ptr<HttpServer::State> server;
    CancelSource gone;
    runtime::Event drained;
    std::vector<std::string> queue;  // a deque would hold half a kilobyte while it is empty
    size_t queued_bytes = 0;
    TimePoint heard_at;
    TimePoint beat_at;
    std::string inbox;
    bool is_writing = false;
    bool is_pinging = false;
    bool is_closing = false;
};

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebSocket::~WebSocket() { impl_->end(); }

CancelToken WebSocket::gone_token() const { return impl_->gone.token(); }

size_t WebSocket::queued_bytes() const { return impl_->queued_bytes; }

Task<Result<std::string>> WebSocket::read(CancelToken token) {
    const auto impl = impl_;
    const runtime::CancelSubscription cut(token, [impl](CancelReason) { impl->end(); });
    impl->inbox.clear();
    auto buffer = asio::dynamic_buffer(impl->inbox);
    const auto [failed, bytes] = co_await impl->stream.async_read(buffer, kAsTuple);
    impl->heard();
    if (failed == ws::error::message_too_big) {
        impl->end();
        co_return fail(ErrorKind::kTooLarge, "websocket", failed.message());
    }
    if (failed) {
        const bool is_ordinary = failed == ws::error::closed || failed == asio::error::eof ||
                                 failed == asio::error::operation_aborted ||
                                 failed == asio::error::connection_reset;
        impl->end();
        co_return fail(is_ordinary ? ErrorKind::kCancelled : ErrorKind::kUpstream, "websocket",
                       failed.message());
    }
    if (!impl->stream.got_text()) {
        co_return fail(base::public_error(ErrorKind::kBadRequest, "websocket",
                                          "Binary messages are not understood; send JSON text."));
    }
    co_return std::move(impl->inbox);
}

bool WebSocket::send(std::string message) { return impl_->enqueue(std::move(message)); }

Task<void> WebSocket::close(uint16_t code, std::string reason) {
    const auto impl = impl_;
    co_await impl->close(code, std::move(reason));
}

Task<Result<std::unique_ptr<WebSocket>>> Exchange::accept_websocket(WebSocketLimits limits) {
    ws::request_type request = to_beast(connection_.request());
    if (!ws::is_upgrade(request)) {
        co_return fail(base::public_error(ErrorKind::kBadRequest, "websocket",
                                          "This address speaks WebSocket: an upgrade is needed."));
    }
    auto server = connection_.server().shared_from_this();
    Result<Socket> socket = co_await connection_.release_socket();
    if (!socket) co_return fail(std::move(socket.error()));
    is_answered_ = true;
    auto impl = std::make_shared<WebSocket::Impl>(std::move(*socket), limits, server);
    server->sweeper->add(*impl);
    const auto [failed] = co_await impl->stream.async_accept(request, kAsTuple);
    if (failed) {
        co_return fail(ErrorKind::kBadRequest, "websocket", failed.message());
    }
    co_return std::make_unique<WebSocket>(std::move(impl));
}

}  // namespace hayate::net
