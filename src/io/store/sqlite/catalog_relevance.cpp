#include "io/store/sqlite/catalog_relevance.hpp"

#include <algorithm>
#include <tuple>

#include "io/store/sqlite/search_table.hpp"

namespace hayate::store {
namespace {

// Of each list. Words are cheap to list; a graph's search widens with what is asked of it.
constexpr size_t kWordCandidates = 30;
constexpr size_t kRareCandidates = 10;
constexpr size_t kVectorCandidates = 20;
constexpr size_t kTopicCandidates = 20;
constexpr size_t kVectorCandidatesFiltered = 40;
// Of documents that have equally much in common with something, so many are told apart by meaning.
constexpr size_t kEqualsMax = 100;
// By NameIndex::Kind. Words and vectors together give a document 2 at most: a series that is named
// comes first, then those of a person who is named; an ordinary word that may be a title only
// helps.
constexpr std::array kNameWeights{4.0, 3.0, 1.0};
// Below words and vectors together: an FAQ entry that both agree on stays before a genre that
// happens to be named.
constexpr double kTopicWeight = 0.5;
// As much as all other words: "落語の漫画ありますか" resembles "is there an FAQ about ...?" in
// everything but the one word that tells what is asked for.
constexpr double kRareWeight = 1.0;
// Above words and vectors together: what a question compares with says more than its other words.
constexpr double kLikenessWeight = 3.0;

DocKey series_key(const std::string& id) { return {HitKind::kSeries, id}; }

}  // namespace

float CatalogRelevance::similarity(const DocKey& doc) const {
    return question_.vector.empty() ? 0 : snapshot_.vectors->similarity(doc, question_.vector);
}

bool CatalogRelevance::is_named(const DocKey& doc) const {
    return doc.kind == HitKind::kSeries &&
           std::ranges::any_of(named_, [&](const NameIndex::Found& name) {
               return name.kind != NameIndex::Kind::kCommonWord && name.doc == doc.id;
           });
}

bool CatalogRelevance::has_rare_word(const DocKey& doc) const {
    return std::ranges::find(with_rare_words_, doc) != with_rare_words_.end();
}

/// A list for each kind of name.
std::array<RankedList, CatalogRelevance::kNameKinds> CatalogRelevance::ranked_names() const {
    std::vector<NameIndex::Found> found = named_;
    // The longer name first: "Naruto Shippuden" says more than "OP".
    std::ranges::sort(found, [](const NameIndex::Found& a, const NameIndex::Found& b) {
        return a.length != b.length ? a.length > b.length : a.at < b.at;
    });
    std::array<RankedList, kNameKinds> lists;
    for (size_t i = 0; i < lists.size(); ++i) lists[i].weight = kNameWeights[i];
    for (const NameIndex::Found& name : found) {
        const DocKey doc = series_key(name.doc);
        if (scope_.passes(doc)) lists[static_cast<size_t>(name.kind)].docs.push_back(doc);
    }
    return lists;
}

RankedList CatalogRelevance::ranked_vectors() const {
    RankedList list;
    if (question_.vector.empty()) return list;
    const size_t passing = scope_.passing().size();
    const bool are_few = scope_.has_conditions() && passing <= kComparedMax;
    // Of the nearest of all some do not pass, so more are asked for. When few pass at all, those
    // are looked at one by one.
    const bool are_rare = scope_.has_conditions() && passing < snapshot_.facets->series_count() / 2;
    std::vector<Neighbour> near;
    if (!are_few) near = nearest(are_rare ? kVectorCandidatesFiltered : kVectorCandidates, true);
    if (are_few && scope_.takes_faq()) near = nearest(kVectorCandidates, false);
    if (are_few) {
        for (const PassingSeries& series : scope_.passing()) {
            const DocKey doc = series_key(snapshot_.facets->id_of(series.series));
            near.push_back({doc, similarity(doc)});
        }
        std::ranges::sort(near, [](const Neighbour& a, const Neighbour& b) {
            return a.similarity != b.similarity ? a.similarity > b.similarity : a.doc < b.doc;
        });
    }
    near.resize(std::min(near.size(), kVectorCandidates));
    for (Neighbour& neighbour : near) list.docs.push_back(std::move(neighbour.doc));
    return list;
}

std::vector<Neighbour> CatalogRelevance::nearest(size_t wide, bool takes_series) const {
    std::vector<Neighbour> near = snapshot_.vectors->nearest(question_.vector, wide);
    std::erase_if(near, [&](const Neighbour& neighbour) {
        const bool is_series = neighbour.doc.kind == HitKind::kSeries;
        return !scope_.passes(neighbour.doc) || (is_series && !takes_series);
    });
    return near;
}

/// Shortens what lies in no order to those of `near` and what sells best.
void CatalogRelevance::keep_likely(std::vector<FacetIndex::InCommon>& equals,
                                   const RankedList& near) const {
    const auto likely_first = [&](const FacetIndex::InCommon& match) {
        const std::string& id = snapshot_.facets->id_of(match.series);
        const bool is_near = std::ranges::count(near.docs, series_key(id)) > 0;
        return std::tuple(!is_near, -snapshot_.sales->sold_since(id, ""), match.series);
    };
    std::vector<std::pair<std::tuple<bool, int64_t, uint32_t>, FacetIndex::InCommon>> order;
    order.reserve(equals.size());
    for (const auto& match : equals) order.emplace_back(likely_first(match), match);
    std::ranges::sort(order, {}, [](const auto& entry) { return entry.first; });
    equals.clear();
    for (size_t i = 0; i < std::min(order.size(), kEqualsMax); ++i)
        equals.push_back(order[i].second);
}

/// The best of `matches`: those with most in common, the nearest to `vector` first among equals.
std::vector<DocKey> CatalogRelevance::best_of(std::vector<FacetIndex::InCommon> matches,
                                              std::span<const float> vector,
                                              const RankedList& near) const {
    std::erase_if(matches, [&](const auto& match) { return !scope_.passes(match.series); });
    std::ranges::sort(matches, std::greater<>(), &FacetIndex::InCommon::count);
    if (matches.size() > kTopicCandidates) {
        // Nothing but the equals at the end of the list has to be compared beyond its length.
        const int last = matches[kTopicCandidates - 1].count;
        const auto equals =
            std::ranges::equal_range(matches, last, std::greater<>(), &FacetIndex::InCommon::count);
        std::vector<FacetIndex::InCommon> kept(equals.begin(), equals.end());
        if (kept.size() > kEqualsMax) keep_likely(kept, near);
        matches.erase(equals.begin(), matches.end());
        matches.insert(matches.end(), kept.begin(), kept.end());
    }
    std::vector<std::tuple<int, float, uint32_t>> order;
    for (const auto& [series, count] : matches) {
        const float likeness =
            snapshot_.vectors->similarity(series_key(snapshot_.facets->id_of(series)), vector);
        order.emplace_back(-count, -likeness, series);
    }
    std::ranges::sort(order);
    order.resize(std::min(order.size(), kTopicCandidates));
    std::vector<DocKey> docs;
    for (const auto& [count, likeness, series] : order)
        docs.push_back(series_key(snapshot_.facets->id_of(series)));
    return docs;
}

RankedList CatalogRelevance::ranked_topics(const RankedList& near) const {
    std::vector<FacetIndex::InCommon> matches;
    for (const TopicIndex::Match& match : snapshot_.topics->find(question_.text))
        matches.push_back({match.series, match.topics});
    return {.weight = kTopicWeight, .docs = best_of(std::move(matches), question_.vector, near)};
}

Result<RankedList> CatalogRelevance::ranked_words() const {
    const auto is_wanted = [this](const DocKey& doc) { return scope_.passes(doc); };
    auto words = search_words(connection_, match_any(question_.text, *snapshot_.tokens), docs_,
                              is_wanted, kWordCandidates);
    if (!words) return fail(words.error());
    return RankedList{.docs = std::move(*words)};
}

Result<RankedList> CatalogRelevance::ranked_rare_words() const {
    const auto is_wanted = [this](const DocKey& doc) { return scope_.passes(doc); };
    auto words = search_words(connection_, match_rare(question_.text, *snapshot_.tokens), docs_,
                              is_wanted, kRareCandidates);
    if (!words) return fail(words.error());
    return RankedList{.weight = kRareWeight, .docs = std::move(*words)};
}

/// What has most in common with the series that the question compares with.
RankedList CatalogRelevance::ranked_likeness() const {
    RankedList list{.weight = kLikenessWeight};
    const std::vector<std::string>& ids = question_.filter.similar_to;
    if (ids.empty()) return list;
    std::vector<DocKey> models;
    for (const std::string& id : ids) models.push_back(series_key(id));
    auto common = snapshot_.facets->in_common(ids);
    std::erase_if(common, [&](const auto& match) {
        return std::ranges::count(ids, snapshot_.facets->id_of(match.series)) > 0;
    });
    list.docs = best_of(std::move(common), snapshot_.vectors->centre(models), {});
    return list;
}

Result<std::vector<Fused>> CatalogRelevance::rank(size_t count) {
    auto words = ranked_words();
    if (!words) return fail(words.error());
    auto rare = ranked_rare_words();
    if (!rare) return fail(rare.error());
    with_rare_words_ = rare->docs;
    auto [titles, people, hints] = ranked_names();
    RankedList near = ranked_vectors();
    RankedList topics = ranked_topics(near);
    const std::array lists{std::move(titles), std::move(people), std::move(hints),
                           std::move(topics), std::move(*words), std::move(*rare),
                           std::move(near),   ranked_likeness()};
    return fuse(lists, count);
}

}  // namespace hayate::store
