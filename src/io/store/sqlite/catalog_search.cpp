#include "io/store/sqlite/catalog_search.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <tuple>

#include "io/store/import/day.hpp"
#include "io/store/search/fusion.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/product_rows.hpp"
#include "io/store/sqlite/search_table.hpp"

namespace hayate::store {
namespace {

// Of each list. Words are cheap to list; a graph's search widens with what is asked of it.
constexpr int kWordCandidates = 30;
constexpr size_t kVectorCandidates = 20;
constexpr size_t kTopicCandidates = 20;
// A filter leaves some of the words' rows out; so many are looked at to fill their list.
constexpr int kWordCandidatesFiltered = 300;
// So many series are compared with the question one by one; of more, some are among the nearest.
constexpr size_t kComparedMax = 200;
constexpr size_t kVectorCandidatesFiltered = 40;
// By NameIndex::Kind. Words and vectors together give a document 2 at most: a series that is named
// comes first, then those of a person who is named; an ordinary word that may be a title only
// helps.
constexpr std::array kNameWeights{4.0, 3.0, 1.0};
// Below words and vectors together: an FAQ entry that both agree on stays before a genre that
// happens to be named.
constexpr double kTopicWeight = 0.5;
// Above words and vectors together: what a question compares with says more than its other words.
constexpr double kLikenessWeight = 3.0;

constexpr std::string_view kTrendingNow = "today-30";
constexpr std::string_view kTrendingLately = "today-90";

DocKey series_key(const std::string& id) { return {HitKind::kSeries, id}; }

class Search {
  public:
    Search(Connection& connection, const CatalogIndex::Snapshot& snapshot,
           const SearchQuestion& question)
        : connection_(connection),
          snapshot_(snapshot),
          question_(question),
          filter_(question.filter),
          bound_(question.filter),
          named_(snapshot.names->find(question.text)) {}

    Result<std::vector<Hit>> search() {
        if (!filter_.is_open()) {
            if (Status matched = match(Fact::kNone); !matched) return fail(matched.error());
        }
        const auto ranked = rank(question_.count);
        if (!ranked) return fail(ranked.error());
        return fill(*ranked);
    }

    Result<std::vector<Hit>> find() {
        takes_faq_ = false;
        if (Status matched = match(fact_for(filter_.sort)); !matched) return fail(matched.error());
        const bool is_by_relevance =
            filter_.sort == ProductSort::kRelevance || filter_.sort == ProductSort::kVolume;
        auto ranked = is_by_relevance ? rank_by_relevance() : rank_by_facts();
        if (!ranked) return fail(ranked.error());
        ranked->resize(std::min(ranked->size(), question_.count));
        return fill(*ranked);
    }

  private:
    // ---- what passes ----------------------------------------------------------------------------

    Status match(Fact fact) {
        auto matching = matching_series(connection_, bound_, fact);
        if (!matching) return fail(matching.error());
        matching_ = std::move(*matching);
        return {};
    }
    [[nodiscard]] bool passes(const DocKey& doc) const {
        if (doc.kind == HitKind::kFaq) return takes_faq_;
        return !matching_ ||
               std::ranges::binary_search(*matching_, doc.id, {}, &MatchingSeries::id);
    }
    void keep_passing(std::vector<DocKey>& docs, size_t count) const {
        std::erase_if(docs, [&](const DocKey& doc) { return !passes(doc); });
        docs.resize(std::min(docs.size(), count));
    }

    // ---- relevance ------------------------------------------------------------------------------

    /// A list for each kind of name.
    [[nodiscard]] std::array<RankedList, kNameWeights.size()> ranked_names() const {
        std::vector<NameIndex::Found> found = named_;
        // The longer name first: "Naruto Shippuden" says more than "OP".
        std::ranges::sort(found, [](const NameIndex::Found& a, const NameIndex::Found& b) {
            return a.length != b.length ? a.length > b.length : a.at < b.at;
        });
        std::array<RankedList, kNameWeights.size()> lists;
        for (size_t i = 0; i < lists.size(); ++i) lists[i].weight = kNameWeights[i];
        for (const NameIndex::Found& name : found) {
            const DocKey doc = series_key(name.doc);
            if (passes(doc)) lists[static_cast<size_t>(name.kind)].docs.push_back(doc);
        }
        return lists;
    }

