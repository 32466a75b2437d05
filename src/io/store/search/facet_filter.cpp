#include "io/store/search/facet_filter.hpp"

#include <algorithm>
#include <limits>

namespace hayate::store {
namespace {

constexpr int64_t kNoLow = std::numeric_limits<int64_t>::min();
constexpr int64_t kNoHigh = std::numeric_limits<int64_t>::max();

bool has(const std::vector<Term>& terms, Term term) {
    return std::ranges::find(terms, term) != terms.end();
}

std::vector<Term> sorted(std::vector<Term> terms) {
    std::ranges::sort(terms);
    terms.erase(std::ranges::unique(terms).begin(), terms.end());
    return terms;
}

}  // namespace

FacetFilter::FacetFilter(const FacetIndex& index, const ProductFilter& filter)
    : index_(index),
      series_(terms_of(filter.series)),
      authors_(terms_of(filter.authors)),
      genres_(terms_of(filter.genres)),
      demographics_(terms_of(filter.demographics)),
      statuses_(terms_of(filter.statuses)),
      genres_all_(terms_of({.none = filter.genres_all}).none),
      start_year_{filter.start_year_from.value_or(std::numeric_limits<int>::min()),
                  filter.start_year_to.value_or(std::numeric_limits<int>::max())},
      kinds_(terms_of(filter.kinds)),
      languages_(terms_of(filter.languages)),
      skus_(terms_of({.none = filter.excluded_skus})),
      price_{filter.price_low.value_or(kNoLow), filter.price_high.value_or(kNoHigh)},
      release_{kNoLow, kNoHigh},
      stock_min_(filter.is_in_stock ? 1 : kNoLow) {
    if (filter.series_volumes_min || filter.series_volumes_max)
        length_ = {filter.series_volumes_min ? *filter.series_volumes_min : kNoLow,
                   filter.series_volumes_max ? *filter.series_volumes_max : kNoHigh};
    if (filter.volume_low || filter.volume_high)
        volume_ = {filter.volume_low ? *filter.volume_low : kNoLow,
                   filter.volume_high ? *filter.volume_high : kNoHigh};
    if (filter.takes_sets && filter.volume_low && filter.volume_high) volumes_of_set_ = volume_;
    if (!filter.release_from.empty() || !filter.release_to.empty())
        release_ = {filter.release_from.empty() ? 1 : day_number(filter.release_from),
                    filter.release_to.empty() ? kNoHigh : day_number(filter.release_to)};
    if (!filter.excludes_series_of_skus) return;
    for (uint32_t number = 0; number < index_.series_count(); ++number) {
        const bool is_excluded =
            std::ranges::any_of(index_.products_of(number), [&](const ProductFacets& product) {
                return std::ranges::binary_search(skus_.none, product.sku);
            });
        if (is_excluded) series_.none.push_back(index_.series(number).id);
    }
    series_.none = sorted(std::move(series_.none));
}

FacetFilter::Terms FacetFilter::terms_of(const Choice& choice) const {
    Terms terms{.has_any = !choice.any.empty()};
    for (const std::string& value : choice.any) {
        if (const Term term = index_.term_of(value); term != kUnknownTerm)
            terms.any.push_back(term);
    }
    // An unknown one stays: it keeps out what is unknown as well.
    for (const std::string& value : choice.none) terms.none.push_back(index_.term_of(value));
    terms.any = sorted(std::move(terms.any));
    terms.none = sorted(std::move(terms.none));
    return terms;
}

bool FacetFilter::Terms::take(Term value) const {
    return (!has_any || std::ranges::binary_search(any, value)) &&
           !std::ranges::binary_search(none, value);
}

bool FacetFilter::Terms::take(const std::vector<Term>& values) const {
    const auto is_in = [&](const std::vector<Term>& list) {
        return std::ranges::any_of(
            values, [&](Term value) { return std::ranges::binary_search(list, value); });
    };
    return (!has_any || is_in(any)) && !is_in(none);
}

bool FacetFilter::passes(const SeriesFacets& series) const {
    return series_.take(series.id) && demographics_.take(series.demographic) &&
           statuses_.take(series.status) && start_year_.holds(series.start_year) &&
           (!length_ || (series.volumes && length_->holds(*series.volumes))) &&
           authors_.take(series.authors) && genres_.take(series.genres) &&
           std::ranges::all_of(genres_all_, [&](Term genre) {
               return genre != kUnknownTerm && has(series.genres, genre);
           });
}

bool FacetFilter::has_volume(const ProductFacets& product) const {
    if (!volume_) return true;
    if (product.volume && volume_->holds(*product.volume)) return true;
    return volumes_of_set_ && product.volumes && product.volumes->first <= volumes_of_set_->low &&
           product.volumes->second >= volumes_of_set_->high;
}

bool FacetFilter::passes(const ProductFacets& product) const {
    return price_.holds(product.price_yen) && product.stock >= stock_min_ &&
           release_.holds(product.release) && has_volume(product) && kinds_.take(product.kind) &&
           languages_.take(product.language) && skus_.take(product.sku);
}

std::vector<PassingSeries> FacetFilter::passing() const {
    std::vector<PassingSeries> all;
    for (uint32_t number = 0; number < index_.series_count(); ++number) {
        if (!passes(index_.series(number))) continue;
        std::optional<PassingSeries> found;
        for (const ProductFacets& product : index_.products_of(number)) {
            if (!passes(product)) continue;
            if (!found)
                found = {number, product.price_yen, product.price_yen, product.release,
                         product.release};
            found->price_low = std::min(found->price_low, product.price_yen);
            found->price_high = std::max(found->price_high, product.price_yen);
            found->release_first = std::min(found->release_first, product.release);
            found->release_last = std::max(found->release_last, product.release);
        }
        if (found) all.push_back(*found);
    }
    return all;
}

}  // namespace hayate::store
