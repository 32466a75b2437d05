// hayate_bench_upstream [port]: a fake OpenAI-compatible server that costs as little as possible.
//
// One epoll thread. What to answer is written in the question (script.hpp). Every token leaves in a
// write of its own and carries the moment at which it was made: a blocked socket does not move that
// stamp, so back-pressure counts against the gateway. GET /calls/ID says when a call began and when
// its connection was closed before the answer was complete. Prints its port.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <sys/socket.h>

#include "gateway/clock.hpp"
#include "gateway/script.hpp"
#include "gateway/sockets.hpp"

namespace hayate::bench {
namespace {

constexpr std::string_view kChunkHead =
    R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,)"
    R"("model":"gpt-4o-mini","system_fingerprint":"fp_bench","choices":[{"index":0,"delta":)";
constexpr std::string_view kChunkTail = R"(,"logprobs":null,"finish_reason":null}]})";
constexpr std::string_view kUsage =
    R"({"prompt_tokens":57,"completion_tokens":250,"total_tokens":307})";
constexpr std::string_view kStreamHead =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
    "transfer-encoding: chunked\r\n\r\n";

struct Call {
    int64_t began = 0;
    int64_t closed = 0;
};

struct Connection {
    Socket socket;
    std::string in;
    std::string out;
    size_t sent = 0;
    Script script;
    bool is_answering = false;
    bool is_stream = false;
    bool wants_usage = false;
    bool waits_to_write = false;
    int64_t tokens_left = 0;
    uint64_t call = 0;  // number of the running call: an older timer is not for it
};

void append_chunk(std::string& out, std::string_view data) {
    fmt::format_to(std::back_inserter(out), "{:x}\r\n{}\r\n", data.size(), data);
}

std::string whole_answer(int64_t bytes) {
    std::string text;
    while (static_cast<int64_t>(text.size()) < bytes) text += "lorem ipsum ";
    const std::string body = fmt::format(
        R"({{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,)"
        R"("model":"gpt-4o-mini","choices":[{{"index":0,"message":{{"role":"assistant",)"
        R"("content":"{}{}","refusal":null}},"logprobs":null,"finish_reason":"stop"}}],)"
        R"("usage":{}}})",
        text, kWholeMark, kUsage);
    return fmt::format(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{}",
        body.size(), body);
}

class Upstream {
  public:
    explicit Upstream(uint16_t port) : listener_(listen_on(port)) {
        poller_.add(listener_, EPOLLIN, nullptr);
    }

    [[noreturn]] void run() {
        std::printf("%d\n", port_of(listener_));
        std::fflush(stdout);
        while (true) {
            const int64_t next = timers_.empty() ? now_ns() + 1000 * kNsPerMs : timers_.top().at;
            for (const epoll_event& event : poller_.wait(next)) on_event(event);
            fire_timers();
        }
    }

  private:
    struct Timer {
        int64_t at;
        int fd;
        uint64_t call;
        bool operator<(const Timer& other) const { return at > other.at; }  // earliest on top
    };

    void on_event(const epoll_event& event) {
        if (event.data.ptr == nullptr) return accept_all();
        auto& connection = *static_cast<Connection*>(event.data.ptr);
        const bool is_lost = (event.events & (EPOLLHUP | EPOLLERR)) != 0;
        const bool is_half_closed = (event.events & EPOLLRDHUP) != 0 && connection.is_answering;
        if (is_lost || is_half_closed) return drop(connection);
        if ((event.events & EPOLLIN) != 0 && !read(connection)) return drop(connection);
        if (!flush(connection)) drop(connection);
    }

    void accept_all() {
        while (true) {
            Socket socket = accept_from(listener_);
            if (!socket.is_open()) return;
            auto connection = std::make_unique<Connection>();
            connection->socket = std::move(socket);
            poller_.add(connection->socket, EPOLLIN | EPOLLRDHUP, connection.get());
            const int fd = connection->socket.fd();
            connections_[fd] = std::move(connection);
        }
    }

    void drop(Connection& connection) {
        if (connection.is_answering && !connection.script.id.empty()) {
            calls_[connection.script.id].closed = now_ns();
        }
        connections_.erase(connection.socket.fd());
    }

    /// False when the peer has closed.
    bool read(Connection& connection) {
        const ssize_t got = ::recv(connection.socket.fd(), buffer_, sizeof buffer_, 0);
        if (got <= 0) return false;
        connection.in.append(buffer_, static_cast<size_t>(got));
        answer_requests(connection);
        return true;
    }