    [[nodiscard]] RankedList ranked_vectors() const {
        RankedList list;
        if (question_.vector.empty()) return list;
        const bool are_few = matching_ && matching_->size() <= kComparedMax;
        // The nearest of all may not pass; when few do, these are looked at one by one.
        std::vector<Neighbour> near;
        if (!are_few || takes_faq_) near = nearest_passing(kVectorCandidates, !are_few);
        if (!are_few && near.size() < question_.count)
            near = nearest_passing(kVectorCandidatesFiltered, true);
        if (are_few) {
            for (const MatchingSeries& series : *matching_)
                near.push_back({series_key(series.id), similarity(series.id)});
            std::ranges::sort(near, [](const Neighbour& a, const Neighbour& b) {
                return a.similarity != b.similarity ? a.similarity > b.similarity : a.doc < b.doc;
            });
        }
        for (Neighbour& neighbour : near) list.docs.push_back(std::move(neighbour.doc));
        list.docs.resize(std::min(list.docs.size(), kVectorCandidates));
        return list;
    }
    [[nodiscard]] std::vector<Neighbour> nearest_passing(size_t wide, bool takes_series) const {
        std::vector<Neighbour> near = snapshot_.vectors->nearest(question_.vector, wide);
        std::erase_if(near, [&](const Neighbour& neighbour) {
            return !passes(neighbour.doc) ||
                   (neighbour.doc.kind == HitKind::kSeries && !takes_series);
        });
        return near;
    }
    /// To the question; 0 without a vector.
    [[nodiscard]] float similarity(const std::string& series) const {
        if (question_.vector.empty()) return 0;
        return snapshot_.vectors->similarity(series_key(series), question_.vector);
    }

    /// Those with most of the topics named, the nearest in meaning first.
    [[nodiscard]] RankedList ranked_topics() const {
        std::vector<std::tuple<size_t, float, std::string>> matches;
        for (TopicIndex::Match& match : snapshot_.topics->find(question_.text)) {
            const DocKey doc = series_key(match.series);
            if (!passes(doc)) continue;
            matches.emplace_back(match.topics, snapshot_.vectors->similarity(doc, question_.vector),
                                 std::move(match.series));
        }
        std::ranges::sort(matches, std::greater<>());
        RankedList list{.weight = kTopicWeight};
        for (size_t i = 0; i < std::min(matches.size(), kTopicCandidates); ++i)
            list.docs.push_back(series_key(std::get<2>(matches[i])));
        return list;
    }

    Result<RankedList> ranked_words() {
        const int wide = matching_ ? kWordCandidatesFiltered : kWordCandidates;
        auto words = search_words(connection_, question_.text, *snapshot_.tokens, wide);
        if (!words) return fail(words.error());
        keep_passing(*words, kWordCandidates);
        return RankedList{.docs = std::move(*words)};
    }

    /// What has most in common with the series that the question compares with.
    Result<RankedList> ranked_likeness() {
        RankedList list{.weight = kLikenessWeight};
        if (filter_.similar_to.empty()) return list;
        auto common = series_in_common(connection_, filter_.similar_to);
        if (!common) return fail(common.error());
        std::ranges::sort(*common, std::greater<>(), &std::pair<std::string, int64_t>::second);
        std::vector<DocKey> models;
        for (const std::string& id : filter_.similar_to) models.push_back(series_key(id));
        const std::vector<float> centre = snapshot_.vectors->centre(models);
        std::vector<std::tuple<int64_t, float, std::string>> matches;
        for (const auto& [id, count] : *common) {
            const DocKey doc = series_key(id);
            const bool is_model = std::ranges::count(models, doc) > 0;
            if (matches.size() < kComparedMax && !is_model && passes(doc))
                matches.emplace_back(count, snapshot_.vectors->similarity(doc, centre), id);
        }
        std::ranges::sort(matches, std::greater<>());
        for (size_t i = 0; i < std::min(matches.size(), kTopicCandidates); ++i)
            list.docs.push_back(series_key(std::get<2>(matches[i])));
        return list;
    }

    Result<std::vector<Fused>> rank(size_t count) {
        auto words = ranked_words();
        if (!words) return fail(words.error());
        auto likeness = ranked_likeness();
        if (!likeness) return fail(likeness.error());
        auto [titles, people, hints] = ranked_names();
        const std::array lists{std::move(titles),   std::move(people), std::move(hints),
                               ranked_topics(),     std::move(*words), ranked_vectors(),
                               std::move(*likeness)};
        return fuse(lists, count);
    }

    // ---- facts ----------------------------------------------------------------------------------

    [[nodiscard]] std::string day(std::string_view text) const {
        return resolve_day(text, filter_.today).value_or("");
    }
    /// Copies ordered lately; without a known day, ever.
    [[nodiscard]] int64_t sold(const std::string& series, std::string_view since) const {
        return snapshot_.sales->sold_since(series, since);
    }

    [[nodiscard]] static Fact fact_for(ProductSort sort) {
        switch (sort) {
            case ProductSort::kCheapest:
                return Fact::kPriceLow;
            case ProductSort::kDearest:
                return Fact::kPriceHigh;
            case ProductSort::kSoonest:
                return Fact::kReleaseFirst;
            case ProductSort::kNewest:
            case ProductSort::kTrending:
                return Fact::kReleaseLast;
            default:
                return Fact::kNone;
        }
    }

    /// Smaller comes first; the releases are compared as texts, the later or the earlier first.
    struct Place {
        int64_t first = 0;
        int64_t second = 0;
        std::string_view later_first;
        std::string_view earlier_first;
        float similarity = 0;
        const std::string* id = nullptr;

