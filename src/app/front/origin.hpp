#pragma once
// Which pages may talk to us with the visitor's cookie, and which names we answer to. Text only,
// exact matches.

#include <span>
#include <string>
#include <string_view>

namespace hayate::front {

/// Whether a request that relies on a cookie comes from our own page or an allowed one. `origin` is
/// the Origin header, `host` the Host header. A missing Origin, "null" and every near match are
/// refused.
[[nodiscard]] bool is_allowed_origin(std::string_view origin, std::string_view host,
                                     std::span<const std::string> allowed);

/// Whether a Host header is one that our listener answers to. A listener on loopback answers only
/// to loopback names and to the hosts of allowed origins: otherwise a foreign page whose name
/// resolves to 127.0.0.1 (DNS rebinding) could talk to it. Beyond loopback every host passes.
[[nodiscard]] bool is_allowed_host(std::string_view host, bool is_loopback_listener,
                                   std::span<const std::string> allowed);

}  // namespace hayate::front