    /// Takes every complete request that has arrived, one answer after the other.
    void answer_requests(Connection& connection) {
        while (!connection.is_answering) {
            const size_t head_end = connection.in.find("\r\n\r\n");
            if (head_end == std::string::npos) return;
            std::string head = connection.in.substr(0, head_end + 2);
            std::ranges::transform(head, head.begin(), [](unsigned char c) {
                return static_cast<char>(std::tolower(c));
            });
            const size_t length_at = head.find("\r\ncontent-length:");
            const size_t length = length_at == std::string::npos
                                      ? 0
                                      : std::strtoul(&head[length_at + 17], nullptr, 10);
            const size_t total = head_end + 4 + length;
            if (connection.in.size() < total) return;
            const std::string request = connection.in.substr(0, total);
            connection.in.erase(0, total);
            if (request.starts_with("GET /calls/")) {
                tell(connection, request);
            } else {
                begin(connection, request);
            }
        }
    }

    void tell(Connection& connection, const std::string& request) {
        constexpr size_t kIdAt = std::string_view("GET /calls/").size();
        const Call call = calls_[request.substr(kIdAt, request.find(' ', kIdAt) - kIdAt)];
        const std::string body =
            fmt::format(R"({{"began":{},"closed":{}}})", call.began, call.closed);
        fmt::format_to(std::back_inserter(connection.out),
                       "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", body.size(), body);
    }

    void begin(Connection& connection, const std::string& request) {
        const auto says = [&](std::string_view compact, std::string_view spaced) {
            return request.contains(compact) || request.contains(spaced);
        };
        connection.script = Script::find_in(request);
        connection.is_stream = says(R"("stream":true)", R"("stream": true)");
        connection.wants_usage = says(R"("include_usage":true)", R"("include_usage": true)");
        connection.is_answering = true;
        connection.tokens_left = connection.script.tokens;
        connection.call = ++last_call_;
        const int64_t now = now_ns();
        if (!connection.script.id.empty()) calls_[connection.script.id].began = now;
        if (connection.is_stream) {  // head and role leave at once, as OpenAI's do
            connection.out += kStreamHead;
            append_chunk(connection.out, fmt::format(R"({}{{"role":"assistant","content":""}}{})"
                                                     "\n\n",
                                                     kChunkHead, kChunkTail));
        }
        const int64_t due = now + connection.script.first_ms * kNsPerMs;
        if (due > now) return timers_.push({due, connection.socket.fd(), connection.call});
        advance(connection, due);
    }

    /// Makes what is due, and sets the timer of what comes next.
    void advance(Connection& connection, int64_t due) {
        if (!connection.is_stream) {
            std::string& answer = whole_[connection.script.bytes];
            if (answer.empty()) answer = whole_answer(connection.script.bytes);
            connection.out += answer;
            connection.is_answering = false;
            return;
        }
        do {
            append_chunk(connection.out,
                         fmt::format("{}{{\"content\":\" {}{:019}~\"}}{}\n\n", kChunkHead,
                                     kStampBegin, now_ns(), kChunkTail));
        } while (--connection.tokens_left > 0 && connection.script.gap_ms == 0);
        if (connection.tokens_left > 0) {
            timers_.push({due + connection.script.gap_ms * kNsPerMs, connection.socket.fd(),
                          connection.call});
            return;
        }
        append_chunk(connection.out,
                     fmt::format("{}{{}},\"logprobs\":null,\"finish_reason\":\"stop\"}}]}}\n\n",
                                 kChunkHead));
        if (connection.wants_usage) {
            append_chunk(connection.out,
                         fmt::format("data: {{\"choices\":[],\"usage\":{}}}\n\n", kUsage));
        }
        append_chunk(connection.out, "data: [DONE]\n\n");
        connection.out += "0\r\n\r\n";
        connection.is_answering = false;
    }

    void fire_timers() {
        const int64_t now = now_ns();
        while (!timers_.empty() && timers_.top().at <= now) {
            const Timer timer = timers_.top();
            timers_.pop();
            const auto found = connections_.find(timer.fd);
            if (found == connections_.end()) continue;
            Connection& connection = *found->second;
            if (!connection.is_answering || connection.call != timer.call) continue;
            advance(connection, timer.at);
            answer_requests(connection);
            if (!flush(connection)) drop(connection);
        }
    }

    bool flush(Connection& connection) {
        if (!send_some(connection.socket, connection.out, connection.sent)) return false;
        const bool is_blocked = connection.sent < connection.out.size();
        if (!is_blocked) {
            connection.out.clear();
            connection.sent = 0;
        }
        if (is_blocked == connection.waits_to_write) return true;
        connection.waits_to_write = is_blocked;
        poller_.change(connection.socket, EPOLLIN | EPOLLRDHUP | (is_blocked ? EPOLLOUT : 0U),
                       &connection);
        return true;
    }

    Socket listener_;
    Poller poller_;
    std::unordered_map<int, std::unique_ptr<Connection>> connections_;  // by descriptor
    std::priority_queue<Timer> timers_;
    std::unordered_map<std::string, Call> calls_;
    std::unordered_map<int64_t, std::string> whole_;  // by size
    uint64_t last_call_ = 0;
    char buffer_[65536];
};

}  // namespace
}  // namespace hayate::bench

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const int port = argc > 1 ? std::atoi(argv[1]) : 0;
    hayate::bench::Upstream(static_cast<uint16_t>(port)).run();
}
