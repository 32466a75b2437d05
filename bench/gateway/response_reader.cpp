#include "gateway/response_reader.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace hayate::bench {

void ResponseReader::take_head(std::string_view& bytes) {
    const size_t before = head_.size();
    head_.append(bytes);
    const size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == std::string::npos) {
        bytes = {};
        return;
    }
    bytes.remove_prefix(end + 4 - before);
    head_.resize(end + 2);
    std::ranges::transform(head_, head_.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    status_ = std::atoi(head_.c_str() + 9);
    keeps_alive_ = !head_.contains("\r\nconnection: close");
    constexpr std::string_view kLength = "\r\ncontent-length:";
    const size_t length = head_.find(kLength);
    if (head_.contains("\r\ntransfer-encoding: chunked")) {
        state_ = State::kChunkSize;
    } else {
        left_ = length == std::string::npos
                    ? 0
                    : std::strtoul(head_.c_str() + length + kLength.size(), nullptr, 10);
        state_ = left_ > 0 ? State::kBody : State::kDone;
    }
}

std::string_view ResponseReader::take_body(std::string_view& bytes) {
    const std::string_view piece = bytes.substr(0, left_);
    bytes.remove_prefix(piece.size());
    left_ -= piece.size();
    if (left_ == 0) state_ = state_ == State::kBody ? State::kDone : State::kChunkEnd;
    return piece;
}

void ResponseReader::take_line(std::string_view& bytes) {
    const size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end != std::string_view::npos) end_line();
}

void ResponseReader::end_line() {
    const std::string line = std::exchange(line_, {});
    if (state_ == State::kChunkSize) {
        left_ = std::strtoul(line.c_str(), nullptr, 16);
        state_ = left_ > 0 ? State::kChunk : State::kLastLine;
    } else {
        state_ = state_ == State::kChunkEnd ? State::kChunkSize : State::kDone;
    }
}

}  // namespace hayate::bench
