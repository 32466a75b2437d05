#pragma once
// Products that satisfy a ProductFilter, decided by SQL: one statement for the series that have
// any, one for the products of a series. Both read indexes and nothing else before a row has
// passed.

#include <string>
#include <string_view>
#include <vector>

#include "io/store/product_filter.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

/// A filter as the statements take it; made once, bound several times.
class BoundFilter {
  public:
    explicit BoundFilter(const ProductFilter& filter);
    /// Binds ?1 to ?35.
    void bind(Rows& rows) const;

  private:
    using Text = std::optional<std::string>;  // a JSON list; absent: no condition
    Text series_any_, series_none_, skus_none_, series_of_skus_none_;
    Text kinds_any_, kinds_none_, languages_any_, languages_none_;
    Text authors_any_, authors_none_, genres_all_, genres_any_, genres_none_;
    Text demographics_any_, demographics_none_, statuses_any_, statuses_none_;
    ProductFilter filter_;
};

/// What is wanted to be known of a series' passing products, beside that there are any.
enum class Fact : uint8_t { kNone, kPriceLow, kPriceHigh, kReleaseFirst, kReleaseLast };

/// A series with at least one product that passes.
struct MatchingSeries {
    std::string id;
    int64_t price = 0;    // the fact, when it is a price
    std::string release;  // the fact, when it is a day
};
/// By id.
[[nodiscard]] Result<std::vector<MatchingSeries>> matching_series(Connection& connection,
                                                                  const BoundFilter& filter,
                                                                  Fact fact);
/// The products of a series from that list that pass, in no order.
[[nodiscard]] Result<std::vector<Product>> matching_products(Connection& connection,
                                                             const BoundFilter& filter,
                                                             std::string_view series);
/// How much every series has in common with those named, by genre and audience; those that have
/// nothing are left out.
[[nodiscard]] Result<std::vector<std::pair<std::string, int64_t>>> series_in_common(
    Connection& connection, const std::vector<std::string>& series);

}  // namespace hayate::store
