#pragma once
// How many prompt tokens fit into a step of a wanted length, learnt from the steps that were run,
// and how fast a model reads and writes. Pure: durations are passed in.

#include <algorithm>
#include <chrono>

#include "core/base/deadline.hpp"

namespace hayate::model::llama {

/// Reading costs less per token in larger chunks (the weights are fetched once per step): below
/// about 8 tokens a chunk costs nearly as much as 8. So `tokens_min` bounds the waste, even where
/// the step then takes longer than wanted.
class ChunkSizer {
  public:
    struct Options {
        Duration target{};
        int tokens_min = 8;
        int tokens_max = 256;
    };
    explicit ChunkSizer(Options options) : options_(options), size_(options.tokens_min) {}

    [[nodiscard]] int tokens() const { return static_cast<int>(size_); }

    /// A step with `tokens` prompt tokens took `elapsed`. Chunks that were cut short say nothing
    /// about larger ones.
    void record(int tokens, Duration elapsed) {
        if (tokens * 2 < this->tokens() || elapsed <= Duration::zero()) return;
        const double ideal = tokens * (base::to_ms(options_.target) / base::to_ms(elapsed));
        const double limited = std::clamp(ideal, size_ / 2, size_ * 2);
        size_ = std::clamp((size_ + limited) / 2, static_cast<double>(options_.tokens_min),
                           static_cast<double>(options_.tokens_max));
    }

  private:
    Options options_;
    double size_;
};

/// Tokens per second over about the last ten steps.
class SpeedMeter {
  public:
    void add(int tokens, Duration elapsed) {
        tokens_ = tokens_ * kKept + tokens;
        elapsed_ms_ = elapsed_ms_ * kKept + base::to_ms(elapsed);
    }
    /// 0 until known.
    [[nodiscard]] double per_second() const {
        return elapsed_ms_ > 0 ? tokens_ / elapsed_ms_ * 1000.0 : 0.0;
    }

  private:
    static constexpr double kKept = 0.9;
    double tokens_ = 0;
    double elapsed_ms_ = 0;
};

}  // namespace hayate::model::llama
