#pragma once
// Identity: from the headers of a request to the Caller it comes from, or the refusal. Credentials
// are read from headers only, and no error or log line repeats one.
//
//   Authorization: Bearer hk_... or x-api-key: hk_...   an API key: tenant and role
//   x-hayate-customer: <jwt>                            the shop's word about its customer, on any
//   front Cookie: hayate_page=...                             a visitor of the page, perhaps signed
//   in Cookie: hayate_admin=...                            an operator's browser, on the admin
//   listener
//
// One Identity per shard, used on its thread only; the AdminSessions are shared.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/front/admin_sessions.hpp"
#include "app/front/api_keys.hpp"
#include "app/front/caller.hpp"
#include "app/front/page_cookie.hpp"
#include "core/wire/jwt.hpp"
#include "io/store/stores.hpp"

namespace hayate::front {

/// Header values as they came; empty when absent.
struct Credentials {
    std::string authorization;
    std::string api_key;
    std::string customer_token;
    std::string cookie;
    std::string origin;
    std::string host;
};

struct Identified {
    Caller caller;
    /// To be sent as Set-Cookie: the visitor is new, or the cookie is past half its life.
    std::optional<std::string> set_cookie;
};

/// auth.api_keys of the configuration.
enum class KeyPolicy : uint8_t { kAuto, kRequired, kOff };
[[nodiscard]] KeyPolicy key_policy_of(const std::string& api_keys);

class Identity {
  public:
    struct Options {
        KeyPolicy key_policy = KeyPolicy::kAuto;
        bool is_loopback = true;  // the public listener
        bool is_secure = false;   // served over TLS: cookies are Secure
        std::vector<std::string> allowed_origins{};
        wire::JwtKeys customer_keys{};  // none: customer tokens are refused
        KeyCache::Options key_cache{};
        std::function<TimePoint()> now = [] { return Clock::now(); };
        std::function<int64_t()> wall_ms = [] { return base::unix_ms(); };
    };
    /// `keys` must outlive it.
    Identity(store::KeyStore& keys, base::Secret page_key, std::shared_ptr<AdminSessions> admins,
             Options options);

    /// Who is asking, if they may use a route with this need. A wrong key or customer token is an
    /// error even where none is needed, so that nobody works on believing to be somebody; a foreign
    /// bearer token is ignored, because client libraries always send one. Without a key the API
    /// answers programs and allowed origins only (kForbidden): any page that the operator visits
    /// could otherwise spend the open server's models.
    Task<Result<Identified>> identify(Need need, Credentials credentials, store::Wait wait);

    /// Whether API callers must show a key now.
    Task<bool> is_key_needed(store::Wait wait);

    /// Set-Cookie values for the page's sign-in and sign-out. Signing in keeps the visitor; signing
    /// out makes a new one, so that the next person at this browser finds nothing.
    [[nodiscard]] std::string sign_in(const Caller& caller, std::string customer) const;
    [[nodiscard]] std::string sign_out() const;

  private:
    [[nodiscard]] int64_t wall_s() const { return options_.wall_ms() / 1000; }
    Task<Result<Identified>> identify_base(Need need, Credentials credentials, store::Wait wait);
    Task<Result<Identified>> identify_key(std::string hash, store::Wait wait);
    Task<Result<Identified>> identify_keyless(Credentials credentials, store::Wait wait);
    [[nodiscard]] Identified identify_visitor(std::string_view cookie) const;
    [[nodiscard]] Identified identify_admin(std::string_view cookie) const;

    KeyDirectory keys_;
    PageCookies cookies_;
    std::shared_ptr<AdminSessions> admins_;
    Options options_;
};

}  // namespace hayate::front
