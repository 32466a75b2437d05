#pragma once
// Reads one HTTP response after the other from bytes as they come; hands on the body without its
// chunks' frames. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace hayate::bench {

class ResponseReader {
  public:
    /// Hands pieces of the body to `take(std::string_view)`.
    template <class Take>
    void feed(std::string_view bytes, Take take) {
        while (!bytes.empty() && !is_done()) {
            if (state_ == State::kHead) {
                take_head(bytes);
            } else if (state_ == State::kBody || state_ == State::kChunk) {
                take(take_body(bytes));
            } else {
                take_line(bytes);
            }
        }
    }
    [[nodiscard]] bool is_done() const { return state_ == State::kDone; }
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] bool is_begun() const { return !head_.empty() || status_ != 0; }
    [[nodiscard]] bool keeps_alive() const { return keeps_alive_; }
    void reset() { *this = ResponseReader(); }

  private:
    enum class State : uint8_t { kHead, kBody, kChunkSize, kChunk, kChunkEnd, kLastLine, kDone };

    void take_head(std::string_view& bytes);
    std::string_view take_body(std::string_view& bytes);
    void take_line(std::string_view& bytes);
    void end_line();

    State state_ = State::kHead;
    std::string head_;
    std::string line_;
    size_t left_ = 0;  // of the body or the chunk
    int status_ = 0;
    bool keeps_alive_ = true;
};

}  // namespace hayate::bench
