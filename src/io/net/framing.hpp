#pragma once
// One framing rule: a request whose length two servers could read differently is refused (400, then
// close). The parser (Beast 1.81) is more lenient than that, so the raw head is checked again
// before the body is read.

#include <optional>
#include <string>
#include <string_view>

namespace hayate::net {

/// `head` is the request line and the fields, with the empty line at the end. Returns what is
/// doubtful about it, in words for the client, or nothing. RFC 9112 sections 2.2, 3.2, 5.2, 6.1
/// and 6.3, each at its strictest reading.
[[nodiscard]] std::optional<std::string_view> doubt_about_head(std::string_view head);

/// "/x?y" of "http://host/x?y" (RFC 9112 section 3.2.2: a server accepts the absolute form); other
/// targets as they are. `target` is not doubtful.
[[nodiscard]] std::string origin_form(std::string_view target);

}  // namespace hayate::net
