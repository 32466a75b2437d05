#include "io/net/client_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <tuple>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "io/net/write_now.hpp"
#include "io/runtime/scope.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::net {
namespace {

using runtime::kAsTuple;

Error refused(const Endpoint& endpoint, std::string_view step,
              const boost::system::error_code& ec) {
    return base::private_error(ErrorKind::kUnavailable, "http",
                               std::string(step) + " " + endpoint.authority + ": " + ec.message());
}

using Resolver = asio::ip::basic_resolver<asio::ip::tcp, runtime::Executor>;
using Addresses = Resolver::results_type;

struct Lookup {
    explicit Lookup(const runtime::Executor& executor) : resolver(executor), done(executor) {}
    Resolver resolver;
    runtime::Event done;
    boost::system::error_code failed;
    Addresses found;
};

/// The system's resolver cannot be interrupted, and a dead name server holds it for many seconds:
/// whoever is cancelled goes on at once and leaves the look-up behind. An address needs none.
Task<std::pair<boost::system::error_code, Addresses>> resolve(const Endpoint& endpoint,
                                                              CancelToken token) {
    const runtime::Executor executor = co_await runtime::current_executor();
    const std::string port = std::to_string(endpoint.port);
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(endpoint.host, not_an_address);
    if (!not_an_address) {
        co_return std::pair(boost::system::error_code(),
                            Addresses::create(asio::ip::tcp::endpoint(address, endpoint.port),
                                              endpoint.host, port));
    }
    const auto lookup = std::make_shared<Lookup>(executor);
    lookup->resolver.async_resolve(
        endpoint.host, port,
        [lookup = lookup](const boost::system::error_code& failed, Addresses found) {
            lookup->failed = failed;
            lookup->found = std::move(found);
            lookup->done.notify();
        });
    const auto waited = co_await lookup->done.wait(Deadline::never(), token);
    if (waited == runtime::WaitResult::kNotified)
        co_return std::pair(lookup->failed, lookup->found);
    lookup->resolver.cancel();  // one that has not begun is not begun
    co_return std::pair(boost::system::error_code(asio::error::operation_aborted), Addresses());
}

}  // namespace

ClientConnection::ClientConnection(const runtime::Executor& executor, const ClientLimits& limits)
    : stall_time_(limits.stall_time), socket_(executor), parser_(limits.head_bytes_max) {}

void ClientConnection::sweep(TimePoint now) {
    if (now < expires_at_) return;
    is_timed_out_ = now != TimePoint::max();
    expires_at_ = TimePoint::max();
    close();
}

Error ClientConnection::why_ended(const CancelToken& token, std::string text) const {
    if (token.is_cancelled()) return cancelled_error(token.reason(), "http");
    if (is_timed_out_) return base::private_error(ErrorKind::kTimeout, "http", "no answer in time");
    return base::private_error(ErrorKind::kUpstream, "http", std::move(text));
}

void ClientConnection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

Task<Status> ClientConnection::connect(const Endpoint& endpoint, asio::ssl::context* tls,
                                       Deadline deadline, CancelToken token) {
    CancelSource ended(token);
    const runtime::DeadlineGuard guard(socket_.get_executor(), ended, deadline);
    const runtime::CancelSubscription cut(ended.token(), [this](CancelReason) { close(); });
    const auto why = [&](std::string_view step, const boost::system::error_code& ec) {
        return ended.token().is_cancelled() ? cancelled_error(ended.reason(), "http")
                                            : refused(endpoint, step, ec);
    };
    const auto [unresolved, addresses] = co_await resolve(endpoint, ended.token());
    if (unresolved || ended.token().is_cancelled())
        co_return fail(why("cannot resolve", unresolved));
    const auto [unconnected, peer] = co_await asio::async_connect(socket_, addresses, kAsTuple);
    if (unconnected) co_return fail(why("cannot connect to", unconnected));
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    if (!endpoint.is_tls) co_return Status{};
    tls_.emplace(socket_, *tls);
    tls_->set_verify_mode(asio::ssl::verify_peer, ignored);
    tls_->set_verify_callback(asio::ssl::host_name_verification(endpoint.host), ignored);
    SSL_set_tlsext_host_name(tls_->native_handle(), endpoint.host.c_str());
    const auto [unshaken] =
        co_await tls_->async_handshake(asio::ssl::stream_base::client, kAsTuple);
    if (unshaken) co_return fail(why("no trusted TLS connection to", unshaken));
    co_return Status{};
}

