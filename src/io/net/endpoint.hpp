#pragma once
// Where a server is: parsed once from the configuration, never from a request.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hayate::net {

struct Endpoint {
    bool is_tls = false;
    std::string host;  // name or address, without brackets
    uint16_t port = 80;
    std::string authority;  // for the Host field: host, and the port when it is not the default
    std::string base_path;  // without a trailing slash: "" or "/v1"

    [[nodiscard]] std::string url() const {
        return (is_tls ? "https://" : "http://") + authority + base_path;
    }
};

/// Parses "http[s]://host[:port][/path]". kBadRequest says what is wrong (user info, query and
/// fragment are refused).
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace hayate::net
