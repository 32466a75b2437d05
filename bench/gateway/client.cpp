#include "gateway/client.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/socket.h>

#include "gateway/clock.hpp"

namespace hayate::bench {
namespace {

constexpr uint32_t kReads = EPOLLIN | EPOLLRDHUP;
constexpr std::string_view kQuestion = "Explain the trade-offs in one short paragraph. ";
constexpr int kQuestions = 6;  // makes a body of half a kilobyte

}  // namespace

std::string Target::request(const Script& script, bool is_stream) const {
    std::string question = script.text();
    for (int i = 0; i < kQuestions; ++i) question.append(" ").append(kQuestion);
    const std::string body = fmt::format(
        R"({{"model":"{}","messages":[{{"role":"system","content":"You are a helpful assistant."}},)"
        R"({{"role":"user","content":"{}"}}],"temperature":0.7,"max_tokens":1024{}}})",
        model, question, is_stream ? R"(,"stream":true)" : "");
    return fmt::format(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n"
        "content-type: application/json\r\naccept: {}\r\nuser-agent: hayate-bench\r\n{}"
        "content-length: {}\r\n\r\n{}",
        port, is_stream ? "text/event-stream" : "application/json",
        key.empty() ? "" : fmt::format("authorization: Bearer {}\r\n", key), body.size(), body);
}

void Client::start(std::string_view request, int64_t tokens) {
    request_ = request;
    tokens_wanted_ = tokens;
    tokens_ = 0;
    sent_ = 0;
    began_ = now_ns();
    is_busy_ = true;
    is_sent_ = has_end_mark_ = false;
    reader_.reset();
    tail_.clear();
    if (socket_.is_open()) return send();
    socket_ = connect_to(target_.port, Mode::kNonBlocking);
    if (!socket_.is_open()) return end(false);
    poller_.add(socket_, kReads | EPOLLOUT, this);
}

void Client::send() {
    if (!send_some(socket_, request_, sent_)) return end(false);
    if (sent_ < request_.size()) return poller_.change(socket_, kReads | EPOLLOUT, this);
    is_sent_ = true;
}

void Client::on_event(uint32_t events) {
    if ((events & EPOLLOUT) != 0 && is_busy_ && !is_sent_) {
        send();
        if (is_sent_) poller_.change(socket_, kReads, this);
    }
    if ((events & ~EPOLLOUT) != 0 && socket_.is_open()) read();
}

void Client::read() {
    static char buffer[65536];
    const ssize_t got = ::recv(socket_.fd(), buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        if (is_busy_) return end(false);
        return socket_.close();
    }
    ++tally_.reads;
    if (!is_busy_) return;
    const int64_t now = now_ns();
    reader_.feed({buffer, static_cast<size_t>(got)},
                 [&](std::string_view piece) { scan(piece, now); });
    if (!reader_.is_done()) return;
    end(reader_.status() == 200 && has_end_mark_ && tokens_ == tokens_wanted_);
}

void Client::scan(std::string_view piece, int64_t now) {
    tail_.append(piece);
    size_t at = 0;
    size_t stamp = 0;
    while (tokens_wanted_ > 0 && (stamp = tail_.find(kStampBegin, at)) != std::string::npos) {
        if (stamp + kStampBytes > tail_.size()) break;
        if (tokens_++ == 0) tally_.first_ns.push_back(now - began_);
        ++tally_.tokens;
        tally_.delay_ns.push_back(now - std::atoll(&tail_[stamp + kStampBegin.size()]));
        at = stamp + kStampBytes;
    }
    const std::string_view end_mark = tokens_wanted_ > 0 ? "[DONE]" : kWholeMark;
    has_end_mark_ = has_end_mark_ || tail_.find(end_mark, at) != std::string::npos;
    // Keeps what may be the beginning of a mark.
    const size_t keep = std::min(tail_.size() - at, kStampBytes);
    tail_.erase(0, tail_.size() - keep);
}

void Client::end(bool is_good) {
    is_busy_ = false;
    if (is_good) {
        ++tally_.answers;
        tally_.answer_ns.push_back(now_ns() - began_);
    } else {
        ++tally_.failures;
    }
    if (!is_good || !reader_.keeps_alive()) socket_.close();
}

}  // namespace hayate::bench
