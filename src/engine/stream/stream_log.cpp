#include "engine/stream/stream_log.hpp"

#include <algorithm>
#include <utility>

namespace hayate::stream {
namespace {

struct BodySize {
    size_t operator()(const wire::StatusEvent& event) const { return event.text.size(); }
    size_t operator()(const wire::CardEvent& event) const { return event.json.size(); }
    size_t operator()(const wire::SourceEvent& event) const { return event.json.size(); }
    size_t operator()(const wire::DeltaEvent& event) const { return event.text.size(); }
    size_t operator()(const wire::FinalEvent&) const { return 0; }
    size_t operator()(const wire::ErrorEvent& event) const { return event.message.size(); }
};

using Batch = std::vector<wire::SharedEvent>;
constexpr size_t kEventOverhead = 64;

}  // namespace

StreamLog::StreamLog(const runtime::Executor& executor, Options options)
    : executor_(executor), options_(std::move(options)), detached_(executor) {}

bool StreamLog::append(decltype(wire::AnswerEvent::body) body) {
    if (is_ended_) return false;
    auto event = std::make_shared<wire::AnswerEvent>();
    event->seq = events_.size() + 1;
    event->body = std::move(body);
    const size_t size = std::visit(BodySize{}, event->body) + kEventOverhead;
    const bool is_last = event->is_last();
    if (!is_last && bytes_ + size > options_.bytes_max) return false;
    bytes_ += size;
    is_ended_ = is_last;
    events_.push_back(std::move(event));
    if (is_ended_) {
        detached_.cancel();
        abandoned_ = nullptr;
        stop_ = nullptr;
    }
    for (StreamReader* reader : readers_) reader->arrived_.notify();
    return true;
}

void StreamLog::on_abandoned(std::function<void()> callback) {
    abandoned_ = std::move(callback);
    arm_detached();
}

void StreamLog::stop() {
    if (const auto stop = std::exchange(stop_, nullptr)) stop();
}

std::unique_ptr<StreamReader> StreamLog::read_from(uint64_t after_seq) {
    return std::make_unique<StreamReader>(shared_from_this(), after_seq);
}

void StreamLog::arm_detached() {
    if (is_ended_ || !abandoned_ || !readers_.empty()) return;
    detached_.expires_after(options_.detached_time);
    detached_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
        const auto log = weak.lock();
        if (failed || !log || !log->readers_.empty()) return;
        if (const auto abandoned = std::exchange(log->abandoned_, nullptr)) abandoned();
    });
}

StreamReader::StreamReader(std::shared_ptr<StreamLog> log, uint64_t after_seq)
    : log_(std::move(log)), cursor_(after_seq), arrived_(log_->executor_) {
    log_->readers_.push_back(this);
    log_->detached_.cancel();
}

StreamReader::~StreamReader() {
    std::erase(log_->readers_, this);
    log_->arm_detached();
}

Task<std::vector<wire::SharedEvent>> StreamReader::next(CancelToken token) {
    while (true) {
        cursor_ = std::min<uint64_t>(cursor_, log_->events_.size());
        if (cursor_ < log_->events_.size()) {
            std::vector<wire::SharedEvent> batch(
                log_->events_.begin() + static_cast<ptrdiff_t>(cursor_), log_->events_.end());
            cursor_ = log_->events_.size();
            co_return batch;
        }
        if (log_->is_ended_ || token.is_cancelled()) co_return Batch();
        const auto waited = co_await arrived_.wait(Deadline::never(), token);
        if (waited == runtime::WaitResult::kCancelled) co_return Batch();
    }
}

}  // namespace hayate::stream
