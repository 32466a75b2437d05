#include "io/store/product_filter.hpp"

#include <algorithm>

#include "io/store/types.hpp"

namespace hayate::store {

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
    filter.excludes_series_of_skus = !skus.empty() && filter.series.any.empty();
}

}  // namespace hayate::store
