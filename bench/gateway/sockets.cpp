#include "gateway/sockets.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/clock.hpp"

namespace hayate::bench {
namespace {

constexpr size_t kEventsPerWait = 512;

sockaddr_in loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// sockaddr_in as the API wants it.
const sockaddr* raw(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

void enable(int fd, int level, int option) {
    const int on = 1;
    ::setsockopt(fd, level, option, &on, sizeof on);
}

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this == &other) return *this;
    close();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
}

void Socket::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Socket listen_on(uint16_t port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    enable(socket.fd(), SOL_SOCKET, SO_REUSEADDR);
    const sockaddr_in address = loopback(port);
    if (::bind(socket.fd(), raw(address), sizeof address) != 0) die("bind");
    if (::listen(socket.fd(), 8192) != 0) die("listen");
    return socket;
}

uint16_t port_of(const Socket& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

Socket accept_from(const Socket& listener) {
    Socket socket(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.is_open()) enable(socket.fd(), IPPROTO_TCP, TCP_NODELAY);
    return socket;
}

Socket connect_to(uint16_t port, Mode mode) {
    const int flags = mode == Mode::kNonBlocking ? SOCK_NONBLOCK : 0;
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (!socket.is_open()) die("socket");
    enable(socket.fd(), IPPROTO_TCP, TCP_NODELAY);
    const sockaddr_in address = loopback(port);
    if (::connect(socket.fd(), raw(address), sizeof address) != 0 && errno != EINPROGRESS) {
        socket.close();
    }
    return socket;
}

bool send_some(const Socket& socket, std::string_view bytes, size_t& sent) {
    while (sent < bytes.size()) {
        const ssize_t now =
            ::send(socket.fd(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (now < 0) return errno == EAGAIN;
        sent += static_cast<size_t>(now);
    }
    return true;
}

std::string ask(uint16_t port, std::string_view request, std::string_view end, int wait_ms) {
    std::string answer;
    const Socket socket = connect_to(port, Mode::kBlocking);
    if (!socket.is_open()) return answer;
    const timeval wait{.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    size_t sent = 0;
    if (!send_some(socket, request, sent)) return answer;
    char buffer[4096];
    while (answer.find(end) == std::string::npos) {
        const ssize_t got = ::recv(socket.fd(), buffer, sizeof buffer, 0);
        if (got <= 0) break;
        answer.append(buffer, static_cast<size_t>(got));
    }
    return answer;
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), ready_(kEventsPerWait) {}

void Poller::add(const Socket& socket, uint32_t events, void* owner) const {
    epoll_event event{.events = events, .data = {.ptr = owner}};
    if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, socket.fd(), &event) != 0) die("epoll_ctl");
}

void Poller::change(const Socket& socket, uint32_t events, void* owner) const {
    epoll_event event{.events = events, .data = {.ptr = owner}};
    ::epoll_ctl(epoll_.fd(), EPOLL_CTL_MOD, socket.fd(), &event);
}

std::span<const epoll_event> Poller::wait(int64_t until) {
    const int64_t left = std::max<int64_t>(0, until - now_ns());
    const timespec limit{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll_.fd(), ready_.data(), static_cast<int>(ready_.size()),
                                     &limit, nullptr);
    return {ready_.data(), static_cast<size_t>(std::max(count, 0))};
}

}  // namespace hayate::bench
