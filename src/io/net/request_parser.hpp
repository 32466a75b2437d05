#pragma once
// Incremental HTTP/1.1 request parser: bytes in, one Request out. Wraps Beast's parser and adds the
// framing rule.

#include <memory>
#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "io/net/http_types.hpp"

namespace hayate::net {

class RequestParser {
  public:
    enum class Step : uint8_t { kNeedMore, kHeadDone, kDone, kFailed };
    /// What to answer before closing, after kFailed.
    struct Failure {
        int status = 400;
        std::string text;
    };

    RequestParser(size_t head_bytes_max, size_t body_bytes_max);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Takes what it can use from the front of `inbox`. kHeadDone is reported once, before any body
    /// byte is taken.
    Step feed(std::string& inbox);
    [[nodiscard]] Request& request();
    [[nodiscard]] const Failure& failure() const { return failure_; }
    /// Ready for the next request of the connection.
    void reset();

  private:
    struct Parser;
    Step take_head(std::string& inbox);
    Step take_body(std::string& inbox);
    Step fail(int status, std::string text);
    Step fail_on(const boost::system::error_code& ec, std::string_view text);

    size_t head_bytes_max_;
    size_t body_bytes_max_;
    std::unique_ptr<Parser> parser_;
    Failure failure_;
};

}  // namespace hayate::net
