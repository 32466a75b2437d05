#pragma once
// Sessions and their turns in their tables. What each function promises is said in SessionStore.

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

[[nodiscard]] Result<SessionStore::Begun> begin_turn(Connection& connection,
                                                     const SessionStore::NewTurn& turn);
/// Removes a turn that its caller never heard of, and the session when it was made for it.
[[nodiscard]] Status discard_turn(Connection& connection, const std::string& session,
                                  const std::string& response_id);
[[nodiscard]] Status end_turn(Connection& connection, const Turn& turn);
[[nodiscard]] Result<std::vector<Turn>> answered_turns(Connection& connection, const Owner& owner,
                                                       const std::string& session, int count);
[[nodiscard]] Result<std::vector<Turn>> all_turns(Connection& connection, const Owner& owner,
                                                  const std::string& session);
[[nodiscard]] Result<std::vector<SessionSummary>> sessions_of(Connection& connection,
                                                              const Owner& owner, int count);
[[nodiscard]] Status remove_session(Connection& connection, const Owner& owner,
                                    const std::string& session);

}  // namespace hayate::store
