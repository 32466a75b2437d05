// Exchange: what a handler sees of a connection, and how responses look on the wire.

#include <ctime>
#include <iterator>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "io/net/http_connection.hpp"

namespace hayate::net {
namespace {

/// IMF-fixdate of this second, made once a second per thread.
std::string_view http_date() {
    thread_local std::time_t made_at = 0;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        made_at = now;
        text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    }
    return text;
}

void append_head(std::string& out, int status, std::string_view content_type,
                 const std::vector<Field>& extra) {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nserver: hayate\r\ndate: {}\r\n",
                   status, reason_phrase(status), http_date());
    if (!content_type.empty()) {
        out.append("content-type: ").append(content_type).append("\r\n");
    }
    for (const Field& field : extra) {
        if (!is_field_value(field.value)) continue;
        out.append(field.name).append(": ").append(field.value).append("\r\n");
    }
}

}  // namespace

const Request& Exchange::request() const { return connection_.request(); }

CancelToken Exchange::client_token() const { return connection_.token(); }

Task<Status> Exchange::respond(Response response) {
    is_answered_ = true;
    out_.clear();
    append_head(out_, response.status, response.content_type, response.extra);
    if (connection_.decide_to_close()) out_ += "connection: close\r\n";
    fmt::format_to(std::back_inserter(out_), "content-length: {}\r\n\r\n", response.body.size());
    if (request().method == "HEAD") response.body.clear();
    co_return co_await connection_.write_all({asio::buffer(out_), asio::buffer(response.body)});
}

Task<Status> Exchange::begin_stream(std::string content_type, std::vector<Field> extra) {
    is_answered_ = true;
    is_chunked_ = request().is_http_1_1;
    if (!is_chunked_) connection_.close_after_response();
    out_.clear();
    append_head(out_, 200, content_type, extra);
    out_ += "cache-control: no-cache, no-transform\r\nx-accel-buffering: no\r\n";
    if (connection_.decide_to_close()) out_ += "connection: close\r\n";
    out_ += is_chunked_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
    co_return Status{};
}

Task<Status> Exchange::write(std::string_view piece) {
    // The head waits for the first piece, so that both leave in one packet.
    if (is_chunked_ && !piece.empty()) {
        fmt::format_to(std::back_inserter(out_), "{:x}\r\n", piece.size());
        out_.append(piece).append("\r\n");
    } else {
        out_.append(piece);
    }
    const Status sent = co_await connection_.write_all({asio::buffer(out_), {}});
    out_.clear();
    co_return sent;
}

Task<Status> Exchange::end_stream() {
    if (is_chunked_) out_ += "0\r\n\r\n";
    const Status sent = co_await connection_.write_all({asio::buffer(out_), {}});
    out_.clear();
    co_return sent;
}

void Exchange::abort_stream() { connection_.abort(); }

}  // namespace hayate::net
