#include "engine/stream/delta_batcher.hpp"

#include <utility>

#include "core/text/cut.hpp"
#include "core/text/utf8.hpp"

namespace hayate::stream {
namespace {

constexpr int kPiecesMax = 3;
constexpr milliseconds kWindow{30};

/// The start of the last code point.
size_t last_code_point(std::string_view text) {
    size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

/// Code points after which the cluster often goes on: pictographs, joiners, variation selectors,
/// flags, skin tones.
bool may_grow(char32_t c) {
    return c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F000 && c <= 0x1FAFF) ||
           (c >= 0x2600 && c <= 0x27BF);
}

}  // namespace

size_t showable_prefix(std::string_view text) {
    if (text.empty()) return 0;
    size_t at = last_code_point(text);
    const size_t last = at;
    if (!may_grow(text::next_code_point(text, at))) return text.size();
    return text::cut_graphemes(text, last).size();
}

DeltaBatcher::DeltaBatcher(const runtime::Executor& executor, std::shared_ptr<StreamLog> log)
    : log_(std::move(log)), window_(executor) {}

bool DeltaBatcher::push(std::string_view text) {
    pending_ += text;
    ++pieces_;
    const size_t ready = showable_prefix(pending_);
    if (ready > 0 && (is_first_ || pieces_ >= kPiecesMax)) {
        is_first_ = false;
        return send(ready);
    }
    arm();
    return !is_full_;
}

bool DeltaBatcher::flush() { return pending_.empty() ? !is_full_ : send(pending_.size()); }

bool DeltaBatcher::send(size_t bytes) {
    pieces_ = 0;
    std::string rest = pending_.substr(bytes);
    pending_.resize(bytes);
    is_full_ = !log_->append(wire::DeltaEvent{std::exchange(pending_, std::move(rest))});
    if (!pending_.empty()) arm();
    return !is_full_;
}

void DeltaBatcher::arm() {
    if (std::exchange(is_armed_, true)) return;
    window_.expires_after(kWindow);
    window_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
        const auto self = weak.lock();
        if (failed || !self) return;
        self->is_armed_ = false;
        if (!self->pending_.empty()) {
            self->is_first_ = false;
            self->flush();
        }
    });
}

}  // namespace hayate::stream
