#include "io/net/response_parser.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

namespace hayate::net {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using Text = boost::beast::string_view;

}  // namespace

struct ResponseParser::Parser : http::basic_parser<false> {
    int status = 0;
    Fields fields;
    std::string body;

    void on_request_impl(http::verb /*known*/, Text /*method*/, Text /*target*/, int /*version*/,
                         ErrorCode& /*ec*/) override {}
    void on_response_impl(int code, Text /*reason*/, int /*version*/, ErrorCode& /*ec*/) override {
        status = code;
    }
    void on_field_impl(http::field /*known*/, Text name, Text value, ErrorCode& /*ec*/) override {
        std::string lower(name);
        std::ranges::transform(lower, lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        fields.add(std::move(lower), std::string(value));
    }
    void on_header_impl(ErrorCode& /*ec*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                           ErrorCode& /*ec*/) override {}
    std::size_t on_body_impl(Text text, ErrorCode& /*ec*/) override {
        body.append(text.data(), text.size());
        return text.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extensions*/,
                              ErrorCode& /*ec*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text text,
                                   ErrorCode& /*ec*/) override {
        body.append(text.data(), text.size());
        return text.size();
    }
    void on_finish_impl(ErrorCode& /*ec*/) override {}
};

ResponseParser::ResponseParser(size_t head_bytes_max) : head_bytes_max_(head_bytes_max) { reset(); }
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

void ResponseParser::reset() {
    parser_ = std::make_unique<Parser>();
    parser_->header_limit(static_cast<uint32_t>(head_bytes_max_));
    parser_->body_limit(boost::none);
    parser_->eager(true);
    pending_.clear();
}

Status ResponseParser::feed(std::string_view bytes) {
    std::string_view input = bytes;
    if (!pending_.empty()) {
        pending_.append(bytes);
        input = pending_;
    }
    while (!input.empty() && !parser_->is_done()) {
        ErrorCode ec;
        const size_t used = parser_->put(boost::asio::buffer(input.data(), input.size()), ec);
        input.remove_prefix(used);
        if (ec == http::error::need_more || (!ec && used == 0)) break;
        if (ec) return fail(ErrorKind::kUpstream, "http", "malformed response: " + ec.message());
        // An interim response (100, 103) is followed by the real one.
        if (parser_->is_done() && parser_->status >= 100 && parser_->status < 200) {
            const std::string rest(input);
            reset();
            return feed(rest);
        }
    }
    if (parser_->is_done() && !input.empty()) {
        return fail(ErrorKind::kUpstream, "http", "bytes after the end of the response");
    }
    std::string rest(input);
    pending_ = std::move(rest);
    return {};
}

Status ResponseParser::feed_end() {
    ErrorCode ec;
    if (parser_->is_header_done() && !parser_->is_done()) parser_->put_eof(ec);
    if (!ec && parser_->is_done()) return {};
    return fail(ErrorKind::kUpstream, "http",
                "the connection closed before the response was complete");
}

bool ResponseParser::is_head_done() const { return parser_->is_header_done(); }
bool ResponseParser::is_done() const { return parser_->is_done(); }
bool ResponseParser::keep_alive() const { return parser_->is_done() && parser_->keep_alive(); }
int ResponseParser::status() const { return parser_->status; }
const Fields& ResponseParser::fields() const { return parser_->fields; }
std::string& ResponseParser::body() { return parser_->body; }

}  // namespace hayate::net