Task<Status> ClientConnection::write(std::string_view bytes, CancelToken token) {
    std::array<asio::const_buffer, 2> buffers{asio::buffer(bytes)};
    if (!tls_ && !token.is_cancelled() && write_now(socket_, buffers)) co_return Status{};
    co_return co_await write_rest(buffers.front(), token);
}

Task<Status> ClientConnection::write_rest(asio::const_buffer bytes, CancelToken token) {
    const runtime::CancelSubscription cut(token, [this](CancelReason) { close(); });
    expires_at_ = base::Clock::now() + stall_time_;
    boost::system::error_code failed;
    if (tls_) {
        failed = std::get<0>(co_await asio::async_write(*tls_, bytes, kAsTuple));
    } else {
        failed = std::get<0>(co_await asio::async_write(socket_, bytes, kAsTuple));
    }
    expires_at_ = TimePoint::max();
    if (!failed) co_return Status{};
    Error error = why_ended(token, "cannot send: " + failed.message());
    if (error.kind == ErrorKind::kUpstream) error.kind = ErrorKind::kUnavailable;
    co_return fail(std::move(error));
}

/// Not a coroutine: every token comes this way, and a frame costs more than its parsing.
Task<ClientConnection::Received> ClientConnection::receive(Deadline deadline) {
    expires_at_ = std::min(deadline.at(), base::Clock::now() + stall_time_);
    if (tls_) return tls_->async_read_some(buffer_.space(), kAsTuple);
    return socket_.async_read_some(buffer_.space(), kAsTuple);
}

/// What a read brought, 0 for the end of the connection.
Result<size_t> ClientConnection::judge(const Received& received, const CancelToken& token) {
    expires_at_ = TimePoint::max();
    const auto& [failed, bytes] = received;
    const bool is_end = failed == asio::error::eof || failed == asio::ssl::error::stream_truncated;
    if (token.is_cancelled() || (failed && !is_end)) {
        return fail(why_ended(token, "connection lost: " + failed.message()));
    }
    return bytes;
}

Task<Status> ClientConnection::read_head(Deadline deadline, CancelToken token) {
    const runtime::CancelSubscription cut(token, [this](CancelReason) { close(); });
    bool is_first = true;
    while (!parser_.is_head_done()) {
        const Result<size_t> bytes = judge(co_await receive(deadline), token);
        if (!bytes || *bytes == 0) {
            if (bytes || bytes.error().kind == ErrorKind::kUpstream) {
                co_return fail(is_first ? ErrorKind::kUnavailable : ErrorKind::kUpstream, "http",
                               "the connection closed before an answer came");
            }
            co_return fail(bytes.error());
        }
        is_first = false;
        const Status fed = parser_.feed(buffer_.taken(*bytes));
        if (!fed) co_return fed;
    }
    co_return Status{};
}

Task<Result<std::string>> ClientConnection::read_body(Deadline deadline, CancelToken token) {
    if (defect_) co_return fail(*defect_);
    const runtime::CancelSubscription cut(token, [this](CancelReason) { close(); });
    while (parser_.body().empty() && !parser_.is_done()) {
        const Result<size_t> bytes = judge(co_await receive(deadline), token);
        if (!bytes) co_return fail(bytes.error());
        expect_next();
        Status fed = *bytes == 0 ? parser_.feed_end() : parser_.feed(buffer_.taken(*bytes));
        if (fed) continue;
        if (parser_.body().empty()) co_return fail(std::move(fed.error()));
        // What came before the defect is still handed over; the defect shows at the next call.
        defect_ = std::move(fed.error());
    }
    co_return std::exchange(parser_.body(), {});
}

void ClientConnection::expect_next() {
    runtime::Shard* shard = runtime::Shard::current();
    const auto window = rhythm_.beat(base::Clock::now());
    if (shard && window) shard->lookout().expect(*window);
}

bool ClientConnection::is_stale() {
    char byte = 0;
    const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

}  // namespace hayate::net
