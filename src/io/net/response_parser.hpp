#pragma once
// Incremental HTTP/1.1 response parser: bytes in; status, fields, and the body as it comes.

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "io/net/http_types.hpp"

namespace hayate::net {

class ResponseParser {
  public:
    explicit ResponseParser(size_t head_bytes_max);
    ~ResponseParser();
    ResponseParser(ResponseParser&&) noexcept;
    ResponseParser& operator=(ResponseParser&&) noexcept;

    /// Takes all of `bytes`. What belongs to the body is added to `body`.
    Status feed(std::string_view bytes);
    /// The peer closed: the end of a body without announced length, an error for any other.
    Status feed_end();
    [[nodiscard]] bool is_head_done() const;
    [[nodiscard]] bool is_done() const;
    /// The connection may be used again once the message is done.
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] int status() const;
    [[nodiscard]] const Fields& fields() const;
    [[nodiscard]] std::string& body();
    void reset();

  private:
    struct Parser;
    size_t head_bytes_max_;
    std::unique_ptr<Parser> parser_;
    std::string pending_;  // received, not yet usable: a part of a head or of a chunk header
};

}  // namespace hayate::net
