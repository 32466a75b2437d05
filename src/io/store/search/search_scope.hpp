#pragma once
// SearchScope: which documents one search may show. Made for one search, by one thread.

#include <optional>
#include <span>
#include <vector>

#include "io/store/search/doc_key.hpp"
#include "io/store/search/facet_filter.hpp"

namespace hayate::store {

class SearchScope {
  public:
    /// Everything of the catalog, and FAQ entries.
    explicit SearchScope(const FacetIndex& facets) : facets_(facets) {}
    /// Series with a product that `filter` lets pass. `facets` must outlive it.
    SearchScope(const FacetIndex& facets, const ProductFilter& filter, bool takes_faq)
        : facets_(facets), filter_(std::in_place, facets, filter), takes_faq_(takes_faq) {
        passing_ = filter_->passing();
        is_passing_.resize(facets.series_count());
        for (const PassingSeries& passing : passing_) is_passing_[passing.series] = true;
    }

    [[nodiscard]] bool has_conditions() const { return filter_.has_value(); }
    [[nodiscard]] bool takes_faq() const { return takes_faq_; }
    /// With conditions: what satisfies them, by number.
    [[nodiscard]] std::span<const PassingSeries> passing() const { return passing_; }

    [[nodiscard]] bool passes(const DocKey& doc) const {
        if (doc.kind == HitKind::kFaq) return takes_faq_;
        if (!filter_) return true;
        const auto number = facets_.number_of(doc.id);
        return number && is_passing_[*number];
    }
    [[nodiscard]] bool passes(uint32_t series) const { return !filter_ || is_passing_[series]; }
    /// Rows, which may be newer than the index.
    [[nodiscard]] bool passes(const Series& series) const {
        return !filter_ || filter_->passes(series);
    }
    [[nodiscard]] bool passes(const Product& product) const {
        return !filter_ || filter_->passes(product);
    }

  private:
    const FacetIndex& facets_;
    std::optional<FacetFilter> filter_;
    bool takes_faq_ = true;
    std::vector<PassingSeries> passing_;
    std::vector<bool> is_passing_;  // by number
};

}  // namespace hayate::store
