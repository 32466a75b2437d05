// hayate_bench_load MODE key=value...: one-thread load generator for OpenAI-compatible gateways.
//
//   requests  conns seconds                 whole answers back to back on keep-alive connections
//   streams   streams ramp tokens gap       streams, started evenly over `ramp` ms (open loop: the
//                                           upstream makes tokens whether or not they are read)
//   gone      calls upstream                clients that leave in mid-answer: what the upstream saw
//   ready     path seconds                  asks every ms until the first 200
//
// Common keys: port, model, key. Prints one JSON object; times in microseconds. Each gateway is
// measured by the driver (gateway.py), which reads its CPU time and memory meanwhile.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/client.hpp"
#include "gateway/clock.hpp"

namespace hayate::bench {
namespace {

class Options {
  public:
    Options(int argc, char** argv) {
        for (int i = 2; i < argc; ++i) {
            const std::string_view text = argv[i];
            const size_t mark = text.find('=');
            values_[std::string(text.substr(0, mark))] =
                text.substr(std::min(mark, text.size()) + 1);
        }
    }
    [[nodiscard]] int64_t number(const std::string& name, int64_t otherwise) const {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : std::atoll(found->second.c_str());
    }
    [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) const {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : found->second;
    }
    [[nodiscard]] Target target() const {
        return {.port = static_cast<uint16_t>(number("port", 8080)),
                .model = text("model", "gpt-4o-mini"),
                .key = text("key", "")};
    }

