#include "app/mock/mock_answer.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "io/runtime/event.hpp"

namespace hayate::mock {
namespace {

using base::ErrorKind;

ErrorKind kind_of(int status) {
    switch (status) {
        case 400:
        case 422:
            return ErrorKind::kBadRequest;
        case 401:
            return ErrorKind::kUnauthenticated;
        case 403:
            return ErrorKind::kForbidden;
        case 404:
            return ErrorKind::kNotFound;
        case 408:
        case 504:
            return ErrorKind::kTimeout;
        case 413:
            return ErrorKind::kTooLarge;
        case 429:
            return ErrorKind::kRateLimited;
        case 503:
        case 529:
            return ErrorKind::kBusy;
        default:
            return ErrorKind::kInternal;
    }
}

Error simulated_overload() {
    return base::public_error(ErrorKind::kBusy, "mock", "simulated overload");
}

}  // namespace

MockAnswer::MockAnswer(net::Exchange& exchange, Work work, MockLog& log)
    : exchange_(exchange), work_(std::move(work)), log_(log) {
    work_.record.is_stream = work_.streams;
    work_.record.id = log_.begin(work_.record);
}

MockAnswer::~MockAnswer() {
    MockRecord& record = work_.record;
    record.closed_by_client =
        !record.is_finished && exchange_.client_token().reason() == CancelReason::kClientGone;
    log_.end(record);
}

Task<void> MockAnswer::run() {
    if (work_.plan.faults.hangs) co_return co_await wait_until_gone();
    if (work_.plan.faults.status != 0) co_return co_await refuse();
    co_await (work_.streams ? stream() : send_document());
}

Task<void> MockAnswer::refuse() {
    const model::Faults& faults = work_.plan.faults;
    work_.record.status = faults.status;
    net::Response response{.status = faults.status};
    response.body = error_body(
        work_.protocol,
        base::public_error(kind_of(faults.status), "mock",
                           "simulated refusal with status " + std::to_string(faults.status)));
    if (faults.retry_after_s) {
        response.extra.push_back({"retry-after", std::to_string(*faults.retry_after_s)});
    }
    if (faults.status < 400) response.extra.push_back({"location", "/elsewhere"});
    co_await exchange_.respond(std::move(response));
}

Task<void> MockAnswer::wait_until_gone() {
    co_await runtime::sleep_until(Deadline::never(), exchange_.client_token());
}

Task<bool> MockAnswer::wait_for_token(size_t index) {
    const Deadline due(began_ + work_.plan.due[index]);
    if (due.has_passed()) co_return !exchange_.client_token().is_cancelled();
    co_return co_await runtime::sleep_until(due, exchange_.client_token());
}

Task<bool> MockAnswer::write() {
    const size_t piece_bytes =
        work_.split_bytes > 0 ? work_.split_bytes : std::max<size_t>(out_.size(), 1);
    for (size_t at = 0; at < out_.size(); at += piece_bytes) {
        const Status sent =
            co_await exchange_.write(std::string_view(out_).substr(at, piece_bytes));
        if (!sent) co_return false;
    }
    out_.clear();
    co_return true;
}

Task<void> MockAnswer::stream() {
    const model::AnswerPlan& plan = work_.plan;
    int64_t& sent = work_.record.tokens;
    const auto limit = static_cast<int64_t>(plan.tokens_before_fault());
    co_await exchange_.begin_stream("text/event-stream");
    if (limit > 0 && !co_await wait_for_token(0)) co_return;
    work_.writer->begin(out_, plan);
    while (sent < limit) {
        if (!co_await wait_for_token(static_cast<size_t>(sent))) co_return;
        // What is due together leaves together, as from a real server that fell behind.
        const TimePoint now = base::Clock::now();
        do {
            work_.writer->token(out_, plan.tokens[static_cast<size_t>(sent++)]);
        } while (sent < limit && began_ + plan.due[static_cast<size_t>(sent)] <= now);
        if (sent < limit && !co_await write()) co_return;
    }
    if (plan.is_faulty()) co_return co_await strike();
    work_.writer->finish(out_, plan);
    if (!co_await write()) co_return;
    const Status ended = co_await exchange_.end_stream();
    work_.record.is_finished = ended.has_value();
}

Task<void> MockAnswer::strike() {
    const model::Faults& faults = work_.plan.faults;
    const auto sent = static_cast<int>(work_.record.tokens);
    if (faults.malformed_after == sent) work_.writer->malformed(out_);
    if (faults.error_after == sent) {
        work_.writer->error(out_, simulated_overload());
    }
    if (!co_await write()) co_return;
    if (faults.stall_after == sent) co_return co_await wait_until_gone();
    if (faults.cut_after == sent) co_return exchange_.abort_stream();
    co_await exchange_.end_stream();
}

Task<void> MockAnswer::send_document() {
    const model::AnswerPlan& plan = work_.plan;
    if (!plan.tokens.empty() && !co_await wait_for_token(plan.tokens.size() - 1)) co_return;
    std::string body = work_.writer->document(plan);
    work_.record.tokens = static_cast<int64_t>(plan.tokens.size());
    if (plan.is_faulty()) co_return co_await send_broken_document(std::move(body));
    work_.record.is_finished = (co_await exchange_.respond({.body = std::move(body)})).has_value();
}

/// Whatever the fault, less than the whole: nothing, or the first half.
Task<void> MockAnswer::send_broken_document(std::string body) {
    const model::Faults& faults = work_.plan.faults;
    const auto limit = static_cast<int>(work_.plan.tokens_before_fault());
    work_.record.tokens = limit;
    if (faults.stall_after == limit) co_return co_await wait_until_gone();
    if (faults.error_after == limit) {
        const Error overload = simulated_overload();
        std::ignore =
            co_await exchange_.respond({.status = base::shape_of(overload.kind).http_status,
                                        .body = error_body(work_.protocol, overload)});
        co_return;
    }
    body.resize(body.size() / 2);
    co_await exchange_.begin_stream("application/json");
    if (!co_await exchange_.write(body)) co_return;
    if (faults.cut_after == limit) co_return exchange_.abort_stream();
    co_await exchange_.end_stream();
}

}  // namespace hayate::mock
