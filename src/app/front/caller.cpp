#include "app/front/caller.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hayate::front {
namespace {

constexpr size_t kCustomerIdBytesMax = 128;

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles{{
    {Role::kUser, "user"},
    {Role::kService, "service"},
    {Role::kAdmin, "admin"},
}};

enum class Verdict : uint8_t { kYes, kIfOpen, kNo };

/// Rows: what was shown, in the order of Credential. Columns: public, page, api, admin (for keys
/// without the role).
constexpr std::array<std::array<Verdict, 4>, 4> kVerdicts{{
    {Verdict::kYes, Verdict::kNo, Verdict::kIfOpen, Verdict::kNo},   // nothing
    {Verdict::kYes, Verdict::kYes, Verdict::kIfOpen, Verdict::kNo},  // page cookie
    {Verdict::kYes, Verdict::kYes, Verdict::kYes, Verdict::kNo},     // API key
    {Verdict::kYes, Verdict::kNo, Verdict::kNo, Verdict::kYes},      // admin session
}};

bool is_allowed(Need need, const Caller& caller, bool is_key_needed) {
    const auto row = static_cast<size_t>(caller.credential);
    const auto column = static_cast<size_t>(need);
    switch (kVerdicts.at(row).at(column)) {
        case Verdict::kYes:
            return true;
        case Verdict::kIfOpen:
            return !is_key_needed;
        case Verdict::kNo:
            break;
    }
    const bool has_admin_key =
        caller.credential == Credential::kApiKey && caller.role == Role::kAdmin;
    return need == Need::kAdmin && has_admin_key;
}

}  // namespace

std::string_view name_of(Role role) { return kRoles.at(static_cast<size_t>(role)).second; }

std::optional<Role> role_of(std::string_view name) {
    for (const auto& [role, text] : kRoles) {
        if (text == name) return role;
    }
    return std::nullopt;
}

std::string Caller::subject() const {
    if (customer) return "customer:" + *customer;
    if (!key_id.empty()) return "key:" + key_id;
    return "visitor:" + visitor;
}

Status authorize(Need need, const Caller& caller, bool is_key_needed) {
    if (is_allowed(need, caller, is_key_needed)) return {};
    // A known key lacks the role; anybody else may still show something better.
    if (caller.credential == Credential::kApiKey) {
        return fail(
            base::public_error(ErrorKind::kForbidden, "front", "This key may not do that."));
    }
    return fail(base::public_error(ErrorKind::kUnauthenticated, "front",
                                   "A valid API key or sign-in is needed."));
}

Result<Caller> on_behalf_of(Caller caller, std::string_view user) {
    const bool may_speak = caller.credential == Credential::kApiKey && caller.role != Role::kUser;
    if (user.empty() || !may_speak) return caller;
    if (!is_customer_id(user)) {
        Error error = base::public_error(ErrorKind::kBadRequest, "front",
                                         "`user` is not a possible customer id.");
        error.param = "user";
        return fail(std::move(error));
    }
    caller.customer = std::string(user);
    return caller;
}

bool is_customer_id(std::string_view text) {
    return !text.empty() && text.size() <= kCustomerIdBytesMax &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace hayate::front
