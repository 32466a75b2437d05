#include "io/store/sqlite/product_rows.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/lists.hpp"

namespace hayate::store {
namespace {

// `column` is in, or is not in, the JSON list bound to `parameter`; NULL: no condition.
#define HAYATE_IN(column, parameter) \
    "(" parameter " IS NULL OR " column " IN (SELECT value FROM json_each(" parameter ")))"
#define HAYATE_NOT_IN(column, parameter) \
    "(" parameter " IS NULL OR " column " NOT IN (SELECT value FROM json_each(" parameter ")))"
#define HAYATE_WITHIN(column, low, high) column " BETWEEN " low " AND " high

// One flag for each group: most filters use few of them, and each row would pay for every one.
#define HAYATE_SERIES_CONDITIONS \
    "(?33 = 0 OR (" HAYATE_IN("s.id", "?1") " AND " HAYATE_NOT_IN("s.id", "?2")                    \
    " AND (?4 IS NULL OR s.id NOT IN (SELECT series FROM products WHERE sku IN "                   \
    "(SELECT value FROM json_each(?4))))))"                                                        \
    " AND (?17 = 0 OR (" HAYATE_IN("s.demographic", "?18")                                         \
    " AND " HAYATE_NOT_IN("s.demographic", "?19") " AND " HAYATE_IN("s.status", "?20")             \
    " AND " HAYATE_NOT_IN("s.status", "?21")                                                       \
    " AND (?22 IS NULL OR s.volumes >= ?22) AND (?23 IS NULL OR s.volumes <= ?23)"                 \
    " AND (?24 IS NULL OR s.start_year >= ?24) AND (?25 IS NULL OR s.start_year <= ?25)"           \
    " AND (?26 IS NULL OR s.id IN (SELECT series FROM series_authors WHERE author IN "             \
    "(SELECT value FROM json_each(?26))))"                                                         \
    " AND (?27 IS NULL OR s.id NOT IN (SELECT series FROM series_authors WHERE author IN "         \
    "(SELECT value FROM json_each(?27))))"                                                         \
    " AND (?28 IS NULL OR s.id IN (SELECT series FROM series_genres WHERE genre IN "               \
    "(SELECT value FROM json_each(?28))))"                                                         \
    " AND (?29 IS NULL OR s.id NOT IN (SELECT series FROM series_genres WHERE genre IN "           \
    "(SELECT value FROM json_each(?29))))"                                                         \
    " AND (?30 IS NULL OR s.id IN (SELECT series FROM series_genres WHERE genre IN "               \
    "(SELECT value FROM json_each(?30)) GROUP BY series HAVING count(*) = ?31))))"

#define HAYATE_PRODUCT_CONDITIONS \
    "(?35 = 0 OR (" HAYATE_WITHIN("p.price_yen", "?13", "?14")                                     \
    " AND " HAYATE_WITHIN("p.release_date", "?15", "?16") " AND p.stock >= ?32))"                  \
    " AND (?9 = 0 OR " HAYATE_WITHIN("p.volume", "?10", "?11")                                     \
    " OR (?12 = 1 AND p.first_volume <= ?10 AND p.last_volume >= ?11))"                            \
    " AND (?34 = 0 OR (" HAYATE_IN("p.kind", "?5") " AND " HAYATE_NOT_IN("p.kind", "?6")           \
    " AND " HAYATE_IN("p.language", "?7") " AND " HAYATE_NOT_IN("p.language", "?8")                \
    " AND " HAYATE_NOT_IN("p.sku", "?3") "))"

// Series by series, so that what is said of a series is decided once, and its products are read
// only when it passes. CROSS JOIN keeps SQLite to that order.
#define HAYATE_FACT_OF_SERIES(fact)                                     \
    "SELECT s.id, " fact                                                \
    " FROM series AS s CROSS JOIN products AS p ON p.series = s.id "    \
    "WHERE " HAYATE_SERIES_CONDITIONS " AND " HAYATE_PRODUCT_CONDITIONS \
    " GROUP BY s.id ORDER BY s.id"

constexpr int64_t kNoLow = std::numeric_limits<int64_t>::min();
constexpr int64_t kNoHigh = std::numeric_limits<int64_t>::max();
// Any day lies between them.
constexpr std::string_view kFirstDay = "0000-00-00";
constexpr std::string_view kLastDay = "9999-99-99";
constexpr int kFreeParameter = 36;  // the first one that a statement may use for itself

std::optional<std::string> list(const std::vector<std::string>& values) {
    return values.empty() ? std::nullopt : std::optional(to_json(values));
}

std::vector<std::string> distinct(std::vector<std::string> values) {
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
    return values;
}

}  // namespace

BoundFilter::BoundFilter(const ProductFilter& filter)
    : series_any_(list(filter.series.any)),
      series_none_(list(filter.series.none)),
      skus_none_(list(filter.excluded_skus)),
      series_of_skus_none_(filter.excludes_series_of_skus ? skus_none_ : std::nullopt),
      kinds_any_(list(filter.kinds.any)),
      kinds_none_(list(filter.kinds.none)),
      languages_any_(list(filter.languages.any)),
      languages_none_(list(filter.languages.none)),
      authors_any_(list(filter.authors.any)),
      authors_none_(list(filter.authors.none)),
      genres_any_(list(filter.genres.any)),
      genres_none_(list(filter.genres.none)),
      demographics_any_(list(filter.demographics.any)),
      demographics_none_(list(filter.demographics.none)),
      statuses_any_(list(filter.statuses.any)),
      statuses_none_(list(filter.statuses.none)),
      filter_(filter) {
    filter_.genres_all = distinct(std::move(filter_.genres_all));
    genres_all_ = list(filter_.genres_all);
}

void BoundFilter::bind(Rows& rows) const {
    rows.bind(1, series_any_);
    rows.bind(2, series_none_);
    rows.bind(3, skus_none_);
    rows.bind(4, series_of_skus_none_);
    rows.bind(5, kinds_any_);
    rows.bind(6, kinds_none_);
    rows.bind(7, languages_any_);
    rows.bind(8, languages_none_);
    rows.bind(9, filter_.volume_low || filter_.volume_high ? 1 : 0);
    rows.bind(10, filter_.volume_low ? int64_t{*filter_.volume_low} : kNoLow);
    rows.bind(11, filter_.volume_high ? int64_t{*filter_.volume_high} : kNoHigh);
    rows.bind(12, filter_.takes_sets ? 1 : 0);
    rows.bind(13, filter_.price_low.value_or(kNoLow));
    rows.bind(14, filter_.price_high.value_or(kNoHigh));
    rows.bind(15,
              filter_.release_from.empty() ? kFirstDay : std::string_view(filter_.release_from));
    rows.bind(16, filter_.release_to.empty() ? kLastDay : std::string_view(filter_.release_to));
    rows.bind(17, filter_.has_series_conditions() ? 1 : 0);
    rows.bind(18, demographics_any_);
    rows.bind(19, demographics_none_);
    rows.bind(20, statuses_any_);
    rows.bind(21, statuses_none_);
    rows.bind(22, filter_.series_volumes_min);
    rows.bind(23, filter_.series_volumes_max);
    rows.bind(24, filter_.start_year_from);
    rows.bind(25, filter_.start_year_to);
    rows.bind(26, authors_any_);
    rows.bind(27, authors_none_);
    rows.bind(28, genres_any_);
    rows.bind(29, genres_none_);
    rows.bind(30, genres_all_);
    rows.bind(31, static_cast<int64_t>(filter_.genres_all.size()));
    rows.bind(32, filter_.is_in_stock ? int64_t{1} : kNoLow);
    rows.bind(33, !filter_.series.is_empty() || series_of_skus_none_ ? 1 : 0);
    const bool has_choices =
        !filter_.kinds.is_empty() || !filter_.languages.is_empty() || skus_none_;
    rows.bind(34, has_choices ? 1 : 0);
    const bool has_facts = filter_.price_low || filter_.price_high || filter_.is_in_stock ||
                           !filter_.release_from.empty() || !filter_.release_to.empty();
    rows.bind(35, has_facts ? 1 : 0);
}

Result<std::vector<MatchingSeries>> matching_series(Connection& connection,
                                                    const BoundFilter& filter, Fact fact) {
    constexpr Sql kAlone = "SELECT s.id FROM series AS s WHERE " HAYATE_SERIES_CONDITIONS
                           " AND EXISTS (SELECT 1 FROM products AS p WHERE p.series = s.id "
                           "AND " HAYATE_PRODUCT_CONDITIONS ") ORDER BY s.id";
    constexpr Sql kPriceLow = HAYATE_FACT_OF_SERIES("min(p.price_yen)");
    constexpr Sql kPriceHigh = HAYATE_FACT_OF_SERIES("max(p.price_yen)");
    constexpr Sql kReleaseFirst = HAYATE_FACT_OF_SERIES("min(p.release_date)");
    constexpr Sql kReleaseLast = HAYATE_FACT_OF_SERIES("max(p.release_date)");
    constexpr std::array kStatements{kAlone, kPriceLow, kPriceHigh, kReleaseFirst, kReleaseLast};
    Rows rows = connection.query(kStatements.at(static_cast<size_t>(fact)));
    filter.bind(rows);
    std::vector<MatchingSeries> matching;
    while (rows.next()) {
        MatchingSeries& series = matching.emplace_back(MatchingSeries{.id = rows.text(0)});
        if (fact == Fact::kPriceLow || fact == Fact::kPriceHigh) series.price = rows.integer(1);
        if (fact == Fact::kReleaseFirst || fact == Fact::kReleaseLast)
            series.release = rows.text(1);
    }
    if (!rows.status()) return fail(rows.error());
    return matching;
}

Result<std::vector<Product>> matching_products(Connection& connection, const BoundFilter& filter,
                                               std::string_view series) {
    Rows rows = connection.query(
        "SELECT p.* FROM products AS p WHERE p.series = ?36 AND " HAYATE_PRODUCT_CONDITIONS);
    filter.bind(rows);
    rows.bind(kFreeParameter, series);
    return collect_products(std::move(rows));
}

Result<std::vector<std::pair<std::string, int64_t>>> series_in_common(
    Connection& connection, const std::vector<std::string>& series) {
    std::vector<std::pair<std::string, int64_t>> common;
    Rows rows = connection.query(
        "SELECT g.series, count(*) + max(s.demographic IN (SELECT demographic FROM series WHERE id "
        "IN (SELECT value FROM json_each(?1)))) FROM series_genres AS g JOIN series AS s INDEXED "
        "BY series_by_facets ON s.id = "
        "g.series WHERE g.genre IN (SELECT genre FROM series_genres WHERE series IN (SELECT value "
        "FROM json_each(?1))) GROUP BY g.series",
        to_json(series));
    while (rows.next()) common.emplace_back(rows.text(0), rows.integer(1));
    if (!rows.status()) return fail(rows.error());
    return common;
}

#undef HAYATE_FACT_OF_SERIES
#undef HAYATE_PRODUCT_CONDITIONS
#undef HAYATE_SERIES_CONDITIONS
#undef HAYATE_WITHIN
#undef HAYATE_NOT_IN
#undef HAYATE_IN

}  // namespace hayate::store
