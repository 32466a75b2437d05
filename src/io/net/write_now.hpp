#pragma once
// Writing without the reactor. Asio's asynchronous write also tries the socket first, but hands the
// result over through its queue, which costs a suspended coroutine and another look at epoll for
// every token. Private to net/.

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>

namespace hayate::net {

/// Writes what a non-blocking socket takes at once. True when that was all; else `buffers` is what
/// is left. Errors count as nothing written: the asynchronous write that follows reports them.
template <class Socket>
[[nodiscard]] bool write_now(Socket& socket, std::array<boost::asio::const_buffer, 2>& buffers) {
    boost::system::error_code ignored;
    size_t written = socket.write_some(buffers, ignored);
    for (boost::asio::const_buffer& buffer : buffers) {
        const size_t part = std::min(written, buffer.size());
        buffer += part;
        written -= part;
    }
    return boost::asio::buffer_size(buffers) == 0;
}

}  // namespace hayate::net
