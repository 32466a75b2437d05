#pragma once
// What model calls have cost: one row for each day, tenant, intent and model.

#include <compare>
#include <cstdint>
#include <string>

namespace hayate::store {

struct CostRow {
    std::string day;  // "2026-11-25", UTC
    std::string tenant;
    std::string intent;
    std::string model;
    int64_t calls = 0;
    int64_t estimated_calls = 0;  // of them, those whose usage the provider did not tell
    int64_t prompt_tokens = 0;
    int64_t completion_tokens = 0;
    int64_t cost_micros = 0;
    /// By day, tenant, intent and model, which together are the key.
    friend auto operator<=>(const CostRow&, const CostRow&) = default;
};

}  // namespace hayate::store
