// Exchange: what a handler sees of a connection, and how responses look on the wire.

#include <array>
#include <charconv>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>

#include "core/base/json_text.hpp"
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
    out.reserve(out.size() + 256);
    out += "HTTP/1.1 ";
    base::append_number(out, int64_t{status});
    out.append(" ").append(reason_phrase(status)).append("\r\nserver: hayate\r\ndate: ");
    out.append(http_date()).append("\r\n");
    if (!content_type.empty()) {
        out.append("content-type: ").append(content_type).append("\r\n");
    }
    for (const Field& field : extra) {
        if (!is_field_value(field.value)) continue;
        out.append(field.name).append(": ").append(field.value).append("\r\n");
    }
}

void append_length(std::string& out, size_t bytes) {
    out += "content-length: ";
    base::append_number(out, static_cast<int64_t>(bytes));
    out += "\r\n\r\n";
}

/// RFC 9112 7.1: the size in hex, the bytes, a line end.
void append_chunk(std::string& out, std::string_view bytes) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16);
    out.append(digits.data(), end.ptr).append("\r\n").append(bytes).append("\r\n");
}

}  // namespace

const Request& Exchange::request() const { return connection_.request(); }

CancelToken Exchange::client_token() const { return connection_.token(); }

/// Writes out_ and then `body`, which must outlive the write.
Task<Status> Exchange::send(std::string_view body) {
    HttpConnection::Buffers buffers{asio::buffer(out_), asio::buffer(body)};
    Status sent;
    if (!connection_.write_now(buffers)) sent = co_await connection_.write_rest(buffers);
    out_.clear();
    co_return sent;
}

Task<Status> Exchange::respond(Response response) {
    is_answered_ = true;
    append_head(out_, response.status, response.content_type, response.extra);
    if (connection_.decide_to_close()) out_ += "connection: close\r\n";
    append_length(out_, response.body.size());
    if (request().method == "HEAD") response.body.clear();
    co_return co_await send(response.body);
}

Task<Status> Exchange::begin_stream(std::string content_type, std::vector<Field> extra) {
    is_answered_ = true;
    is_chunked_ = request().is_http_1_1;
    if (!is_chunked_) connection_.close_after_response();
    append_head(out_, 200, content_type, extra);
    out_ += "cache-control: no-cache, no-transform\r\nx-accel-buffering: no\r\n";
    if (connection_.decide_to_close()) out_ += "connection: close\r\n";
    out_ += is_chunked_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
    co_return Status{};
}

Task<Status> Exchange::write(std::string_view piece) {
    // The head waits for the first piece, so that both leave in one packet.
    if (is_chunked_ && !piece.empty()) {
        append_chunk(out_, piece);
    } else {
        out_.append(piece);
    }
    return send();
}

Task<Status> Exchange::end_stream() {
    if (is_chunked_) out_ += "0\r\n\r\n";
    return send();
}

void Exchange::abort_stream() { connection_.abort(); }

}  // namespace hayate::net
