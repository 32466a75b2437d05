#include "app/front/page_cookie.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

constexpr size_t kCookieBytesMax = 1024;
constexpr size_t kSameNameMax = 8;
constexpr size_t kVisitorBytes = 16;
constexpr size_t kVisitorChars = 22;
constexpr std::string_view kVersion = "1";
/// What the MAC is for, so that no other signature of the same key can pass as a cookie.
constexpr std::string_view kPurpose = "hayate_page:";

std::optional<int64_t> seconds_of(std::string_view text) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// Exactly four fields between dots.
std::optional<std::array<std::string_view, 4>> fields_of(std::string_view body) {
    std::array<std::string_view, 4> fields;
    for (size_t i = 0; i + 1 < fields.size(); ++i) {
        const size_t dot = body.find('.');
        if (dot == std::string_view::npos) return std::nullopt;
        fields.at(i) = body.substr(0, dot);
        body.remove_prefix(dot + 1);
    }
    if (body.find('.') != std::string_view::npos) return std::nullopt;
    fields.back() = body;
    return fields;
}

std::string_view trimmed(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

PageVisit new_visit(int64_t now_s) {
    return {.visitor = base::random_text(kVisitorBytes), .expires_s = now_s + kPageCookieTimeS};
}

PageCookies::PageCookies(base::Secret key, Options options)
    : key_(std::move(key)), options_(options) {}

std::string PageCookies::mac_of(std::string_view body) const {
    return base::base64url(
        base::as_view(base::hmac_sha256(key_.reveal(), fmt::format("{}{}", kPurpose, body))));
}

std::string PageCookies::seal(const PageVisit& visit) const {
    const std::string body =
        fmt::format("{}.{}.{}.{}", kVersion, visit.visitor,
                    base::base64url(visit.customer.value_or("")), visit.expires_s);
    return body + "." + mac_of(body);
}

std::optional<PageVisit> PageCookies::open(std::string_view value, int64_t now_s) const {
    if (value.size() > kCookieBytesMax) return std::nullopt;
    const size_t dot = value.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view body = value.substr(0, dot);
    if (!base::equal_constant_time(mac_of(body), value.substr(dot + 1))) return std::nullopt;
    // From here on it is our own writing, perhaps of an older version.
    const auto fields = fields_of(body);
    if (!fields || fields->at(0) != kVersion) return std::nullopt;
    const std::optional<std::string> customer = base::from_base64url(fields->at(2));
    const std::optional<int64_t> expires = seconds_of(fields->at(3));
    const bool is_whole = customer && expires && fields->at(1).size() == kVisitorChars;
    if (!is_whole || *expires <= now_s) return std::nullopt;
    PageVisit visit{.visitor = std::string(fields->at(1)), .expires_s = *expires};
    if (!customer->empty()) visit.customer = *customer;
    return visit;
}

std::optional<PageVisit> PageCookies::find(std::string_view cookie_header_value,
                                           int64_t now_s) const {
    for (const std::string_view value : cookie_values(cookie_header_value, kPageCookieName)) {
        if (std::optional<PageVisit> visit = open(value, now_s)) return visit;
    }
    return std::nullopt;
}

std::string PageCookies::set_cookie(const PageVisit& visit) const {
    return cookie_header(kPageCookieName, seal(visit), kPageCookieTimeS, options_.is_secure);
}

std::vector<std::string_view> cookie_values(std::string_view header, std::string_view name) {
    std::vector<std::string_view> values;
    while (!header.empty() && values.size() < kSameNameMax) {
        const size_t end = std::min(header.find(';'), header.size());
        const std::string_view pair = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const bool is_named =
            pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=';
        if (is_named) values.push_back(pair.substr(name.size() + 1));
    }
    return values;
}

std::string cookie_header(std::string_view name, std::string_view value, int64_t age_s,
                          bool is_secure) {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", name, value, age_s,
                       is_secure ? "; Secure" : "");
}

}  // namespace hayate::front
