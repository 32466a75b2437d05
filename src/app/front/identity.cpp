#include "app/front/identity.hpp"

#include <utility>

#include "app/front/customer_token.hpp"
#include "app/front/origin.hpp"
#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

/// The visitor behind an open API: without key or cookie all programs are one.
constexpr std::string_view kLocalVisitor = "local";

tl::unexpected<Error> unknown_key() {
    return fail(base::public_error(ErrorKind::kUnauthenticated, "front",
                                   "This API key does not exist or was revoked.",
                                   "invalid_api_key"));
}

}  // namespace

KeyPolicy key_policy_of(const std::string& api_keys) {
    if (api_keys == "off") return KeyPolicy::kOff;
    return api_keys == "auto" ? KeyPolicy::kAuto : KeyPolicy::kRequired;
}

Identity::Identity(store::KeyStore& keys, base::Secret page_key,
                   std::shared_ptr<AdminSessions> admins, Options options)
    : keys_(keys, options.key_cache, options.now),
      cookies_(std::move(page_key), {.is_secure = options.is_secure}),
      admins_(std::move(admins)),
      options_(std::move(options)) {}

Task<bool> Identity::is_key_needed(store::Wait wait) {
    if (options_.key_policy == KeyPolicy::kOff) co_return false;
    if (options_.key_policy == KeyPolicy::kRequired || !options_.is_loopback) co_return true;
    co_return co_await keys_.has_any(wait);
}

Task<Result<Identified>> Identity::identify(Need need, Credentials credentials, store::Wait wait) {
    if (need == Need::kPublic) co_return Identified{};
    const std::string token = credentials.customer_token;
    Result<Identified> found = co_await identify_base(need, std::move(credentials), wait);
    if (!found) co_return fail(found.error());
    // A keyless caller of the API has come this far because the server is open.
    const Status allowed = authorize(need, found->caller, false);
    if (!allowed) co_return fail(allowed.error());
    if (token.empty()) co_return found;
    Result<std::string> customer = customer_of_token(token, options_.customer_keys, wall_s());
    if (!customer) co_return fail(customer.error());
    found->caller.customer = *std::move(customer);
    co_return found;
}

/// The caller without the customer token: by key, by cookie where the route takes cookies, or by
/// nothing.
Task<Result<Identified>> Identity::identify_base(Need need, Credentials credentials,
                                                 store::Wait wait) {
    const std::string_view key = key_of_headers(credentials.authorization, credentials.api_key);
    // A text that cannot be a key is not looked up, but answered like one that is unknown.
    if (!key.empty() && !looks_like_key(key)) co_return unknown_key();
    if (!key.empty()) co_return co_await identify_key(base::sha256_hex(key), wait);
    if (need == Need::kAdmin) co_return identify_admin(credentials.cookie);
    if (need == Need::kPage) co_return identify_visitor(credentials.cookie);
    co_return co_await identify_keyless(std::move(credentials), wait);
}

Task<Result<Identified>> Identity::identify_key(std::string hash, store::Wait wait) {
    Result<store::ApiKey> key = co_await keys_.find(std::move(hash), wait);
    if (!key) co_return fail(key.error());
    const std::optional<Role> role = role_of(key->role);
    if (!role) co_return unknown_key();  // written by a newer version: deny
    co_return Identified{.caller = {.tenant = std::move(key->tenant),
                                    .role = *role,
                                    .credential = Credential::kApiKey,
                                    .key_id = std::move(key->id)}};
}

/// The API fronts do not look at cookies: a page must not be able to use them through a visitor's
/// browser.
Task<Result<Identified>> Identity::identify_keyless(Credentials credentials, store::Wait wait) {
    Caller caller{.visitor = std::string(kLocalVisitor)};
    const Status open = authorize(Need::kApi, caller, co_await is_key_needed(wait));
    if (!open) co_return fail(open.error());
    const bool is_foreign_page =
        !credentials.origin.empty() &&
        !is_allowed_origin(credentials.origin, credentials.host, options_.allowed_origins);
    if (!is_foreign_page) co_return Identified{.caller = std::move(caller)};
    co_return fail(base::public_error(
        ErrorKind::kForbidden, "front",
        "Pages of this origin need an API key; see auth.allowed_origins.", "origin_not_allowed"));
}

Identified Identity::identify_admin(std::string_view cookie) const {
    for (const std::string_view session : cookie_values(cookie, kAdminCookieName)) {
        if (!admins_->is_valid(session, options_.now())) continue;
        return {.caller = {.role = Role::kAdmin, .credential = Credential::kAdminSession}};
    }
    return {};
}

Identified Identity::identify_visitor(std::string_view cookie) const {
    const int64_t now_s = wall_s();
    std::optional<PageVisit> known = cookies_.find(cookie, now_s);
    const bool is_old = !known || known->expires_s - now_s < kPageCookieTimeS / 2;
    PageVisit visit = known ? *std::move(known) : new_visit(now_s);
    Identified found;
    if (is_old) {
        visit.expires_s = now_s + kPageCookieTimeS;
        found.set_cookie = cookies_.set_cookie(visit);
    }
    found.caller = {.customer = std::move(visit.customer),
                    .credential = Credential::kPageCookie,
                    .visitor = std::move(visit.visitor)};
    return found;
}

std::string Identity::sign_in(const Caller& caller, std::string customer) const {
    PageVisit visit = new_visit(wall_s());
    if (!caller.visitor.empty()) visit.visitor = caller.visitor;
    visit.customer = std::move(customer);
    return cookies_.set_cookie(visit);
}

std::string Identity::sign_out() const { return cookies_.set_cookie(new_visit(wall_s())); }

}  // namespace hayate::front
