#pragma once
// The page's cookie: who the visitor is, signed by the server, so that nothing about visitors needs
// to be stored.
//
//   hayate_page=1.<visitor>.<customer, base64url>.<expires, seconds since 1970>.<HMAC-SHA256,
//   base64url>
//
// The value is HttpOnly and SameSite=Strict; a tampered, expired or foreign one counts as
// none. Pure but for the key's file.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace hayate::front {

inline constexpr std::string_view kPageCookieName = "hayate_page";
inline constexpr int64_t kPageCookieTimeS = int64_t{30} * 24 * 3600;

struct PageVisit {
    std::string visitor;                  // 22 characters of base64url
    std::optional<std::string> customer;  // signed in as
    int64_t expires_s = 0;
};

/// A visit of somebody we have not seen before.
[[nodiscard]] PageVisit new_visit(int64_t now_s);

class PageCookies {
  public:
    struct Options {
        bool is_secure = false;  // the page is served over TLS
    };
    PageCookies(base::Secret key, Options options);

    /// The cookie's value.
    [[nodiscard]] std::string seal(const PageVisit& visit) const;
    [[nodiscard]] std::optional<PageVisit> open(std::string_view value, int64_t now_s) const;
    /// From a whole Cookie header, the first of our name that opens: a neighbour may have planted
    /// another.
    [[nodiscard]] std::optional<PageVisit> find(std::string_view cookie_header,
                                                int64_t now_s) const;
    /// The value of a Set-Cookie header.
    [[nodiscard]] std::string set_cookie(const PageVisit& visit) const;

  private:
    [[nodiscard]] std::string mac_of(std::string_view body) const;

    base::Secret key_;
    Options options_;
};

/// The values of all cookies called `name` in a Cookie header, at most 8.
[[nodiscard]] std::vector<std::string_view> cookie_values(std::string_view header,
                                                          std::string_view name);
/// `name=value` with Path=/, HttpOnly, SameSite=Strict and Max-Age; a zero age removes the cookie.
[[nodiscard]] std::string cookie_header(std::string_view name, std::string_view value,
                                        int64_t age_s, bool is_secure);

/// The signing key in `folder`/page.key, made on the first start: 32 random bytes as text, mode
/// 0600, complete or absent even when two servers start at once. Refused when others may read it.
/// Blocking: for start-up.
[[nodiscard]] Result<base::Secret> load_or_make_page_key(const std::string& folder);

}  // namespace hayate::front
