#pragma once
// FacetFilter: the one place that decides which series and products a ProductFilter lets pass.
// Made for one search; reading it is thread-safe.

#include <cstdint>
#include <vector>

#include "io/store/product_filter.hpp"
#include "io/store/search/facet_index.hpp"

namespace hayate::store {

/// A series with at least one product that passes, and what the passing ones range over.
struct PassingSeries {
    uint32_t series = 0;
    int64_t price_low = 0;
    int64_t price_high = 0;
    int release_first = 0;  // day_number
    int release_last = 0;
};

class FacetFilter {
  public:
    /// `index` must outlive it.
    FacetFilter(const FacetIndex& index, const ProductFilter& filter);

    /// By number. Ten thousand products take a tenth of a millisecond.
    [[nodiscard]] std::vector<PassingSeries> passing() const;

    /// The same decision about rows that may be newer than the index. What the index does not know
    /// never satisfies a condition.
    [[nodiscard]] bool passes(const Series& series) const {
        return passes(index_.facets_of(series));
    }
    [[nodiscard]] bool passes(const Product& product) const {
        return passes(index_.facets_of(product));
    }

  private:
    /// Values of one field: one of `any` when it is given, and none of `none`.
    struct Terms {
        bool has_any = false;
        std::vector<Term> any;
        std::vector<Term> none;
        [[nodiscard]] bool take(Term value) const;
        [[nodiscard]] bool take(const std::vector<Term>& values) const;
    };
    template <class T>
    struct Range {
        T low;
        T high;
        [[nodiscard]] bool holds(T value) const { return low <= value && value <= high; }
    };
    using Numbers = Range<int64_t>;

    [[nodiscard]] Terms terms_of(const Choice& choice) const;
    [[nodiscard]] bool passes(const SeriesFacets& series) const;
    [[nodiscard]] bool passes(const ProductFacets& product) const;
    [[nodiscard]] bool has_volume(const ProductFacets& product) const;

    const FacetIndex& index_;
    Terms series_, authors_, genres_, demographics_, statuses_;
    std::vector<Term> genres_all_;
    std::optional<Numbers> length_;  // of the series, in volumes
    Numbers start_year_;
    Terms kinds_, languages_, skus_;
    std::optional<Numbers> volume_;
    std::optional<Numbers> volumes_of_set_;  // a set that holds all of them will do as well
    Numbers price_;
    Numbers release_;
    int64_t stock_min_;
};

}  // namespace hayate::store
