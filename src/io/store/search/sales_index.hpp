#pragma once
// SalesIndex: how many copies of each series were ordered since a day. Immutable, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hayate::store {

class SalesIndex {
  public:
    struct Sale {
        std::string series;
        std::string day;  // "2026-11-24"
        int64_t quantity = 0;
    };
    explicit SalesIndex(std::vector<Sale> sales = {});

    /// Copies ordered on `day` and later; 0 for a series that never sold.
    [[nodiscard]] int64_t sold_since(const std::string& series, std::string_view day) const;

  private:
    struct Day {
        std::string day;
        int64_t sold_from = 0;  // on this day and later
    };
    std::unordered_map<std::string, std::vector<Day>> series_;  // days ascending
};

}  // namespace hayate::store
