#pragma once
// One connection of the load generator: sends a request, reads the answer, finds the upstream's
// marks in it, and keeps the connection for the next request.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/response_reader.hpp"
#include "gateway/script.hpp"
#include "gateway/sockets.hpp"

namespace hayate::bench {

/// Where the load goes, and what every request carries.
struct Target {
    uint16_t port = 0;
    std::string model = "gpt-4o-mini";
    std::string key;  // empty: none is sent

    [[nodiscard]] std::string request(const Script& script, bool is_stream) const;
};

/// What all clients together saw.
struct Tally {
    int64_t answers = 0;
    int64_t failures = 0;  // another status, a cut or incomplete answer
    int64_t tokens = 0;
    int64_t reads = 0;               // system calls that brought something
    std::vector<int64_t> answer_ns;  // from the start of a request to the end of its answer
    std::vector<int64_t> delay_ns;   // of each token, from the upstream's stamp to its receipt
    std::vector<int64_t> first_ns;   // from the start of a request to its first token
};

class Client {
  public:
    Client(Poller& poller, Tally& tally, const Target& target)
        : poller_(poller), tally_(tally), target_(target) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// `request` must outlive the answer. `tokens` expected; 0: a whole answer.
    void start(std::string_view request, int64_t tokens);
    void on_event(uint32_t events);
    /// True while an answer is awaited.
    [[nodiscard]] bool is_busy() const { return is_busy_; }

  private:
    void send();
    void read();
    void scan(std::string_view piece, int64_t now);
    void end(bool is_good);

    Poller& poller_;
    Tally& tally_;
    const Target& target_;
    Socket socket_;
    ResponseReader reader_;
    std::string_view request_;
    size_t sent_ = 0;
    int64_t began_ = 0;
    int64_t tokens_wanted_ = 0;
    int64_t tokens_ = 0;
    std::string tail_;  // of the text: marks may be cut by a read
    bool is_busy_ = false;
    bool is_sent_ = false;
    bool has_end_mark_ = false;
};

}  // namespace hayate::bench
