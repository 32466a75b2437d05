#include "io/net/framing.hpp"

#include <algorithm>
#include <utility>

#include "io/net/http_types.hpp"

namespace hayate::net {
namespace {

using Doubt = std::optional<std::string_view>;
constexpr size_t kFieldsMax = 100;

struct Seen {
    size_t fields = 0;
    size_t hosts = 0;
    size_t lengths = 0;
    size_t encodings = 0;
    std::string_view host;
};

std::string_view take_line(std::string_view& rest) {
    const size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) return std::exchange(rest, {});
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

Doubt doubt_about_field(std::string_view line, Seen& seen) {
    if (line.starts_with(' ') || line.starts_with('\t')) return "a folded header field";
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return "a header field without a name";
    if (++seen.fields > kFieldsMax) return "more than 100 header fields";
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (equals_ignoring_case(name, "host")) {
        ++seen.hosts;
        seen.host = value;
    } else if (equals_ignoring_case(name, "content-length")) {
        const bool is_digits =
            !value.empty() && value.size() <= 18 &&
            std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
        if (!is_digits) return "a Content-Length that is not a plain number";
        ++seen.lengths;
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
        if (!equals_ignoring_case(value, "chunked"))
            return "a Transfer-Encoding other than chunked";
        ++seen.encodings;
    }
    return std::nullopt;
}

Doubt doubt_about_target(std::string_view target, std::string_view host) {
    const bool is_visible = !target.empty() && std::ranges::all_of(target, [](char c) {
        return c > ' ' && c < '\x7f' && c != '#';
    });
    if (!is_visible) return "a request target with characters that need encoding";
    if (target.starts_with('/') || target == "*") return std::nullopt;
    // Absolute form must name the same authority as Host, or two servers would pick different ones.
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return "a request target that is not a path";
    std::string_view authority = target.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?"));
    if (!equals_ignoring_case(authority, host)) return "a request target for another host";
    return std::nullopt;
}

Doubt doubt_about_counts(const Seen& seen, bool is_http_1_1) {
    if (seen.hosts > 1) return "more than one Host";
    if (is_http_1_1 && seen.hosts == 0) return "no Host";
    if (seen.lengths > 1) return "more than one Content-Length";
    if (seen.encodings > 1) return "more than one Transfer-Encoding";
    if (seen.lengths > 0 && seen.encodings > 0) return "both Content-Length and Transfer-Encoding";
    if (seen.encodings > 0 && !is_http_1_1) return "Transfer-Encoding in HTTP/1.0";
    return std::nullopt;
}

}  // namespace

Doubt doubt_about_head(std::string_view head) {
    std::string_view rest = head;
    const std::string_view start = take_line(rest);
    const size_t first = start.find(' ');
    const size_t last = start.rfind(' ');
    if (first == std::string_view::npos || first == last) return "a malformed request line";
    Seen seen;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.empty()) break;
        if (const Doubt doubt = doubt_about_field(line, seen)) return doubt;
    }
    if (const Doubt doubt = doubt_about_counts(seen, start.ends_with("HTTP/1.1"))) return doubt;
    return doubt_about_target(start.substr(first + 1, last - first - 1), seen.host);
}

std::string origin_form(std::string_view target) {
    if (target.starts_with('/') || target == "*") return std::string(target);
    target.remove_prefix(target.find("://") + 3);
    const size_t end = target.find_first_of("/?");
    const std::string_view rest = end == std::string_view::npos ? "" : target.substr(end);
    return (rest.starts_with('/') ? "" : "/") + std::string(rest);
}

}  // namespace hayate::net
