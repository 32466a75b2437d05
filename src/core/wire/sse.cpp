#include "core/wire/sse.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hayate::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The first CR or LF at or after `from`. Two memchr calls beat a loop over two characters by far.
size_t find_line_end(std::string_view text, size_t from) {
    const char* begin = text.data() + from;
    const size_t size = text.size() - from;
    const void* line_feed = std::memchr(begin, '\n', size);
    const size_t limit =
        line_feed ? static_cast<size_t>(static_cast<const char*>(line_feed) - begin) : size;
    const void* carriage = std::memchr(begin, '\r', limit);
    const void* first = carriage ? carriage : line_feed;
    return first ? static_cast<size_t>(static_cast<const char*>(first) - text.data())
                 : std::string_view::npos;
}

}  // namespace

void SseParser::append(std::string_view bytes) {
    if (at_ > 0) {
        buffer_.erase(0, at_);
        searched_ -= std::min(searched_, at_);
        at_ = 0;
    }
    buffer_.append(bytes);
}

Status SseParser::check_size() const {
    if (event_bytes_ + (buffer_.size() - at_) <= bytes_max_) return {};
    return fail(ErrorKind::kUpstream, "sse",
                "an event is larger than " + std::to_string(bytes_max_) + " bytes");
}

bool SseParser::skip_byte_order_mark() {
    const std::string_view head = std::string_view(buffer_).substr(at_, kByteOrderMark.size());
    if (head.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(head)) return false;
    if (head == kByteOrderMark) at_ += head.size();
    is_begun_ = true;
    return true;
}

std::optional<std::string_view> SseParser::take_line() {
    if (skips_line_feed_ && at_ < buffer_.size()) {
        skips_line_feed_ = false;
        if (buffer_[at_] == '\n') ++at_;
    }
    const size_t end = find_line_end(buffer_, std::max(at_, searched_));
    if (end == std::string_view::npos) {
        searched_ = buffer_.size();
        return std::nullopt;
    }
    const auto line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = end + 1;
    searched_ = at_;
    // A CR ends the line at once; an LF behind it, now or in the next bytes, belongs to it.
    skips_line_feed_ = buffer_[end] == '\r';
    return line;
}

void SseParser::set_retry(std::string_view value) {
    constexpr int64_t kLongest = int64_t{24} * 3600 * 1000;
    int64_t wait = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), wait);
    const bool is_number = failed == std::errc() && end == value.data() + value.size();
    if (is_number && wait >= 0 && wait <= kLongest) retry_ = std::chrono::milliseconds(wait);
}

void SseParser::take_field(std::string_view line) {
    const size_t colon = line.find(':');
    if (colon == 0) return;  // a comment
    const std::string_view name = line.substr(0, colon);
    std::string_view value =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") {
        if (has_data_) data_ += '\n';
        data_.append(value);
        has_data_ = true;
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) id_ = value;
    } else if (name == "retry") {
        set_retry(value);
    }
}

std::optional<SseEvent> SseParser::next() {
    if (is_dispatched_) {
        type_.clear();
        data_.clear();
        has_data_ = is_dispatched_ = false;
    }
    if (!is_begun_ && !skip_byte_order_mark()) return std::nullopt;
    while (event_bytes_ <= bytes_max_) {
        const auto line = take_line();
        if (!line) return std::nullopt;
        event_bytes_ += line->size();
        if (!line->empty()) {
            take_field(*line);
            continue;
        }
        event_bytes_ = 0;
        if (has_data_) {
            is_dispatched_ = true;
            return SseEvent{.type = type_, .data = data_, .id = id_};
        }
        type_.clear();  // an event without data is not dispatched
    }
    return std::nullopt;
}

void append_sse_data(std::string& out, std::string_view data) {
    out.append("data: ").append(data).append("\n\n");
}

void append_sse_event(std::string& out, std::string_view type, std::string_view data) {
    out.append("event: ").append(type).append("\n");
    append_sse_data(out, data);
}

void append_sse_id(std::string& out, std::string_view id) {
    out.append("id: ").append(id).append("\n");
}

void append_sse_heartbeat(std::string& out) { out += ":\n\n"; }

}  // namespace hayate::wire
