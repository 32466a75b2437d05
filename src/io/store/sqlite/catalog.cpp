#include "io/store/sqlite/catalog.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "io/store/search/fusion.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/search_table.hpp"

namespace hayate::store {
namespace {

// Of each list. Words are cheap to list; a graph's search widens with what is asked of it.
constexpr int kWordCandidates = 30;
constexpr size_t kVectorCandidates = 20;
constexpr size_t kTopicCandidates = 20;
// By NameIndex::Kind. Words and vectors together give a document 2 at most: a series that is named
// comes first, then those of a person who is named; an ordinary word that may be a title only
// helps.
constexpr std::array kNameWeights{4.0, 3.0, 1.0};
// Below words and vectors together: an FAQ entry that both agree on stays before a genre that
// happens to be named.
constexpr double kTopicWeight = 0.5;

struct Question {
    std::string text;
    std::vector<float> vector;
    size_t count = 0;
};

/// A list for each kind of name.
std::array<RankedList, kNameWeights.size()> ranked_names(std::vector<NameIndex::Found> found) {
    // The longer name first: "Naruto Shippuden" says more than "OP".
    std::ranges::sort(found, [](const NameIndex::Found& a, const NameIndex::Found& b) {
        return a.length != b.length ? a.length > b.length : a.at < b.at;
    });
    std::array<RankedList, kNameWeights.size()> lists;
    for (size_t i = 0; i < lists.size(); ++i) lists[i].weight = kNameWeights[i];
    for (const NameIndex::Found& name : found) {
        lists[static_cast<size_t>(name.kind)].docs.push_back({HitKind::kSeries, name.doc});
    }
    return lists;
}

RankedList ranked_vectors(const VectorIndex& vectors, const std::vector<float>& question) {
    RankedList list;
    if (question.empty()) return list;
    for (Neighbour& neighbour : vectors.nearest(question, kVectorCandidates)) {
        list.docs.push_back(std::move(neighbour.doc));
    }
    return list;
}

/// Those with most of the topics named, the nearest in meaning first.
RankedList ranked_topics(const CatalogIndex::Snapshot& snapshot, const Question& question) {
    std::vector<std::tuple<size_t, float, std::string>> matches;
    for (TopicIndex::Match& match : snapshot.topics->find(question.text)) {
        const float similarity =
            snapshot.vectors->similarity({HitKind::kSeries, match.series}, question.vector);
        matches.emplace_back(match.topics, similarity, std::move(match.series));
    }
    std::ranges::sort(matches, std::greater<>());
    RankedList list{.weight = kTopicWeight};
    for (size_t i = 0; i < std::min(matches.size(), kTopicCandidates); ++i) {
        list.docs.push_back({HitKind::kSeries, std::move(std::get<2>(matches[i]))});
    }
    return list;
}

Result<std::vector<Fused>> rank(Connection& connection, const CatalogIndex::Snapshot& snapshot,
                                const Question& question,
                                const std::vector<NameIndex::Found>& named) {
    auto words = search_words(connection, question.text, *snapshot.tokens, kWordCandidates);
    if (!words) return fail(words.error());
    auto [titles, people, hints] = ranked_names(named);
    const std::array lists{std::move(titles),
                           std::move(people),
                           std::move(hints),
                           ranked_topics(snapshot, question),
                           RankedList{.docs = std::move(*words)},
                           ranked_vectors(*snapshot.vectors, question.vector)};
    return fuse(lists, question.count);
}

Status fill_series(Connection& connection, const CatalogIndex::Snapshot& snapshot,
                   const Question& question, const std::string& id, Hit& hit) {
    auto series = find_series(connection, id);
    if (!series) return fail(series.error());
    if (!*series) return fail(ErrorKind::kNotFound, "store", "series " + id);
    hit.series = std::move(**series);
    auto products = products_of(connection, id);
    if (!products) return fail(products.error());
    hit.products = best_products(std::move(*products), question.text, *snapshot.vocabulary);
    return {};
}

Status fill_faq(Connection& connection, const std::string& id, Hit& hit) {
    auto faq = find_faq(connection, id);
    if (!faq) return fail(faq.error());
    if (!*faq) return fail(ErrorKind::kNotFound, "store", "faq " + id);
    hit.faq = std::move(**faq);
    return {};
}

/// By a name that cannot be an ordinary word.
bool is_named(const std::vector<NameIndex::Found>& named, const DocKey& doc) {
    return doc.kind == HitKind::kSeries &&
           std::ranges::any_of(named, [&](const NameIndex::Found& name) {
               return name.kind != NameIndex::Kind::kCommonWord && name.doc == doc.id;
           });
}

Result<std::vector<Hit>> search_catalog(Connection& connection, CatalogIndex& index,
                                        const Question& question) {
    const auto snapshot = index.current(connection);
    if (!snapshot) return fail(snapshot.error());
    const std::vector<NameIndex::Found> named = (*snapshot)->names->find(question.text);
    const auto ranked = rank(connection, **snapshot, question, named);
    if (!ranked) return fail(ranked.error());
    std::vector<Hit> hits;
    for (const Fused& fused : *ranked) {
        Hit hit{.kind = fused.doc.kind, .score = fused.score};
        if (!question.vector.empty())
            hit.similarity = (*snapshot)->vectors->similarity(fused.doc, question.vector);
        hit.is_named = is_named(named, fused.doc);
        const Status filled = fused.doc.kind == HitKind::kSeries
                                  ? fill_series(connection, **snapshot, question, fused.doc.id, hit)
                                  : fill_faq(connection, fused.doc.id, hit);
        if (filled) hits.push_back(std::move(hit));
        // The snapshot may be one version behind the rows for a moment: what is gone is left out.
        if (!filled && filled.error().kind != ErrorKind::kNotFound) return fail(filled.error());
    }
    return hits;
}

Result<std::vector<SeriesNames>> names_of_all(Connection& connection) {
    auto all = all_series(connection);
    if (!all) return fail(all.error());
    std::vector<SeriesNames> names;
    for (Series& series : *all) {
        SeriesNames& entry = names.emplace_back();
        entry.id = series.id;
        for (std::string* name : {&series.title.en, &series.title.ja, &series.romaji}) {
            if (!name->empty()) entry.names.push_back(std::move(*name));
        }
        std::ranges::move(series.aliases, std::back_inserter(entry.names));
    }
    return names;
}

}  // namespace

SqliteCatalogStore::SqliteCatalogStore(std::shared_ptr<Database> database, std::string model_id)
    : database_(std::move(database)), index_(std::make_shared<CatalogIndex>(std::move(model_id))) {}

Task<Result<std::vector<Hit>>> SqliteCatalogStore::search(std::string question,
                                                          std::vector<float> vector, int count,
                                                          Wait wait) {
    const Question asked{std::move(question), std::move(vector),
                         static_cast<size_t>(std::max(count, 0))};
    co_return co_await database_->read(
        [asked, index = index_](Connection& connection) {
            return search_catalog(connection, *index, asked);
        },
        wait);
}

Task<Result<std::optional<Product>>> SqliteCatalogStore::product(std::string sku, Wait wait) {
    co_return co_await database_->read(
        [sku = std::move(sku)](Connection& connection) { return find_product(connection, sku); },
        wait);
}

Task<Result<std::optional<Series>>> SqliteCatalogStore::series(std::string id, Wait wait) {
    co_return co_await database_->read(
        [id = std::move(id)](Connection& connection) { return find_series(connection, id); }, wait);
}

Task<Result<std::vector<SeriesNames>>> SqliteCatalogStore::names(Wait wait) {
    co_return co_await database_->read(
        [](Connection& connection) { return names_of_all(connection); }, wait);
}

Status SqliteCatalogStore::warm_up() {
    const auto loaded = database_->read_blocking(
        [index = index_](Connection& connection) { return index->current(connection); });
    return loaded ? Status{} : fail(loaded.error());
}

}  // namespace hayate::store