        /// Without likeness, and what it decides.
        [[nodiscard]] static bool is_before(const Place& a, const Place& b) {
            return std::tie(a.first, a.second, b.later_first, a.earlier_first) <
                   std::tie(b.first, b.second, a.later_first, b.earlier_first);
        }
        friend bool operator<(const Place& a, const Place& b) {
            if (is_before(a, b) || is_before(b, a)) return is_before(a, b);
            return std::tie(b.similarity, *a.id) < std::tie(a.similarity, *b.id);
        }
    };
    [[nodiscard]] Place place_of(const MatchingSeries& series, ProductSort sort) const {
        Place place{.id = &series.id};
        switch (sort) {
            case ProductSort::kCheapest:
                place.first = series.price;
                break;
            case ProductSort::kDearest:
                place.first = -series.price;
                break;
            case ProductSort::kSoonest:
                place.earlier_first = series.release;
                break;
            case ProductSort::kTrending:
                place.first = -sold(series.id, trending_now_);
                place.second = -sold(series.id, trending_lately_);
                place.later_first = series.release;
                break;
            default:
                place.later_first = series.release;
        }
        return place;
    }
    [[nodiscard]] std::vector<Fused> ranked_by(ProductSort sort, size_t count) const {
        std::vector<Place> places;
        places.reserve(matching_->size());
        for (const MatchingSeries& series : *matching_) places.push_back(place_of(series, sort));
        std::ranges::sort(places, std::less<>());
        // Likeness decides only between equals at the front: comparing everything takes too long.
        size_t compared = std::min(places.size(), count);
        while (compared > 0 && compared < std::min(places.size(), kComparedMax) &&
               !Place::is_before(places[compared - 1], places[compared])) {
            ++compared;
        }
        const auto front = std::ranges::subrange(
            places.begin(), places.begin() + static_cast<std::ptrdiff_t>(compared));
        for (Place& place : front) place.similarity = similarity(*place.id);
        std::ranges::sort(front, std::less<>());
        std::vector<Fused> ranked;
        for (size_t i = 0; i < front.size(); ++i) {
            ranked.push_back(
                {series_key(*places[i].id), 1 / (kFusionK + static_cast<double>(i + 1))});
        }
        return ranked;
    }
    Result<std::vector<Fused>> rank_by_facts() { return ranked_by(filter_.sort, question_.count); }

    /// What no list holds passes all the same, and follows: what sells first.
    Result<std::vector<Fused>> rank_by_relevance() {
        auto ranked = rank(matching_->size());
        if (!ranked || ranked->size() >= question_.count) return ranked;
        for (Fused& rest : ranked_by(ProductSort::kTrending, question_.count + ranked->size())) {
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
                std::ranges::sort(products, [](const Product& a, const Product& b) {
                    return std::tie(b.release_date, a.sku) < std::tie(a.release_date, b.sku);
                });
                break;
            case ProductSort::kSoonest:
                by([](const Product& p) { return p.release_date; });
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

    Status fill_series(const std::string& id, Hit& hit) {
        auto series = find_series(connection_, id);
        if (!series) return fail(series.error());
        if (!*series) return fail(ErrorKind::kNotFound, "store", "series " + id);
        hit.series = std::move(**series);
        auto products =
            matching_ ? matching_products(connection_, bound_, id) : products_of(connection_, id);
        if (!products) return fail(products.error());
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

    /// By a name that cannot be an ordinary word.
    [[nodiscard]] bool is_named(const DocKey& doc) const {
        return doc.kind == HitKind::kSeries &&
               std::ranges::any_of(named_, [&](const NameIndex::Found& name) {
                   return name.kind != NameIndex::Kind::kCommonWord && name.doc == doc.id;
               });
    }

    Result<std::vector<Hit>> fill(const std::vector<Fused>& ranked) {
        std::vector<Hit> hits;
        for (const Fused& fused : ranked) {
            Hit hit{.kind = fused.doc.kind, .score = fused.score};
            if (!question_.vector.empty())
                hit.similarity = snapshot_.vectors->similarity(fused.doc, question_.vector);
            hit.is_named = is_named(fused.doc);
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

    Connection& connection_;
    const CatalogIndex::Snapshot& snapshot_;
    const SearchQuestion& question_;
    const ProductFilter& filter_;
    const BoundFilter bound_;
    const std::vector<NameIndex::Found> named_;
    const std::string trending_now_ = day(kTrendingNow);
    const std::string trending_lately_ = day(kTrendingLately);
    bool takes_faq_ = true;
    std::optional<std::vector<MatchingSeries>> matching_;  // by id; absent: all
};

}  // namespace

Result<std::vector<Hit>> search_catalog(Connection& connection, CatalogIndex& index,
                                        const SearchQuestion& question) {
    const auto snapshot = index.current(connection);
    if (!snapshot) return fail(snapshot.error());
    return Search(connection, **snapshot, question).search();
}

Result<std::vector<Hit>> find_in_catalog(Connection& connection, CatalogIndex& index,
                                         const SearchQuestion& question) {
    const auto snapshot = index.current(connection);
    if (!snapshot) return fail(snapshot.error());
    return Search(connection, **snapshot, question).find();
}

}  // namespace hayate::store
