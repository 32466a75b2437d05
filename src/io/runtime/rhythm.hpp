#pragma once
// When the next piece of a stream is due. Models write at an even pace, so it can be told.

#include <optional>

#include "core/base/deadline.hpp"

namespace hayate::runtime {

/// A piece is expected from `begin` on, and no longer after `end`.
struct Window {
    base::TimePoint begin;
    base::TimePoint end;
};

/// The pace of one stream: the usual time between two pieces and how far it strays, both decayed.
class Rhythm {
  public:
    /// Notes that a piece came at `now`. The window of the next one; none while the stream has
    /// no rhythm, is so quick that nobody falls asleep between two pieces, or pauses for seconds.
    std::optional<Window> beat(base::TimePoint now);

  private:
    base::TimePoint last_{};
    base::Duration gap_{};
    base::Duration stray_{};
    int pieces_ = 0;
};

}  // namespace hayate::runtime
