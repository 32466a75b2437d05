#pragma once
// The buffer of one connection's reads: small, because most connections wait most of the time, and
// larger as soon as a read fills it. Private to net/.

#include <algorithm>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace hayate::net {

class ReadBuffer {
  public:
    /// Where the next read goes; ends the life of what `taken` returned.
    [[nodiscard]] boost::asio::mutable_buffer space() {
        if (was_full_) size_ = std::min(size_ * 4, kMost);
        if (was_full_ || !bytes_) bytes_ = std::make_unique_for_overwrite<char[]>(size_);
        was_full_ = false;
        return {bytes_.get(), size_};
    }
    /// What a read has brought.
    [[nodiscard]] std::string_view taken(size_t bytes) {
        was_full_ = bytes == size_ && size_ < kMost;
        return {bytes_.get(), bytes};
    }

  private:
    static constexpr size_t kFirst = size_t{2} * 1024;
    static constexpr size_t kMost = size_t{64} * 1024;

    std::unique_ptr<char[]> bytes_;
    size_t size_ = kFirst;
    bool was_full_ = false;
};

}  // namespace hayate::net
