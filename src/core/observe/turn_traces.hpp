#pragma once
// The traces of the latest turns, for operators. Bounded: the oldest goes when a new one comes.
// Neither questions nor answers are kept, only what happened when.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/observe/trace.hpp"

namespace hayate::observe {

struct TurnTrace {
    std::string response_id;
    int64_t begin_unix_ms = 0;
    std::string outcome;  // as hayate_turns_total counts it: "complete", "stopped", "busy" ...
    std::string language;
    std::string intent;  // empty: not told
    std::string model;   // empty: answered from templates
    std::vector<std::string> degraded;
    double first_word_ms = 0;
    double total_ms = 0;
    std::vector<Span> spans;
    TraceSummary summary;
};
using SharedTrace = std::shared_ptr<const TurnTrace>;

/// May be used by every thread. A turn comes here once, after its last event.
class TurnTraces {
  public:
    explicit TurnTraces(size_t size_max = 512) : size_max_(size_max) {}

    /// Marks the critical path and sums up before it keeps the trace.
    void add(TurnTrace trace);
    /// The latest first.
    [[nodiscard]] std::vector<SharedTrace> latest(size_t count) const;
    /// Null when it is unknown, or too old.
    [[nodiscard]] SharedTrace find(std::string_view response_id) const;

  private:
    const size_t size_max_;
    mutable std::mutex mutex_;
    std::vector<SharedTrace> ring_;  // guarded by mutex_
    size_t next_ = 0;                // guarded by mutex_
};

/// The whole trace as a JSON object; `is_whole` false leaves the spans out.
[[nodiscard]] std::string to_json(const TurnTrace& trace, bool is_whole);

}  // namespace hayate::observe
