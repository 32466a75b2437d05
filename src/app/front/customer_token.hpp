#pragma once
// The shop's signed word about who its customer is: the header `x-hayate-customer`, a JWT whose
// `sub` is the customer's id.

#include <string>
#include <string_view>

#include "core/config/engine_config.hpp"
#include "core/config/files.hpp"
#include "core/wire/jwt.hpp"

namespace hayate::front {

/// The keys that the configuration names; none when it names none. Reads files: for start-up.
[[nodiscard]] Result<wire::JwtKeys> load_customer_keys(const config::CustomerTokenConfig& config,
                                                       const config::Environment& environment);

/// The customer's id. kUnauthenticated with code "customer_token_expired" (the shop makes a new
/// one) or "invalid_customer_token".
[[nodiscard]] Result<std::string> customer_of_token(std::string_view token,
                                                    const wire::JwtKeys& keys, int64_t now_s);

}  // namespace hayate::front
