#pragma once
// The trace of one turn: spans on one time line that begins when the question arrived.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/wire/answer_event.hpp"

namespace hayate::observe {

using Span = wire::StageSpan;
using wire::TraceSummary;

class Trace {
  public:
    explicit Trace(TimePoint begin) : begin_(begin) {}
    [[nodiscard]] TimePoint begin() const { return begin_; }
    [[nodiscard]] double now_ms() const { return base::to_ms(base::Clock::now() - begin_); }
    void add(std::string name, double start_ms, std::string outcome = "ok") {
        spans_.push_back({std::move(name), start_ms, now_ms(), std::move(outcome)});
    }
    void add(Span span) { spans_.push_back(std::move(span)); }
    [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }

    std::optional<double> first_word_ms;

  private:
    TimePoint begin_;
    std::vector<Span> spans_;
};

}  // namespace hayate::observe
