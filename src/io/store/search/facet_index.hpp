#pragma once
// FacetIndex: what series and products are told apart by (price, release, volume, genres, authors
// ...), as numbers in memory: ten thousand products are looked through in a tenth of a millisecond.
// FacetFilter decides what passes. Immutable, thread-safe.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/store/types.hpp"

namespace hayate::store {

/// A text as a number, equal for equal texts.
using Term = uint32_t;
/// Of every text that an index does not know.
inline constexpr Term kUnknownTerm = std::numeric_limits<Term>::max();

struct SeriesFacets {
    Term id = kUnknownTerm;
    Term demographic = kUnknownTerm;
    Term status = kUnknownTerm;
    std::optional<int> volumes;
    int start_year = 0;
    std::vector<Term> genres;
    std::vector<Term> authors;
};

struct ProductFacets {
    Term sku = kUnknownTerm;
    Term kind = kUnknownTerm;
    Term language = kUnknownTerm;
    std::optional<int> volume;
    std::optional<std::pair<int, int>> volumes;
    int64_t price_yen = 0;
    int64_t stock = 0;
    int release = 0;  // day_number
};

/// "2026-11-24" as 20261124; 0 for what is no day.
[[nodiscard]] int day_number(std::string_view day);

class FacetIndex {
  public:
    /// `all` by id; no two of one id. Products of a series that is not there are left out.
    FacetIndex(const std::vector<Series>& all, const std::vector<Product>& products);

    /// Series are numbered in the order of their ids, from 0.
    [[nodiscard]] uint32_t series_count() const { return static_cast<uint32_t>(ids_.size()); }
    [[nodiscard]] const std::string& id_of(uint32_t series) const { return ids_[series]; }
    [[nodiscard]] std::optional<uint32_t> number_of(const std::string& id) const;

    [[nodiscard]] const SeriesFacets& series(uint32_t number) const { return series_[number]; }
    [[nodiscard]] std::span<const ProductFacets> products_of(uint32_t series) const {
        return std::span(products_).subspan(first_product_[series],
                                            first_product_[series + 1] - first_product_[series]);
    }

    /// Rows as this index knows them.
    [[nodiscard]] SeriesFacets facets_of(const Series& series) const;
    [[nodiscard]] ProductFacets facets_of(const Product& product) const;
    [[nodiscard]] Term term_of(const std::string& text) const;

    struct InCommon {
        uint32_t series = 0;
        int count = 0;  // genres, and one for the audience
    };
    /// The series that share a genre with those named, these among them.
    [[nodiscard]] std::vector<InCommon> in_common(const std::vector<std::string>& ids) const;

  private:
    void learn(const std::string& text);

    std::unordered_map<std::string, Term> terms_;  // a series' id first: its number is its term
    std::vector<std::string> ids_;
    std::vector<SeriesFacets> series_;
    std::vector<ProductFacets> products_;  // by series
    std::vector<uint32_t> first_product_;  // of each series, and the end
};

}  // namespace hayate::store
