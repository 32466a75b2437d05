#pragma once
// How an operator's browser becomes an admin without a password: a link with a one-time token,
// printed when the server starts, is exchanged once for a session cookie. Kept in memory, as
// hashes: a restart ends every session. Thread-safe.

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace hayate::front {

inline constexpr std::string_view kAdminCookieName = "hayate_admin";

class AdminSessions {
  public:
    /// A token for a new link, valid for a day or until it is exchanged. The last 8 links count.
    [[nodiscard]] base::Secret make_link_token(TimePoint now);
    /// A new session's cookie value, valid for 12 hours. kUnauthenticated: unknown, used before, or
    /// too old.
    [[nodiscard]] Result<base::Secret> exchange(std::string_view token, TimePoint now);
    [[nodiscard]] bool is_valid(std::string_view session, TimePoint now) const;
    void end(std::string_view session);

    /// The value of a Set-Cookie header for a session; an empty one signs out.
    [[nodiscard]] static std::string set_cookie(std::string_view session, bool is_secure);

  private:
    struct Ticket {
        std::string hash;  // SHA-256 of a token or session
        TimePoint until;
    };
    using Tickets = std::vector<Ticket>;
    static void add(Tickets& tickets, std::string hash, TimePoint until);
    static Tickets::const_iterator find(const Tickets& tickets, std::string_view text,
                                        TimePoint now);

    mutable std::mutex mutex_;
    Tickets links_;     // guarded by mutex_
    Tickets sessions_;  // guarded by mutex_
};

}  // namespace hayate::front
