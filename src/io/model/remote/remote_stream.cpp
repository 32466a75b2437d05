#include "io/model/remote/remote_stream.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hayate::model {
namespace {

// After the finish reason: for the usage, which comes in a chunk of its own.
constexpr milliseconds kUsageWait{1'000};
// After the end marker: for the end of the body, without which the connection could not be used
// again.
constexpr milliseconds kEndWait{100};
constexpr size_t kDocumentBytesMax = size_t{4} * 1024 * 1024;

bool is_token(const ModelEvent& event) {
    return std::holds_alternative<TextDelta>(event) || std::holds_alternative<RawDelta>(event);
}

}  // namespace

RemoteStream::RemoteStream(const runtime::Executor& executor, Options options,
                           std::unique_ptr<StreamDecoder> decoder, const CancelToken& parent)
    : options_(std::move(options)),
      decoder_(std::move(decoder)),
      cancel_(parent),
      // A read that is under way notices by itself; between two reads the connection is closed from
      // here.
      on_cancel_(cancel_.token(), [this](CancelReason) {
          if (!is_reading_) response_.reset();
      }) {
    if (!options_.first_token.is_never()) {
        first_token_guard_.emplace(executor, cancel_, options_.first_token);
    }
}

void RemoteStream::attach(std::unique_ptr<net::ClientResponse> response) {
    if (cancel_.token().is_cancelled()) return;
    response_ = std::move(response);
    constexpr std::string_view kJson = "application/json";
    const std::string_view type = response_->fields().get("content-type");
    is_document_ = net::equals_ignoring_case(type.substr(0, kJson.size()), kJson);
}

Error RemoteStream::explain(Error error) const {
    error.source = options_.source;
    if (cancel_.reason() == CancelReason::kDeadline && !is_begun_) {
        error = base::private_error(ErrorKind::kTimeout, options_.source,
                                    "the first token did not come in time");
    } else if (error.kind == ErrorKind::kTimeout && is_begun_) {
        error.internal = fmt::format("no token for {} ms", options_.stall_time.count());
    }
    return error;
}

Deadline RemoteStream::read_deadline() const {
    if (decoder_->is_terminated()) return Deadline::after(kEndWait);
    if (decoder_->is_finished()) return Deadline::after(kUsageWait);
    // Until then the guard watches, to the millisecond.
    return is_begun_ ? Deadline::after(options_.stall_time) : Deadline::never();
}

void RemoteStream::end() {
    first_token_guard_.reset();
    response_.reset();
}

Task<Result<std::string>> RemoteStream::read(Deadline deadline) {
    return is_document_ ? response_->read_all(kDocumentBytesMax, deadline)
                        : response_->read(deadline);
}

Status RemoteStream::take(Result<std::string> piece, Events& events) {
    if (!piece) return fail(explain(std::move(piece.error())));
    if (is_document_) {
        end();
        return decoder_->feed_document(*piece, events);
    }
    if (!piece->empty()) return decoder_->feed(*piece, events);
    end();
    if (decoder_->is_finished()) return {};
    return fail(ErrorKind::kUpstream, options_.source, "the stream ended before the answer did");
}

Task<Result<Events>> RemoteStream::next() {
    Events events;
    if (failure_) co_return fail(*failure_);
    const Deadline deadline = read_deadline();  // bytes without a token do not push it back
    while (events.empty() && response_) {
        is_reading_ = true;
        Result<std::string> piece = co_await read(deadline);
        is_reading_ = false;
        Status taken = take(std::move(piece), events);
        if (taken) continue;
        end();
        // The answer is whole; only its epilogue is missing.
        if (decoder_->is_finished()) break;
        taken.error().source = options_.source;
        failure_ = std::move(taken.error());
    }
    if (events.empty() && failure_) co_return fail(*failure_);
    if (!is_begun_ && std::ranges::any_of(events, is_token)) {
        is_begun_ = true;
        first_token_guard_.reset();
    }
    if (events.empty() && !decoder_->is_finished()) {
        co_return fail(explain(cancelled_error(cancel_.reason(), options_.source)));
    }
    co_return events;
}

}  // namespace hayate::model
