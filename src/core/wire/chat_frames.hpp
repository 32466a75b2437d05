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
/// What the customer says of an answer that has ended. `client_msg_id` is repeated in the reply.
struct FeedbackFrame {
    std::string client_msg_id;  // may be empty
    std::string response_id;
    std::string thumb;  // "up", "down", or "none" to take it back
};
using ClientFrame =
    std::variant<AskFrame, StopFrame, ResumeFrame, AckFrame, PongFrame, SignInFrame, FeedbackFrame>;

/// kBadRequest names the field and what is expected. Unknown fields are ignored, unknown frame
/// types are not.
[[nodiscard]] Result<ClientFrame> parse_client_frame(std::string_view json);

/// The body of POST /v1/feedback: the fields of the frame, and `user` (may be empty) as in an
/// OpenAI request. kBadRequest as above.
struct FeedbackBody {
    FeedbackFrame feedback;
    std::string user;
};
[[nodiscard]] Result<FeedbackBody> parse_feedback_body(std::string_view json);

[[nodiscard]] std::string hello_frame(int64_t ping_ms, size_t text_chars, size_t frame_bytes);
[[nodiscard]] std::string accepted_frame(std::string_view client_msg_id, std::string_view session,
                                         std::string_view response_id, int64_t turn);
[[nodiscard]] std::string event_frame(std::string_view response_id, const AnswerEvent& event);
/// The feedback has been kept.
[[nodiscard]] std::string feedback_frame(const FeedbackFrame& kept);
[[nodiscard]] std::string gone_frame(std::string_view response_id);
/// An error that belongs to a request rather than to an answer's log; the ids may be empty.
[[nodiscard]] std::string error_frame(const Error& error, std::string_view client_msg_id,
                                      std::string_view response_id);

/// "stop", "length", "stopped".
[[nodiscard]] std::string_view name_of(FinishState state);
/// The error event of a turn: what the customer may know.
[[nodiscard]] ErrorEvent to_event(const Error& error);

}  // namespace hayate::wire
