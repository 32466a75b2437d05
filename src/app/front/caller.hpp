#pragma once
// Who is asking, and what they may do. Pure: credentials become a Caller in identity.hpp, this file
// only judges.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "io/store/types.hpp"

namespace hayate::front {

inline constexpr std::string_view kDefaultTenant = "default";

enum class Role : uint8_t { kUser, kService, kAdmin };
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_of(std::string_view name);

/// What a caller has shown. An admin session opens the admin listener and nothing else.
enum class Credential : uint8_t { kNone, kPageCookie, kApiKey, kAdminSession };

/// What a route asks for. Deny by default: a route without an entry in the router's table is
/// kAdmin.
enum class Need : uint8_t {
    kPublic,  // health and static files
    kPage,    // the chat page's own API: a page cookie or an API key
    kApi,     // the API fronts: an API key, unless the server is open
    kAdmin,   // an admin session or a key with the role admin
};

struct Caller {
    std::string tenant{kDefaultTenant};
    std::optional<std::string> customer;  // the shop's id; none: anonymous, sees only public data
    Role role = Role::kUser;
    Credential credential = Credential::kNone;
    std::string visitor;  // of the page cookie
    std::string key_id;   // of the API key

    [[nodiscard]] bool is_anonymous() const { return !customer.has_value(); }
    /// "customer:c-001", else "key:<id>", else "visitor:<id>": what sessions belong to.
    [[nodiscard]] std::string subject() const;
    [[nodiscard]] store::Owner owner() const { return {.tenant = tenant, .subject = subject()}; }
};

/// Whether `caller` may use a route. `is_key_needed`: the server asks its API callers for a key
/// (see Identity). Errors: kUnauthenticated when showing something else could help, kForbidden when
/// only another role could.
[[nodiscard]] Status authorize(Need need, const Caller& caller, bool is_key_needed);

/// The `user` field of an API request makes the caller that customer, if the key may speak for
/// customers (role service or admin); from other keys the field is ignored. kBadRequest: not a
/// possible id.
[[nodiscard]] Result<Caller> on_behalf_of(Caller caller, std::string_view user);

/// 1 to 128 visible ASCII characters. Ids are compared and stored, never interpreted.
[[nodiscard]] bool is_customer_id(std::string_view text);

}  // namespace hayate::front
