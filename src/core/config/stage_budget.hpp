#pragma once
// How long each stage of a turn may take. The trace shows a stage against its budget; a table whose
// sum is more than the target could not be kept even on a good day.

#include <map>
#include <optional>
#include <string>

namespace hayate::config {

struct StageBudget {
    /// Milliseconds by stage; only stages that follow one another (not the sources of a gather,
    /// which run at the same time).
    std::map<std::string, int> ms;

    [[nodiscard]] int sum_ms() const;
};

/// What is wrong with the table for an answer that is to take `target_ms` at most; nothing when it
/// fits.
[[nodiscard]] std::optional<std::string> problem_of(const StageBudget& budget, int target_ms);

}  // namespace hayate::config
