#include "io/store/sqlite/catalog_search.hpp"

#include <algorithm>
#include <climits>
#include <tuple>

#include "io/store/import/day.hpp"
#include "io/store/sqlite/catalog_rows.hpp"

namespace hayate::store {
namespace {

constexpr std::string_view kTrendingNow = "today-30";
constexpr std::string_view kTrendingLately = "today-90";

/// Where a series stands when facts decide; smaller comes first.
struct Place {
    std::tuple<int64_t, int64_t, int64_t> facts;
    float similarity = 0;  // decides between equals
    uint32_t series = 0;

    friend bool operator<(const Place& a, const Place& b) {
        return std::tie(a.facts, b.similarity, a.series) <
               std::tie(b.facts, a.similarity, b.series);
    }
};

class Search {
  public:
    Search(Connection& connection, const CatalogIndex::Current& current,
           const SearchQuestion& question, SearchScope scope)
        : connection_(connection),
          snapshot_(*current.snapshot),
          question_(question),
          filter_(question.filter),
          scope_(std::move(scope)),
          relevance_(connection, current, question, scope_) {}

    Result<std::vector<Hit>> search() {
        const auto ranked = relevance_.rank(question_.count);
        if (!ranked) return fail(ranked.error());
        return fill(*ranked);
    }

    Result<std::vector<Hit>> find() {
        const bool is_by_relevance =
            filter_.sort == ProductSort::kRelevance || filter_.sort == ProductSort::kVolume;
        if (!is_by_relevance) return fill(ranked_by(filter_.sort, question_.count));
        auto ranked = rank_by_relevance();
        if (!ranked) return fail(ranked.error());
        return fill(*ranked);
    }

  private:
    // ---- order ----------------------------------------------------------------------------------

    [[nodiscard]] DocKey key_of(uint32_t series) const {
        return {HitKind::kSeries, snapshot_.facets->id_of(series)};
    }
    /// Copies ordered lately; without a known day, ever.
    [[nodiscard]] int64_t sold(uint32_t series, std::string_view since) const {
        return snapshot_.sales->sold_since(snapshot_.facets->id_of(series), since);
    }

    [[nodiscard]] Place place_of(const PassingSeries& passing, ProductSort sort) const {
        Place place{.series = passing.series};
        switch (sort) {
            case ProductSort::kCheapest:
                place.facts = {passing.price_low, 0, 0};
                break;
            case ProductSort::kDearest:
                place.facts = {-passing.price_high, 0, 0};
                break;
            case ProductSort::kSoonest:
                place.facts = {passing.release_first, 0, 0};
                break;
            case ProductSort::kTrending:
                place.facts = {-sold(passing.series, trending_now_),
                               -sold(passing.series, trending_lately_), -passing.release_last};
                break;
            default:
                place.facts = {-passing.release_last, 0, 0};
        }
        return place;
    }

    [[nodiscard]] std::vector<Fused> ranked_by(ProductSort sort, size_t count) const {
        std::vector<Place> places;
        places.reserve(scope_.passing().size());
        for (const PassingSeries& passing : scope_.passing())
            places.push_back(place_of(passing, sort));
        std::ranges::sort(places, std::less<>());
        // Likeness decides only between equals at the front: comparing everything takes too long.
        size_t compared = std::min(places.size(), count);
        while (compared > 0 && compared < std::min(places.size(), kComparedMax) &&
               places[compared - 1].facts == places[compared].facts) {
            ++compared;
        }
        places.resize(compared);
        for (Place& place : places) place.similarity = relevance_.similarity(key_of(place.series));
        std::ranges::sort(places, std::less<>());
        std::vector<Fused> ranked;
        for (const Place& place : places) {
            if (ranked.size() == count) break;
            const auto rank = static_cast<double>(ranked.size() + 1);
            ranked.push_back({key_of(place.series), 1 / (kFusionK + rank)});
        }
        return ranked;
    }

    /// What no list holds passes all the same, and follows: what sells first.
    Result<std::vector<Fused>> rank_by_relevance() {
        auto ranked = relevance_.rank(question_.count);
        if (!ranked || ranked->size() >= question_.count) return ranked;
        for (Fused& rest : ranked_by(ProductSort::kTrending, question_.count + ranked->size())) {
            if (ranked->size() == question_.count) break;
            const bool is_known = std::ranges::count(*ranked, rest.doc, &Fused::doc) > 0;
            if (!is_known) ranked->push_back({std::move(rest.doc), 0});
        }
        return ranked;
    }

