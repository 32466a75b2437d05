#include "io/net/request_parser.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "io/net/framing.hpp"

namespace hayate::net {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using Text = boost::beast::string_view;

std::string lower_case(Text text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

}  // namespace

/// Beast's parser with our Request as its target.
struct RequestParser::Parser : http::basic_parser<true> {
    Request request;
    bool is_head_checked = false;

    void on_request_impl(http::verb /*known*/, Text method, Text target, int version,
                         ErrorCode& /*ec*/) override {
        request.method = std::string(method);
        request.target = std::string(target);
        request.is_http_1_1 = version == 11;
    }
    void on_response_impl(int /*code*/, Text /*reason*/, int /*version*/,
                          ErrorCode& /*ec*/) override {}
    void on_field_impl(http::field /*known*/, Text name, Text value, ErrorCode& ec) override {
        // Fields after the body (trailers) could rewrite what was decided from the head.
        if (is_head_checked) {
            ec = http::error::bad_field;
            return;
        }
        request.fields.add(lower_case(name), std::string(value));
    }
    void on_header_impl(ErrorCode& /*ec*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                           ErrorCode& /*ec*/) override {
        if (length) request.body.reserve(static_cast<size_t>(std::min<uint64_t>(*length, 1 << 20)));
    }
    std::size_t on_body_impl(Text body, ErrorCode& /*ec*/) override {
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, Text extensions, ErrorCode& ec) override {
        if (!extensions.empty()) ec = http::error::bad_chunk_extension;
    }
    std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text body,
                                   ErrorCode& /*ec*/) override {
        request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(ErrorCode& /*ec*/) override {}
};

RequestParser::RequestParser(size_t head_bytes_max, size_t body_bytes_max)
    : head_bytes_max_(head_bytes_max), body_bytes_max_(body_bytes_max) {
    reset();
}

RequestParser::~RequestParser() = default;

Request& RequestParser::request() { return parser_->request; }

void RequestParser::reset() {
    parser_ = std::make_unique<Parser>();
    parser_->header_limit(static_cast<uint32_t>(head_bytes_max_));
    parser_->body_limit(body_bytes_max_);
    failure_ = {};
}

RequestParser::Step RequestParser::fail(int status, std::string text) {
    failure_ = {status, std::move(text)};
    return Step::kFailed;
}

/// `ec` must be true.
RequestParser::Step RequestParser::fail_on(const boost::system::error_code& ec,
                                           std::string_view text) {
    if (ec == http::error::header_limit)
        return fail(431, "The request header is larger than 8 KiB.");
    if (ec == http::error::body_limit) return fail(413, "The request body is larger than 1 MiB.");
    return fail(400, std::string(text) + " (" + ec.message() + ").");
}

RequestParser::Step RequestParser::feed(std::string& inbox) {
    return parser_->is_head_checked ? take_body(inbox) : take_head(inbox);
}

RequestParser::Step RequestParser::take_head(std::string& inbox) {
    // RFC 9112 2.2: empty lines before the request line are skipped.
    while (inbox.starts_with("\r\n")) inbox.erase(0, 2);
    const size_t end = inbox.find("\r\n\r\n");
    const bool is_complete = end != std::string::npos && end + 4 <= head_bytes_max_;
    if (!is_complete && inbox.size() > head_bytes_max_) {
        return fail(431, "The request header is larger than 8 KiB.");
    }
    if (!is_complete) return Step::kNeedMore;
    ErrorCode ec;
    parser_->eager(false);
    const size_t used = parser_->put(boost::asio::buffer(inbox), ec);
    if (ec) return fail_on(ec, "The request is not valid HTTP");
    if (!parser_->is_header_done()) return fail(400, "The request header ends too early.");
    if (const auto doubt = doubt_about_head(std::string_view(inbox).substr(0, used))) {
        return fail(400, "The request has " + std::string(*doubt) + ".");
    }
    inbox.erase(0, used);
    parser_->request.target = origin_form(parser_->request.target);
    parser_->request.keep_alive = parser_->keep_alive();
    parser_->is_head_checked = true;
    parser_->eager(true);
    return Step::kHeadDone;
}

RequestParser::Step RequestParser::take_body(std::string& inbox) {
    ErrorCode ec;
    while (!parser_->is_done() && !inbox.empty()) {
        const size_t used = parser_->put(boost::asio::buffer(inbox), ec);
        inbox.erase(0, used);
        if (ec == http::error::need_more || (!ec && used == 0)) break;
        if (ec) return fail_on(ec, "The request body is not framed as announced");
    }
    return parser_->is_done() ? Step::kDone : Step::kNeedMore;
}

}  // namespace hayate::net
