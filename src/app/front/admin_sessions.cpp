#include "app/front/admin_sessions.hpp"

#include <algorithm>
#include <chrono>

#include "app/front/page_cookie.hpp"
#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr size_t kTicketsMax = 8;
constexpr size_t kTextBytesMax = 128;
constexpr std::chrono::hours kLinkTime{24};
constexpr std::chrono::hours kSessionTime{12};

}  // namespace

void AdminSessions::add(Tickets& tickets, std::string hash, TimePoint until) {
    if (tickets.size() == kTicketsMax) tickets.erase(tickets.begin());
    tickets.push_back({.hash = std::move(hash), .until = until});
}

AdminSessions::Tickets::const_iterator AdminSessions::find(const Tickets& tickets,
                                                           std::string_view text, TimePoint now) {
    if (text.empty() || text.size() > kTextBytesMax) return tickets.end();
    const std::string hash = base::sha256_hex(text);
    return std::ranges::find_if(tickets, [&](const Ticket& ticket) {
        return base::equal_constant_time(ticket.hash, hash) && now < ticket.until;
    });
}

base::Secret AdminSessions::make_link_token(TimePoint now) {
    base::Secret token(base::random_text(kTokenBytes));
    const std::lock_guard lock(mutex_);
    add(links_, base::sha256_hex(token.reveal()), now + kLinkTime);
    return token;
}

Result<base::Secret> AdminSessions::exchange(std::string_view token, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto link = find(links_, token, now);
    if (link == links_.cend()) {
        return fail(base::public_error(
            ErrorKind::kUnauthenticated, "front",
            "This sign-in link was used before or is too old. Restart the server for a new one.",
            "invalid_link"));
    }
    links_.erase(link);
    base::Secret session(base::random_text(kTokenBytes));
    add(sessions_, base::sha256_hex(session.reveal()), now + kSessionTime);
    return session;
}

bool AdminSessions::is_valid(std::string_view session, TimePoint now) const {
    const std::lock_guard lock(mutex_);
    return find(sessions_, session, now) != sessions_.cend();
}

void AdminSessions::end(std::string_view session) {
    const std::lock_guard lock(mutex_);
    const auto it = find(sessions_, session, TimePoint::min());
    if (it != sessions_.cend()) sessions_.erase(it);
}

std::string AdminSessions::set_cookie(std::string_view session, bool is_secure) {
    const int64_t age_s =
        session.empty() ? 0
                        : std::chrono::duration_cast<std::chrono::seconds>(kSessionTime).count();
    return cookie_header(kAdminCookieName, session, age_s, is_secure);
}

}  // namespace hayate::front
