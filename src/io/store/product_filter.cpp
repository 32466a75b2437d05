#include "io/store/product_filter.hpp"

#include <algorithm>

#include "io/store/types.hpp"

namespace hayate::store {

bool ProductFilter::has_series_conditions() const {
    return !authors.is_empty() || !genres.is_empty() || !genres_all.empty() ||
           !demographics.is_empty() || !statuses.is_empty() || series_volumes_min ||
           series_volumes_max || start_year_from || start_year_to;
}

bool ProductFilter::is_open() const {
    return !has_series_conditions() && series.is_empty() && kinds.is_empty() &&
           languages.is_empty() && !volume_low && !volume_high && !price_low && !price_high &&
           release_from.empty() && release_to.empty() && !is_in_stock && excluded_skus.empty();
}

void leave_out_owned(ProductFilter& filter, const Customer* customer,
                     std::span<const Order> orders) {
    std::vector<std::string>& skus = filter.excluded_skus;
    if (customer != nullptr)
        skus.insert(skus.end(), customer->owned.begin(), customer->owned.end());
    for (const Order& order : orders) {
        const bool is_kept =
            order.status != "cancelled" && order.status != "returned" && order.status != "refunded";
        if (!is_kept) continue;
        for (const OrderItem& item : order.items) skus.push_back(item.sku);
    }
    std::ranges::sort(skus);
    skus.erase(std::ranges::unique(skus).begin(), skus.end());
    filter.excludes_series_of_skus = !skus.empty();
}

}  // namespace hayate::store
