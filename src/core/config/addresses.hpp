#pragma once
// Judging the addresses that a configuration names, by their text alone: nothing is resolved or
// connected.

#include <string>
#include <string_view>

namespace hayate::config {

/// An IPv4 or IPv6 address without port and brackets, or "localhost".
[[nodiscard]] bool is_address(std::string_view text);
/// 127.0.0.0/8, ::1 or "localhost": reachable only from this machine.
[[nodiscard]] bool is_loopback(std::string_view address);
/// 0.0.0.0 or ::, which listen on every interface.
[[nodiscard]] bool is_any_address(std::string_view address);

/// What is wrong with a base URL; empty when it is `http(s)://host[:port][/path]` without user,
/// query or fragment.
[[nodiscard]] std::string base_url_problem(std::string_view url);
/// What is wrong with a page origin; empty when it is exactly what a browser sends:
/// `https://shop.example`, lower case, with a port only if it is not the scheme's own.
[[nodiscard]] std::string origin_problem(std::string_view origin);
/// Whether a URL that has no problem leads to this machine.
[[nodiscard]] bool is_loopback_url(std::string_view url);

}  // namespace hayate::config
