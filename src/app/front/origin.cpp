#include "app/front/origin.hpp"

#include <algorithm>

#include "core/config/addresses.hpp"

namespace hayate::front {
namespace {

constexpr std::string_view kSchemes[] = {"http://", "https://"};

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

/// True when `origin` is `http(s)://` followed by exactly `host`. Both schemes count: behind a
/// proxy that ends TLS we cannot see which one the browser used.
bool is_origin_of(std::string_view origin, std::string_view host) {
    return std::ranges::any_of(kSchemes, [&](std::string_view scheme) {
        return origin.starts_with(scheme) && origin.substr(scheme.size()) == host;
    });
}

}  // namespace

bool is_allowed_origin(std::string_view origin, std::string_view host,
                       std::span<const std::string> allowed) {
    if (std::ranges::count(allowed, origin) > 0) return true;
    // The Host header must itself be a plain host, or it could be bent into anything.
    const std::string own = lower(host);
    return is_origin_of(origin, own) && config::base_url_problem("http://" + own).empty() &&
           own.find('/') == std::string::npos;
}

bool is_allowed_host(std::string_view host, bool is_loopback_listener,
                     std::span<const std::string> allowed) {
    if (!is_loopback_listener) return true;
    const std::string own = lower(host);
    const bool is_listed = std::ranges::any_of(
        allowed, [&](const std::string& origin) { return is_origin_of(origin, own); });
    // Nearly every request names the listed address; only another one is taken apart.
    return is_listed || (own.find('/') == std::string::npos &&
                         config::base_url_problem("http://" + own).empty() &&
                         config::is_loopback_url("http://" + own));
}

}  // namespace hayate::front
