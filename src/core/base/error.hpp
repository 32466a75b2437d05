#pragma once
// What can go wrong in production, as a value. An Error carries two texts: `internal` goes to the
// log and may name addresses and causes; `external` goes to the client and never does.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hayate::base {

enum class ErrorKind : uint8_t {
    kBadRequest,       // the caller's input is wrong; repeating it cannot help
    kUnauthenticated,  // no valid key or token
    kForbidden,        // known caller, not allowed
    kNotFound,         // unknown, or not the caller's: both look alike
    kConflict,         // for example a turn is already running in the session
    kTooLarge,         // over a size limit
    kRateLimited,      // this caller asks too often
    kBusy,             // the server or a model has no capacity now
    kTimeout,          // a deadline passed
    kUnavailable,      // a back end cannot be reached or refuses
    kUpstream,         // a back end answered wrongly or was cut off in mid-answer
    kCancelled,        // nobody waits for the result any more
    kInternal,         // our own mistake
};

struct Error {
    ErrorKind kind = ErrorKind::kInternal;
    std::string source{};    // which part of the system: "model.fast", "store", "front"
    std::string internal{};  // for the log
    std::string external{};  // for the client; empty: the kind's default text
    std::string code{};   // machine-readable, for example "unknown_model"; empty: the kind's name
    std::string param{};  // the offending request field, if one is to blame
    std::optional<std::chrono::milliseconds> retry_after{};
    /// The same call to the same place cannot succeed later, although its kind may: a key that is
    /// refused, an address that does not exist.
    bool is_permanent = false;

    [[nodiscard]] std::string_view client_text() const;
    [[nodiscard]] std::string_view client_code() const;
    [[nodiscard]] bool is_retryable() const;
};

/// How a kind looks from outside. One row per kind, used by every front.
struct ErrorShape {
    std::string_view name;         // "busy"
    uint16_t http_status;          // 503
    uint16_t websocket_close;      // 1013, used only when the connection cannot go on
    std::string_view openai_type;  // "overloaded_error"
    bool is_retryable;
    std::string_view text;  // default for the client
};
[[nodiscard]] const ErrorShape& shape_of(ErrorKind kind);

/// An error whose text is safe for the client as well as for the log.
[[nodiscard]] Error public_error(ErrorKind kind, std::string source, std::string text,
                                 std::string code = {});
/// An error whose text is for the log alone; the client sees the kind's default text.
[[nodiscard]] Error private_error(ErrorKind kind, std::string source, std::string text);

}  // namespace hayate::base
