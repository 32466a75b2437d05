#include "io/store/search/facet_index.hpp"

#include <algorithm>

namespace hayate::store {

int day_number(std::string_view day) {
    if (day.size() != std::string_view("2026-11-24").size() || day[4] != '-' || day[7] != '-')
        return 0;
    int number = 0;
    for (const size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
        if (day[i] < '0' || day[i] > '9') return 0;
        number = number * 10 + (day[i] - '0');
    }
    return number;
}

FacetIndex::FacetIndex(const std::vector<Series>& all, const std::vector<Product>& products) {
    ids_.reserve(all.size());
    for (const Series& series : all) {
        ids_.push_back(series.id);
        learn(series.id);
    }
    for (const Series& series : all) {
        learn(series.demographic);
        learn(series.status);
        for (const std::string& genre : series.genres) learn(genre);
        for (const LocalText& author : series.authors) learn(author.in("en"));
        series_.push_back(facets_of(series));
    }
    std::vector<std::pair<uint32_t, const Product*>> placed;
    placed.reserve(products.size());
    for (const Product& product : products) {
        if (const auto number = number_of(product.series)) placed.emplace_back(*number, &product);
    }
    std::ranges::sort(placed, {}, [](const auto& place) {
        return std::pair<uint32_t, std::string_view>(place.first, place.second->sku);
    });
    products_.reserve(placed.size());
    for (const auto& [number, product] : placed) {
        first_product_.resize(number + 1, static_cast<uint32_t>(products_.size()));
        for (const std::string* text : {&product->sku, &product->kind, &product->language})
            learn(*text);
        products_.push_back(facets_of(*product));
    }
    first_product_.resize(ids_.size() + 1, static_cast<uint32_t>(products_.size()));
}

void FacetIndex::learn(const std::string& text) {
    terms_.try_emplace(text, static_cast<Term>(terms_.size()));
}

std::optional<uint32_t> FacetIndex::number_of(const std::string& id) const {
    const Term term = term_of(id);
    return term < ids_.size() ? std::optional(term) : std::nullopt;
}

Term FacetIndex::term_of(const std::string& text) const {
    const auto found = terms_.find(text);
    return found == terms_.end() ? kUnknownTerm : found->second;
}

SeriesFacets FacetIndex::facets_of(const Series& series) const {
    SeriesFacets facets{.id = term_of(series.id),
                        .demographic = term_of(series.demographic),
                        .status = term_of(series.status),
                        .volumes = series.volumes,
                        .start_year = series.start_year};
    for (const std::string& genre : series.genres) facets.genres.push_back(term_of(genre));
    // A genre that is given twice is one.
    std::ranges::sort(facets.genres);
    facets.genres.erase(std::ranges::unique(facets.genres).begin(), facets.genres.end());
    for (const LocalText& author : series.authors)
        facets.authors.push_back(term_of(author.in("en")));
    return facets;
}

ProductFacets FacetIndex::facets_of(const Product& product) const {
    return {.sku = term_of(product.sku),
            .kind = term_of(product.kind),
            .language = term_of(product.language),
            .volume = product.volume,
            .volumes = product.volumes,
            .price_yen = product.price_yen,
            .stock = product.stock,
            .release = day_number(product.release_date)};
}

std::vector<FacetIndex::InCommon> FacetIndex::in_common(const std::vector<std::string>& ids) const {
    std::vector<bool> is_genre(terms_.size());
    std::vector<bool> is_audience(terms_.size());
    for (const std::string& id : ids) {
        const auto number = number_of(id);
        if (!number) continue;
        for (const Term genre : series_[*number].genres) is_genre[genre] = true;
        is_audience[series_[*number].demographic] = true;
    }
    std::vector<InCommon> common;
    for (uint32_t number = 0; number < series_.size(); ++number) {
        const SeriesFacets& series = series_[number];
        const auto genres = static_cast<int>(
            std::ranges::count_if(series.genres, [&](Term genre) { return is_genre[genre]; }));
        const int audience = is_audience[series.demographic] ? 1 : 0;
        if (genres > 0) common.push_back({number, genres + audience});
    }
    return common;
}

}  // namespace hayate::store
