#include "core/config/addresses.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>

namespace hayate::config {
namespace {

using AddressBytes = std::array<unsigned char, 16>;

bool parse_address(int family, std::string_view text, AddressBytes& bytes) {
    return ::inet_pton(family, std::string(text).c_str(), bytes.data()) == 1 &&
           text.find('\0') == std::string_view::npos;
}

bool is_host_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

bool is_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) {
        AddressBytes bytes;
        return parse_address(AF_INET6, host.substr(1, host.size() - 2), bytes);
    }
    return !host.empty() && host.front() != '.' && host.front() != '-' &&
           std::ranges::all_of(host, is_host_char);
}

bool is_port(std::string_view text) {
    uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port != 0;
}

struct UrlParts {
    std::string_view scheme, host, port, path;
};

/// `scheme://host[:port][/path]`, not yet judged.
std::optional<UrlParts> split_url(std::string_view url) {
    const size_t colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    UrlParts parts{.scheme = url.substr(0, colon)};
    std::string_view rest = url.substr(colon + 3);
    const size_t slash = std::min(rest.find('/'), rest.size());
    parts.path = rest.substr(slash);
    rest = rest.substr(0, slash);
    const size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
    const size_t port = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = rest.substr(0, port);
    if (port != std::string_view::npos) parts.port = rest.substr(port);  // with its colon
    return parts;
}

}  // namespace

bool is_address(std::string_view text) {
    AddressBytes bytes;
    return text == "localhost" || parse_address(AF_INET, text, bytes) ||
           parse_address(AF_INET6, text, bytes);
}

bool is_loopback(std::string_view address) {
    AddressBytes bytes{};
    if (address == "localhost") return true;
    if (parse_address(AF_INET, address, bytes)) return bytes[0] == 127;
    AddressBytes one{};
    one.back() = 1;
    return parse_address(AF_INET6, address, bytes) && bytes == one;
}

bool is_any_address(std::string_view address) {
    AddressBytes bytes{};
    const bool is_known =
        parse_address(AF_INET, address, bytes) || parse_address(AF_INET6, address, bytes);
    return is_known && bytes == AddressBytes{};
}

std::string base_url_problem(std::string_view url) {
    const std::optional<UrlParts> parts = split_url(url);
    if (!parts || (parts->scheme != "http" && parts->scheme != "https")) {
        return "expected a URL that begins with http:// or https://";
    }
    const bool has_odd_character = std::ranges::any_of(url, [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f ||
               c == '\\' || c == '@' || c == '?' || c == '#';
    });
    if (has_odd_character) {
        return "expected scheme, host, port and path only: no user, password, query or spaces";
    }
    if (!is_host(parts->host)) return "expected a host name or address after ://";
    if (!parts->port.empty() && !is_port(parts->port.substr(1))) {
        return "expected a port from 1 to 65535 after the host";
    }
    return {};
}

std::string origin_problem(std::string_view origin) {
    if (std::string problem = base_url_problem(origin); !problem.empty()) return problem;
    const UrlParts parts = *split_url(origin);
    if (!parts.path.empty()) return "expected no path and no slash after the host";
    if (std::ranges::any_of(origin, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        return "expected lower case, as browsers send it";
    }
    const bool is_default = (parts.scheme == "http" && parts.port == ":80") ||
                            (parts.scheme == "https" && parts.port == ":443");
    return is_default ? "expected no port: browsers leave out the scheme's own" : std::string();
}

bool is_loopback_url(std::string_view url) {
    const std::optional<UrlParts> parts = split_url(url);
    if (!parts) return false;
    std::string_view host = parts->host;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return is_loopback(host);
}

}  // namespace hayate::config
