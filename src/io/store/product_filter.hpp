#pragma once
// ProductFilter: what a question says about the products that may be shown, as hard conditions. A
// plain value; whoever reads questions fills it, the catalog store obeys it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hayate::store {

struct Customer;
struct Order;

/// Values of one field: one of `any` when there are any, and none of `none`.
struct Choice {
    std::vector<std::string> any;
    std::vector<std::string> none;
    [[nodiscard]] bool is_empty() const { return any.empty() && none.empty(); }
    friend bool operator==(const Choice&, const Choice&) = default;
};

enum class ProductSort : uint8_t {
    kRelevance,
    kNewest,
    kSoonest,  // the earliest release first: for what is still to come
    kCheapest,
    kDearest,
    kTrending,  // most ordered in the last 30 days, then in the last 90, then the newest
    kVolume,    // ascending
};

/// All conditions hold at once. A value that is unknown (a running series' number of volumes)
/// satisfies no condition on it.
struct ProductFilter {
    // Of the series.
    Choice series;   // ids
    Choice authors;  // names in English, or in Japanese where there is no English one
    Choice genres;   // keys: one of them, none of them
    std::vector<std::string> genres_all;  // all of them
    Choice demographics;
    Choice statuses;
    std::optional<int> series_volumes_min;
    std::optional<int> series_volumes_max;
    std::optional<int> start_year_from;
    std::optional<int> start_year_to;

    // Of the product.
    Choice kinds;
    Choice languages;
    std::optional<int> volume_low;  // both inclusive; a product without a volume is left out
    std::optional<int> volume_high;
    bool takes_sets = false;  // a set that holds the whole range of volumes will do as well
    std::optional<int64_t> price_low;  // yen, both inclusive
    std::optional<int64_t> price_high;
    std::string release_from;  // days, both inclusive; empty: open
    std::string release_to;
    bool is_in_stock = false;
    std::vector<std::string> excluded_skus;
    bool excludes_series_of_skus = false;  // and whatever else belongs to their series

    // Order alone.
    ProductSort sort = ProductSort::kRelevance;
    std::vector<std::string> similar_to;  // series; for kRelevance
    std::string today;                    // day; for kTrending

    [[nodiscard]] bool has_series_conditions() const {
        return !authors.is_empty() || !genres.is_empty() || !genres_all.empty() ||
               !demographics.is_empty() || !statuses.is_empty() || series_volumes_min ||
               series_volumes_max || start_year_from || start_year_to;
    }
    /// Every product passes.
    [[nodiscard]] bool is_open() const {
        return !has_series_conditions() && series.is_empty() && kinds.is_empty() &&
               languages.is_empty() && !volume_low && !volume_high && !price_low && !price_high &&
               release_from.empty() && release_to.empty() && !is_in_stock && excluded_skus.empty();
    }
    friend bool operator==(const ProductFilter&, const ProductFilter&) = default;
};

/// For recommendations: nothing of the series that the customer owns or has ordered (and not sent
/// back); of a series that is asked for by name, only not the very products. `customer` may be
/// null.
void leave_out_owned(ProductFilter& filter, const Customer* customer,
                     std::span<const Order> orders);

}  // namespace hayate::store
