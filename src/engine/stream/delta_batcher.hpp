#pragma once
// DeltaBatcher: between a model and the log. The first text goes out at once; after that, pieces
// are joined until three have come or the window has passed, so that a fast model does not cost one
// frame per token. Cuts only between graphemes: an emoji built of several code points is never
// shown half.

#include <memory>
#include <string>
#include <string_view>

#include "engine/stream/stream_log.hpp"

namespace hayate::stream {

class DeltaBatcher : public std::enable_shared_from_this<DeltaBatcher> {
  public:
    DeltaBatcher(const runtime::Executor& executor, std::shared_ptr<StreamLog> log);

    /// False when the log is full.
    bool push(std::string_view text);
    /// Sends all that is held back; call it at the end of the answer.
    bool flush();

  private:
    bool send(size_t bytes);
    void arm();

    std::shared_ptr<StreamLog> log_;
    runtime::Timer window_;
    std::string pending_;
    int pieces_ = 0;
    bool is_first_ = true;
    bool is_armed_ = false;
    bool is_full_ = false;
};

/// How much of `text` can be shown without cutting a grapheme that may still grow: all of it, or
/// all but the last cluster when that ends in an emoji, a joiner or a regional indicator.
[[nodiscard]] size_t showable_prefix(std::string_view text);

}  // namespace hayate::stream