  private:
    std::map<std::string, std::string> values_;
};

std::string percentiles(std::vector<int64_t>& ns) {
    if (ns.empty()) return "null";
    std::ranges::sort(ns);
    const auto at = [&](size_t per_mille) {
        return static_cast<double>(ns[std::min(ns.size() - 1, ns.size() * per_mille / 1000)]) / 1e3;
    };
    return fmt::format(R"({{"p50":{:.1f},"p90":{:.1f},"p99":{:.1f},"max":{:.1f}}})", at(500),
                       at(900), at(990), at(1000));
}

void print(Tally& tally, size_t live_max) {
    fmt::print(
        R"({{"answers":{},"failures":{},"tokens":{},"reads":{},"live_max":{},"answer_us":{},)"
        R"("delay_us":{},"first_us":{}}})"
        "\n",
        tally.answers, tally.failures, tally.tokens, tally.reads, live_max,
        percentiles(tally.answer_ns), percentiles(tally.delay_ns), percentiles(tally.first_ns));
}

void handle_events(Poller& poller, int64_t until) {
    for (const epoll_event& event : poller.wait(until)) {
        static_cast<Client*>(event.data.ptr)->on_event(event.events);
    }
}

int run_requests(const Options& options) {
    const Target target = options.target();
    const std::string request = target.request({}, false);
    const int64_t end = now_ns() + options.number("seconds", 2) * 1000 * kNsPerMs;
    Poller poller;
    Tally tally;
    std::deque<Client> clients;
    for (int64_t i = options.number("conns", 64); i > 0; --i) {
        clients.emplace_back(poller, tally, target).start(request, 0);
    }
    while (now_ns() < end) {
        handle_events(poller, end);
        for (Client& client : clients) {
            if (!client.is_busy()) client.start(request, 0);
        }
    }
    print(tally, clients.size());
    return 0;
}

int run_streams(const Options& options) {
    const Target target = options.target();
    const int64_t count = options.number("streams", 200);
    const int64_t ramp = options.number("ramp", 1000) * kNsPerMs;
    const Script script{.tokens = options.number("tokens", 100),
                        .gap_ms = options.number("gap", 20)};
    const std::string request = target.request(script, true);
    constexpr int64_t kDrain = 5000 * kNsPerMs;
    const int64_t begin = now_ns();
    const int64_t last = begin + ramp + script.tokens * script.gap_ms * kNsPerMs + kDrain;
    Poller poller;
    Tally tally;
    std::deque<Client> clients;
    size_t live_max = 0;
    while (now_ns() < last) {
        const auto started = static_cast<int64_t>(clients.size());
        const int64_t next = started < count ? begin + started * ramp / count : last;
        if (next <= now_ns()) {
            clients.emplace_back(poller, tally, target).start(request, script.tokens);
            continue;
        }
        const int64_t ended = tally.answers + tally.failures;
        live_max = std::max(live_max, clients.size() - static_cast<size_t>(ended));
        if (ended == count) break;
        handle_events(poller, next);
    }
    tally.failures = count - tally.answers;  // what has not ended by now never will
    print(tally, live_max);
    return 0;
}

/// What the upstream noted about a call: its `field`, or 0.
int64_t noted(uint16_t upstream, const std::string& id, std::string_view field) {
    const std::string answer =
        ask(upstream, "GET /calls/" + id + " HTTP/1.1\r\nhost: x\r\n\r\n", "}", 1000);
    const size_t at = answer.find(field);
    return at == std::string::npos ? 0 : std::atoll(&answer[at + field.size()]);
}

int64_t wait_for_note(uint16_t upstream, const std::string& id, std::string_view field) {
    const int64_t last = now_ns() + 3000 * kNsPerMs;
    while (now_ns() < last) {
        if (const int64_t at = noted(upstream, id, field); at != 0) return at;
        ::usleep(2'000);
    }
    return 0;
}

/// Nanoseconds from the client's close to the upstream's, or -1: not within three seconds.
int64_t leave(const Target& target, uint16_t upstream, bool is_stream, const std::string& id) {
    // A token every 500 ms: a gateway that notices only when it writes shows it.
    const Script streamed{.tokens = 20, .gap_ms = 500, .id = id};
    const Script whole{.first_ms = 10'000, .id = id};
    const std::string request = target.request(is_stream ? streamed : whole, is_stream);
    Socket socket = connect_to(target.port, Mode::kBlocking);
    size_t sent = 0;
    if (!socket.is_open() || !send_some(socket, request, sent)) return -1;
    if (wait_for_note(upstream, id, R"("began":)") == 0) return -1;
    char buffer[4096];
    if (is_stream) ::recv(socket.fd(), buffer, sizeof buffer, 0);
    ::usleep(20'000);
    const int64_t left = now_ns();
    socket.close();
    const int64_t closed = wait_for_note(upstream, id, R"("closed":)");
    return closed == 0 ? -1 : closed - left;
}

int run_gone(const Options& options) {
    const Target target = options.target();
    const auto upstream = static_cast<uint16_t>(options.number("upstream", 0));
    std::string json;
    for (const bool is_stream : {true, false}) {
        std::vector<int64_t> waits;
        int64_t never = 0;
        for (int64_t i = options.number("calls", 3); i > 0; --i) {
            const int64_t wait = leave(target, upstream, is_stream, fmt::format("g{}", now_ns()));
            wait < 0 ? void(++never) : waits.push_back(wait);
        }
        json += fmt::format(R"({}"{}":{{"never":{},"us":{}}})", is_stream ? "" : ",",
                            is_stream ? "streamed" : "whole", never, percentiles(waits));
    }
    fmt::print("{{{}}}\n", json);
    return 0;
}

int run_ready(const Options& options) {
    const auto port = static_cast<uint16_t>(options.number("port", 8080));
    const std::string request = "GET " + options.text("path", "/healthz") +
                                " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    const int64_t last = now_ns() + options.number("seconds", 20) * 1000 * kNsPerMs;
    while (now_ns() < last) {
        const std::string answer = ask(port, request, "\r\n\r\n", 1000);
        if (answer.starts_with("HTTP/1.1 200")) {
            fmt::print("{{\"at_ns\":{}}}\n", now_ns());
            return 0;
        }
        ::usleep(1'000);
    }
    fmt::print("{{\"at_ns\":0}}\n");
    return 1;
}

int run(std::string_view mode, const Options& options) {
    if (mode == "requests") return run_requests(options);
    if (mode == "streams") return run_streams(options);
    if (mode == "gone") return run_gone(options);
    if (mode == "ready") return run_ready(options);
    fmt::print(stderr, "modes: requests, streams, gone, ready\n");
    return 2;
}

}  // namespace
}  // namespace hayate::bench

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    return hayate::bench::run(argc > 1 ? argv[1] : "", hayate::bench::Options(argc, argv));
}
