#pragma once
// Identifiers that travel. They are unguessable, URL-safe, and a response id says which shard holds
// its stream log.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hayate::base {

/// "s_" + 22 characters.
[[nodiscard]] std::string new_session_id();
/// The session that a customer's message opens: the same message, sent again by somebody who never
/// heard of the session, finds it.
[[nodiscard]] std::string session_id_for(std::string_view owner, std::string_view message);
[[nodiscard]] bool is_session_id(std::string_view text);

/// "r" + shard number + "_" + 22 characters, for example "r1_kY3...".
[[nodiscard]] std::string new_response_id(uint32_t shard);
[[nodiscard]] std::optional<uint32_t> shard_of_response(std::string_view id);

}  // namespace hayate::base
