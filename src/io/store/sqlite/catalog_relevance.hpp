#pragma once
// How well documents fit a question: names, topics, words, vectors and likeness as ranked lists,
// fused by rank.

#include <array>
#include <span>
#include <string>
#include <vector>

#include "io/store/search/fusion.hpp"
#include "io/store/search/search_scope.hpp"
#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

struct SearchQuestion {
    std::string text;
    std::vector<float> vector;  // may be empty
    size_t count = 0;
    ProductFilter filter;
};

/// So many series are compared with the question one by one; of more, some are among the nearest.
inline constexpr size_t kComparedMax = 200;

class CatalogRelevance {
  public:
    /// What is given must outlive it.
    CatalogRelevance(Connection& connection, const CatalogIndex::Current& current,
                     const SearchQuestion& question, const SearchScope& scope)
        : connection_(connection),
          snapshot_(*current.snapshot),
          docs_(*current.docs),
          question_(question),
          scope_(scope),
          named_(snapshot_.names->find(question.text)) {}

    /// The best `count` documents of the scope.
    [[nodiscard]] Result<std::vector<Fused>> rank(size_t count);
    /// Of a document to the question; 0 without a vector.
    [[nodiscard]] float similarity(const DocKey& doc) const;
    /// It has a word of the question that hardly any other document has.
    [[nodiscard]] bool has_rare_word(const DocKey& doc) const;
    /// By a name that cannot be an ordinary word.
    [[nodiscard]] bool is_named(const DocKey& doc) const;

  private:
    static constexpr size_t kNameKinds = 3;  // of NameIndex::Kind

    [[nodiscard]] std::array<RankedList, kNameKinds> ranked_names() const;
    [[nodiscard]] RankedList ranked_topics(const RankedList& near) const;
    [[nodiscard]] Result<RankedList> ranked_words() const;
    [[nodiscard]] Result<RankedList> ranked_rare_words() const;
    [[nodiscard]] RankedList ranked_vectors() const;
    [[nodiscard]] std::vector<Neighbour> nearest(size_t wide, bool takes_series) const;
    [[nodiscard]] RankedList ranked_likeness() const;
    [[nodiscard]] std::vector<DocKey> best_of(std::vector<FacetIndex::InCommon> matches,
                                              std::span<const float> vector,
                                              const RankedList& near) const;
    void keep_likely(std::vector<FacetIndex::InCommon>& equals, const RankedList& near) const;

    Connection& connection_;
    const CatalogIndex::Snapshot& snapshot_;
    const SearchDocs& docs_;
    const SearchQuestion& question_;
    const SearchScope& scope_;
    const std::vector<NameIndex::Found> named_;
    std::vector<DocKey> with_rare_words_;  // once ranked
};

}  // namespace hayate::store
