#pragma once
// Server-sent events (WHATWG HTML, section 9.2): an incremental parser and the writing side. Pure;
// an object belongs to one thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hayate::wire {

/// One dispatched event. The views live until the next call of the parser.
struct SseEvent {
    std::string_view type;  // the `event:` field, empty for "message"
    std::string_view data;  // lines joined by LF
    std::string_view id;    // the last id seen on this stream
};

/// Bytes in, events out; where the bytes were cut makes no difference. Lines end with CR, LF or
/// CRLF.
class SseParser {
  public:
    explicit SseParser(size_t event_bytes_max = size_t{1024} * 1024)
        : bytes_max_(event_bytes_max) {}

    /// Hands every event that `bytes` complete to `take(const SseEvent&) -> Status`, and stops at
    /// its first error. An event larger than the limit is kUpstream. After an error the parser must
    /// not be used any more. An event that is unfinished at the end of the stream is dropped, as
    /// the standard says.
    template <class Take>
    Status feed(std::string_view bytes, Take take) {
        append(bytes);
        while (const auto event = next()) {
            if (Status taken = take(*event); !taken) return taken;
        }
        return check_size();
    }
    /// From a `retry:` field, if the stream had one.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }

  private:
    void append(std::string_view bytes);
    std::optional<SseEvent> next();
    [[nodiscard]] Status check_size() const;
    std::optional<std::string_view> take_line();
    void take_field(std::string_view line);
    void set_retry(std::string_view value);
    bool skip_byte_order_mark();

    size_t bytes_max_;
    std::string buffer_;      // received; complete lines are taken from `at_`
    size_t at_ = 0;           // everything before was taken
    size_t searched_ = 0;     // no line end between at_ and here
    size_t event_bytes_ = 0;  // in lines taken since the last empty one
    bool is_begun_ = false;   // a byte order mark can no longer come
    bool skips_line_feed_ = false;
    bool is_dispatched_ = false;  // the fields below belong to an event that was handed out
    bool has_data_ = false;
    std::string type_;
    std::string data_;
    std::string id_;
    std::optional<std::chrono::milliseconds> retry_;
};

/// `data: <data>` and an empty line. `data` must not contain a line end (JSON never does).
void append_sse_data(std::string& out, std::string_view data);
/// With an `event:` line before it.
void append_sse_event(std::string& out, std::string_view type, std::string_view data);
/// `id: <id>`, to be followed by one of the above.
void append_sse_id(std::string& out, std::string_view id);
/// An empty comment, which keeps a connection alive and which every client ignores.
void append_sse_heartbeat(std::string& out);

}  // namespace hayate::wire
