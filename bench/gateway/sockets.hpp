#pragma once
// Sockets on loopback and epoll, thin enough that the load generator costs less than what it
// measures. Errors of set-up end the program: a benchmark cannot go on without its sockets.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/epoll.h>

namespace hayate::bench {

/// Owns a file descriptor.
class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept;
    ~Socket() { close(); }

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    void close();

  private:
    int fd_ = -1;
};

enum class Mode : uint8_t { kBlocking, kNonBlocking };

/// Listens on 127.0.0.1; port 0 means any free one.
Socket listen_on(uint16_t port);
[[nodiscard]] uint16_t port_of(const Socket& socket);
Socket accept_from(const Socket& listener);
/// Not open when the connection was refused.
Socket connect_to(uint16_t port, Mode mode);

/// Sends as much as the socket takes now. False when the connection is lost.
bool send_some(const Socket& socket, std::string_view bytes, size_t& sent);

/// One request and its answer up to `end`, blocking for at most `wait_ms`.
std::string ask(uint16_t port, std::string_view request, std::string_view end, int wait_ms);

class Poller {
  public:
    Poller();
    void add(const Socket& socket, uint32_t events, void* owner) const;
    void change(const Socket& socket, uint32_t events, void* owner) const;
    /// Waits until something happens or `until` (ns), whichever is first.
    std::span<const epoll_event> wait(int64_t until);

  private:
    Socket epoll_;
    std::vector<epoll_event> ready_;
};

}  // namespace hayate::bench
