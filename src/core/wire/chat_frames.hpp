#pragma once
// The native chat protocol: JSON text frames over WebSocket (docs/protocol.md). Pure: frames in,
// structs out, and back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/result.hpp"
#include "core/wire/answer_event.hpp"

namespace hayate::wire {

/// A question. `client_msg_id` makes it idempotent: sent again, it attaches to the same answer.
struct AskFrame {
    std::string client_msg_id;
    std::string session;  // empty: a new one
    std::string text;
    std::string language;  // the page's language, a hint; may be empty
    std::optional<int64_t> regenerate;
    bool wants_trace = false;  // `final` then says what was waited for and what was saved
};
struct StopFrame {
    std::string response_id;
};
struct ResumeFrame {
    std::string response_id;
    uint64_t after_seq = 0;
};
struct AckFrame {
    std::string response_id;
    uint64_t seq = 0;
};
struct PongFrame {};
/// The shop's customer token, for clients that cannot set a header on the handshake.
struct SignInFrame {
    std::string token;
};
using ClientFrame =
    std::variant<AskFrame, StopFrame, ResumeFrame, AckFrame, PongFrame, SignInFrame>;

/// kBadRequest names the field and what is expected. Unknown fields are ignored, unknown frame
/// types are not.
[[nodiscard]] Result<ClientFrame> parse_client_frame(std::string_view json);

[[nodiscard]] std::string hello_frame(int64_t ping_ms, size_t text_chars, size_t frame_bytes);
[[nodiscard]] std::string accepted_frame(std::string_view client_msg_id, std::string_view session,
                                         std::string_view response_id, int64_t turn);
[[nodiscard]] std::string event_frame(std::string_view response_id, const AnswerEvent& event);
[[nodiscard]] std::string gone_frame(std::string_view response_id);
/// An error that belongs to a request rather than to an answer's log; the ids may be empty.
[[nodiscard]] std::string error_frame(const Error& error, std::string_view client_msg_id,
                                      std::string_view response_id);

/// "stop", "length", "stopped".
[[nodiscard]] std::string_view name_of(FinishState state);
/// The error event of a turn: what the customer may know.
[[nodiscard]] ErrorEvent to_event(const Error& error);

}  // namespace hayate::wire
