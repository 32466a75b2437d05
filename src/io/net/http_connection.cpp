#include "io/net/http_connection.hpp"

#include <utility>

#include <boost/asio/write.hpp>

#include "core/base/json_text.hpp"
#include "io/net/write_now.hpp"

namespace hayate::net {
namespace {

using runtime::kAsTuple;
using runtime::WaitResult;

// While a handler runs, at most this much of a pipelined next request is read ahead.
constexpr size_t kReadAheadBytes = 16 * 1024;
constexpr milliseconds kLingerTime{1'000};

std::string error_body(int status, std::string_view text) {
    std::string body = R"({"error":{"message":)";
    base::append_json_string(body, text);
    body += R"(,"type":"invalid_request_error","code":)";
    body += status == 413 || status == 431 ? R"("too_large")" : R"("bad_request")";
    body += R"(,"param":null}})";
    return body;
}

}  // namespace

HttpConnection::HttpConnection(Socket socket, std::shared_ptr<HttpServer::State> server)
    : parser_(server->options.limits.head_bytes_max, server->options.limits.body_bytes_max),
      socket_(std::move(socket)),
      server_(std::move(server)),
      arrived_(socket_.get_executor()) {}

bool HttpConnection::decide_to_close() {
    closes_ = closes_ || server_->is_draining || !parser_.request().keep_alive;
    return closes_;
}

void HttpConnection::arm_read() {
    if (is_reading_ || is_eof_ || inbox_.size() >= kReadAheadBytes) return;
    is_reading_ = true;
    socket_.async_read_some(
        read_buffer_.space(),
        [self = shared_from_this()](const boost::system::error_code& failed, size_t bytes) {
            self->is_reading_ = false;
            self->inbox_.append(self->read_buffer_.taken(bytes));
            if (failed && failed != asio::error::operation_aborted) {
                self->is_eof_ = true;
                self->gone_.cancel(CancelReason::kClientGone);
            }
            self->arrived_.notify();
            if (!failed) self->arm_read();
        });
}

Task<bool> HttpConnection::read_request() {
    const ServerLimits& limits = server_->options.limits;
    expire_after(parser_.request().method.empty() && inbox_.empty() ? limits.idle_time
                                                                    : limits.head_time);
    bool has_begun = false;
    while (true) {
        if (!inbox_.empty()) {
            if (!std::exchange(has_begun, true)) expire_after(limits.head_time);
            switch (parser_.feed(inbox_)) {
                case RequestParser::Step::kDone:
                    expires_at_ = TimePoint::max();
                    co_return true;
                case RequestParser::Step::kFailed:
                    co_await refuse(parser_.failure().status, parser_.failure().text);
                    co_return false;
                case RequestParser::Step::kHeadDone: {
                    expire_after(limits.body_time);
                    if (parser_.request().fields.find("content-encoding")) {
                        co_await refuse(415, "Compressed request bodies are not accepted.");
                        co_return false;
                    }
                    const std::string_view expectation = parser_.request().fields.get("expect");
                    if (!expectation.empty() && inbox_.empty()) {
                        static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
                        if (!co_await write_rest({asio::buffer(kGoOn), {}})) co_return false;
                        expire_after(limits.body_time);
                    }
                    // A request without a body is complete as soon as its head is.
                    if (parser_.feed(inbox_) == RequestParser::Step::kDone) {
                        expires_at_ = TimePoint::max();
                        co_return true;
                    }
                    if (parser_.failure().text.empty()) break;
                    co_await refuse(parser_.failure().status, parser_.failure().text);
                    co_return false;
                }
                case RequestParser::Step::kNeedMore:
                    break;
            }
        }
        if (is_eof_) co_return false;
        arm_read();
        if (inbox_.empty() || is_reading_) co_await arrived_.wait();
    }
}

Task<void> HttpConnection::run() {
    const auto self = shared_from_this();
    expire_after(server_->options.limits.head_time);
    arm_read();
    while (co_await read_request()) {
        ++server_->stats.requests_total;
        is_handling_ = true;
        arm_read();  // an end of file while the handler runs means that the client has gone
        Exchange exchange(*this);
        ++server_->stats.handlers;
        co_await server_->handler(exchange);
        --server_->stats.handlers;
        is_handling_ = false;
        if (is_released_) co_return;
        if (!exchange.is_answered()) co_await refuse(500, "The request was not answered.");
        if (closes_ || is_eof_) break;
        parser_.reset();
    }
    co_await linger();
}

Task<void> HttpConnection::refuse(int status, std::string text) {
    ++server_->stats.bad_requests_total;
    closes_ = true;
    Exchange exchange(*this);
    co_await exchange.respond({.status = status, .body = error_body(status, text)});
}

/// Closing at once while the peer still sends would reset the connection and lose our last
/// response.
Task<void> HttpConnection::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    const Deadline deadline = Deadline::after(kLingerTime);
    while (!is_eof_ && !deadline.has_passed()) {
        inbox_.clear();
        arm_read();
        if (co_await arrived_.wait(deadline) == WaitResult::kTimedOut) break;
    }
    socket_.close(ignored);
}

void HttpConnection::abort() {
    closes_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
    is_eof_ = true;
}

void HttpConnection::sweep(TimePoint now) {
    if (now < expires_at_ || !socket_.is_open()) return;
    expires_at_ = TimePoint::max();
    // Between requests and in a stalled write there is nothing to say; closing ends the pending
    // operation.
    gone_.cancel(CancelReason::kClientGone);
    abort();
    arrived_.notify();
}

void HttpConnection::shut_down() {
    closes_ = true;
    gone_.cancel(CancelReason::kShutdown);
    if (!is_handling_) {
        abort();
        arrived_.notify();
    }
}

bool HttpConnection::write_now(Buffers& buffers) { return net::write_now(socket_, buffers); }

Task<Status> HttpConnection::write_rest(Buffers buffers) {
    expire_after(server_->options.limits.write_time);
    const auto [failed, bytes] = co_await asio::async_write(socket_, buffers, kAsTuple);
    expires_at_ = TimePoint::max();
    if (!failed) co_return Status{};
    is_eof_ = true;
    gone_.cancel(CancelReason::kClientGone);
    co_return fail(ErrorKind::kCancelled, "net", "client gone: " + failed.message());
}

Task<Result<Socket>> HttpConnection::release_socket() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    while (is_reading_) co_await arrived_.wait();
    if (is_eof_ || !socket_.is_open()) {
        co_return fail(ErrorKind::kCancelled, "net", "client gone during the upgrade");
    }
    if (!inbox_.empty()) {
        co_return fail(base::public_error(ErrorKind::kBadRequest, "net",
                                          "Frames were sent before the upgrade was answered."));
    }
    is_released_ = true;
    co_return std::move(socket_);
}

}  // namespace hayate::net