    // ---- filling --------------------------------------------------------------------------------

    [[nodiscard]] std::vector<Product> ordered(std::vector<Product> products) const {
        // Smallest first; the number breaks ties, so that the order never depends on the table's.
        const auto by = [&](auto key_of) {
            std::ranges::sort(products, {},
                              [&](const Product& p) { return std::pair(key_of(p), p.sku); });
        };
        switch (filter_.sort) {
            case ProductSort::kRelevance:
            case ProductSort::kTrending:
                return best_products(std::move(products), question_.text, *snapshot_.vocabulary);
            case ProductSort::kNewest:
                by([](const Product& p) { return -day_number(p.release_date); });
                break;
            case ProductSort::kSoonest:
                by([](const Product& p) { return day_number(p.release_date); });
                break;
            case ProductSort::kCheapest:
                by([](const Product& p) { return p.price_yen; });
                break;
            case ProductSort::kDearest:
                by([](const Product& p) { return -p.price_yen; });
                break;
            case ProductSort::kVolume:
                by([](const Product& p) {
                    return p.volume ? *p.volume : p.volumes ? p.volumes->first : INT_MAX;
                });
                break;
        }
        products.resize(std::min(products.size(), kProductsPerHit));
        return products;
    }

    /// The index chose the series; whether its rows, which may be newer, are shown is decided by
    /// what they say now.
    Status fill_series(const std::string& id, Hit& hit) {
        auto series = find_series(connection_, id);
        if (!series) return fail(series.error());
        if (!*series || !scope_.passes(**series))
            return fail(ErrorKind::kNotFound, "store", "series " + id);
        auto products = products_of(connection_, id);
        if (!products) return fail(products.error());
        std::erase_if(*products, [&](const Product& p) { return !scope_.passes(p); });
        if (scope_.has_conditions() && products->empty())
            return fail(ErrorKind::kNotFound, "store", "products of " + id);
        hit.series = std::move(**series);
        hit.products = ordered(std::move(*products));
        return {};
    }

    Status fill_faq(const std::string& id, Hit& hit) {
        auto faq = find_faq(connection_, id);
        if (!faq) return fail(faq.error());
        if (!*faq) return fail(ErrorKind::kNotFound, "store", "faq " + id);
        hit.faq = std::move(**faq);
        return {};
    }

    Result<std::vector<Hit>> fill(const std::vector<Fused>& ranked) {
        std::vector<Hit> hits;
        for (const Fused& fused : ranked) {
            Hit hit{.kind = fused.doc.kind, .score = fused.score};
            if (!question_.vector.empty()) hit.similarity = relevance_.similarity(fused.doc);
            hit.is_named = relevance_.is_named(fused.doc);
            hit.has_rare_word = relevance_.has_rare_word(fused.doc);
            const Status filled = fused.doc.kind == HitKind::kSeries
                                      ? fill_series(fused.doc.id, hit)
                                      : fill_faq(fused.doc.id, hit);
            if (filled) hits.push_back(std::move(hit));
            // The snapshot may be one version behind the rows for a moment: what is gone is left
            // out.
            if (!filled && filled.error().kind != ErrorKind::kNotFound) return fail(filled.error());
        }
        return hits;
    }

    [[nodiscard]] std::string day(std::string_view text) const {
        return resolve_day(text, filter_.today).value_or("");
    }

    Connection& connection_;
    const CatalogIndex::Snapshot& snapshot_;
    const SearchQuestion& question_;
    const ProductFilter& filter_;
    const SearchScope scope_;
    CatalogRelevance relevance_;
    const std::string trending_now_ = day(kTrendingNow);
    const std::string trending_lately_ = day(kTrendingLately);
};

}  // namespace

Result<std::vector<Hit>> search_catalog(Connection& connection, CatalogIndex& index,
                                        const SearchQuestion& question) {
    const auto current = index.current(connection);
    if (!current) return fail(current.error());
    const FacetIndex& facets = *current->snapshot->facets;
    SearchScope scope = question.filter.is_open() ? SearchScope(facets)
                                                  : SearchScope(facets, question.filter, true);
    return Search(connection, *current, question, std::move(scope)).search();
}

Result<std::vector<Hit>> find_in_catalog(Connection& connection, CatalogIndex& index,
                                         const SearchQuestion& question) {
    const auto current = index.current(connection);
    if (!current) return fail(current.error());
    SearchScope scope(*current->snapshot->facets, question.filter, false);
    return Search(connection, *current, question, std::move(scope)).find();
}

}  // namespace hayate::store
