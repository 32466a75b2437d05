#include "io/net/http_server.hpp"

#include <utility>

#include <boost/asio/ip/address.hpp>
#include <sys/socket.h>

#include "core/base/log.hpp"
#include "io/net/http_connection.hpp"

namespace hayate::net {
namespace {

using runtime::kAsTuple;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr milliseconds kAcceptBackoff{100};
constexpr milliseconds kCloseGrace{1'500};

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n"
    "content-length: 0\r\n\r\n";

}  // namespace

HttpServer::State::State(const runtime::Executor& on, Options with, Handler handle)
    : executor(on),
      options(std::move(with)),
      handler(std::move(handle)),
      acceptor(on),
      tasks(on, stopping.token()),
      sweeper(std::make_shared<Sweeper>(on)) {}

void HttpServer::State::take(Socket socket) {
    boost::system::error_code ignored;
    if (stats.connections >= static_cast<int64_t>(options.limits.connections_max)) {
        ++stats.connections_refused_total;
        socket.non_blocking(true, ignored);
        socket.send(asio::buffer(kFull), 0, ignored);
        return;
    }
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    ++stats.connections;
    ++stats.connections_total;
    auto connection = std::make_shared<HttpConnection>(std::move(socket), shared_from_this());
    sweeper->add(*connection);
    tasks.spawn([self = this, connection = std::move(connection)]() -> Task<void> {
        co_await connection->run();
        --self->stats.connections;
    });
}

Task<void> HttpServer::State::accept_loop() {
    const runtime::CancelSubscription on_stop(stopping.token(), [this](CancelReason) {
        boost::system::error_code ignored;
        acceptor.close(ignored);
    });
    while (!stopping.token().is_cancelled()) {
        Socket socket(executor);
        const auto [failed] = co_await acceptor.async_accept(socket, kAsTuple);
        if (!failed) {
            take(std::move(socket));
            continue;
        }
        if (failed == asio::error::operation_aborted) continue;
        // Out of descriptors, most likely: a tight loop would only make it worse.
        base::log_warning("accept_failed", {{"cause", failed.message()}});
        co_await runtime::sleep_until(Deadline::after(kAcceptBackoff), stopping.token());
    }
}

HttpServer::HttpServer(const runtime::Executor& executor, Options options, Handler handler)
    : state_(std::make_shared<State>(executor, std::move(options), std::move(handler))) {}

HttpServer::~HttpServer() = default;

Status HttpServer::listen() {
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(state_->options.address, failed);
    const asio::ip::tcp::endpoint endpoint(address, state_->options.port);
    Acceptor& acceptor = state_->acceptor;
    if (!failed) acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    const PortUse use = state_->options.port_use;
    if (!failed && use == PortUse::kFurther) acceptor.set_option(ReusePort(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed && use == PortUse::kFirst) acceptor.set_option(ReusePort(true), failed);
    if (!failed) acceptor.listen(4096, failed);
    if (failed) {
        return fail(base::public_error(ErrorKind::kUnavailable, "net",
                                       "cannot listen on " + state_->options.address + ":" +
                                           std::to_string(state_->options.port) + ": " +
                                           failed.message()));
    }
    state_->tasks.spawn([state = state_.get()] { return state->accept_loop(); });
    return {};
}

uint16_t HttpServer::port() const {
    boost::system::error_code ignored;
    return state_->acceptor.local_endpoint(ignored).port();
}

const ServerStats& HttpServer::stats() const { return state_->stats; }

void HttpServer::begin_drain() { state_->is_draining = true; }

bool HttpServer::is_draining() const { return state_->is_draining; }

Task<void> HttpServer::close() {
    State& state = *state_;
    state.is_draining = true;
    state.stopping.cancel(CancelReason::kShutdown);
    state.sweeper->shut_down_all();
    // A handler that was told may still send its last words; after that the connection is cut.
    const Deadline deadline = Deadline::after(kCloseGrace);
    const auto is_busy = [&] { return state.tasks.live() > 0 || state.stats.websockets > 0; };
    while (is_busy() && !deadline.has_passed()) {
        co_await runtime::sleep_until(Deadline::after(milliseconds(20)));
    }
    state.sweeper->sweep_all(TimePoint::max());
    co_await state.tasks.join();
}

}  // namespace hayate::net
