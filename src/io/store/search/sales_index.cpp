#include "io/store/search/sales_index.hpp"

#include <algorithm>

namespace hayate::store {

SalesIndex::SalesIndex(std::vector<Sale> sales) {
    std::ranges::sort(sales, {}, &Sale::day);
    for (Sale& sale : sales) series_[sale.series].push_back({std::move(sale.day), sale.quantity});
    for (auto& [series, days] : series_) {
        int64_t sold = 0;
        for (auto day = days.rbegin(); day != days.rend(); ++day) {
            sold += day->sold_from;
            day->sold_from = sold;
        }
    }
}

int64_t SalesIndex::sold_since(const std::string& series, std::string_view day) const {
    const auto found = series_.find(series);
    if (found == series_.end()) return 0;
    const auto first = std::ranges::lower_bound(found->second, day, {}, &Day::day);
    return first == found->second.end() ? 0 : first->sold_from;
}

}  // namespace hayate::store
