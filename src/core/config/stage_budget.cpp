#include "core/config/stage_budget.hpp"

#include <vector>

#include <fmt/format.h>

namespace hayate::config {

int StageBudget::sum_ms() const {
    int sum = 0;
    for (const auto& entry : ms) sum += entry.second;
    return sum;
}

std::optional<std::string> problem_of(const StageBudget& budget, int target_ms) {
    const int sum = budget.sum_ms();
    if (sum <= target_ms) return std::nullopt;
    std::vector<std::string> parts;
    parts.reserve(budget.ms.size());
    for (const auto& [stage, ms] : budget.ms) parts.push_back(fmt::format("{} {}", stage, ms));
    return fmt::format("the stages take {} ms together ({}), {} ms more than the target of {} ms",
                       sum, fmt::join(parts, " + "), sum - target_ms, target_ms);
}

}  // namespace hayate::config
