#include "test/support/test_shard.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

namespace hayate::test {

RawClient::RawClient(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("cannot connect to the server under test");
    }
}

RawClient::~RawClient() { ::close(fd_); }

void RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;  // the peer has closed; reading will show it
        bytes.remove_prefix(static_cast<size_t>(sent));
    }
}

void RawClient::shut_down_sending() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::fill() {
    std::array<char, 16384> piece;
    const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
    if (got <= 0) {
        is_closed_ = true;
        return false;
    }
    buffer_.append(piece.data(), static_cast<size_t>(got));
    return true;
}

std::string RawClient::read_until(std::string_view mark) {
    size_t at = buffer_.find(mark);
    while (at == std::string::npos && fill()) at = buffer_.find(mark);
    const size_t end = at == std::string::npos ? buffer_.size() : at + mark.size();
    std::string taken = buffer_.substr(0, end);
    buffer_.erase(0, end);
    return taken;
}

std::string RawClient::read_to_end() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

std::string RawClient::read_response() {
    std::string head = read_until("\r\n\r\n");
    const size_t at = head.find("content-length: ");
    if (at == std::string::npos) return head;
    const size_t length = std::stoul(head.substr(at + 16));
    while (buffer_.size() < length && fill()) {
    }
    head += buffer_.substr(0, length);
    buffer_.erase(0, length);
    return head;
}

}  // namespace hayate::test
