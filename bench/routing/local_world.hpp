#pragma once
// The routing benchmark with real models: questions that both local models have answered, how good
// each answer is (labels of test/gate/answers.jsonl), and how long it took on the machine named in
// local_times.jsonl. What a question is about and how hard, comes from the shipped assistant's own
// classifier. Nothing is drawn but the order of the questions.

#include <optional>
#include <vector>

#include "routing/world.hpp"

namespace hayate::bench {

struct LocalWorld {
    /// In the order of the file, without times of arrival; `deadline_ms` is the intent's, less what
    /// gathering takes. `quality` is 1 for a good answer, 0 for a bad one. The route is told what
    /// the gate says of the answer, as in a server.
    std::vector<Turn> turns;
    std::vector<route::ModelFacts> facts;   // as a server without configuration has them
    std::vector<route::ModelState> states;  // with the speed that the models showed
    route::MatrixPolicy policy;             // with the qualities a server begins with
    double quality_min = 0;                 // as the assistant says, and the next one
    double late_worth = 0;
    int usual_tokens = 0;   // of an answer, as a turn counts them: the median
    size_t estimated = 0;   // turns whose times follow from their length: routing.md
    size_t unmeasured = 0;  // questions left out for want of times
    size_t japanese = 0;
};

/// `uses_clock`: times by the clock instead of the CPU's. Files that cannot be read end the program
/// with their reason.
[[nodiscard]] LocalWorld load_local_world(bool uses_clock);

/// Between the beginnings of two turns: longer than any answer takes, so that no two are written at
/// once.
inline constexpr double kGapMs = 60'000;

/// The turns in an order of their own, one beginning long after the other has ended, with
/// `deadline_ms` for all where it is given.
[[nodiscard]] std::vector<Turn> shuffled(const std::vector<Turn>& turns, uint64_t seed,
                                         std::optional<double> deadline_ms);

}  // namespace hayate::bench
