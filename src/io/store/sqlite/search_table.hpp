#pragma once
// The full-text table: one row for each series (with the words of its products) and for each FAQ
// entry. It is derived: after a change of the catalog it is made anew from the other tables, in the
// same transaction.

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/search/doc_key.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/sqlite/search_tokenizer.hpp"

namespace hayate::store {

[[nodiscard]] Status rebuild_search_table(Connection& connection);

/// What each row of the table is of, by row number less one.
using SearchDocs = std::vector<DocKey>;
[[nodiscard]] Result<SearchDocs> read_search_docs(Connection& connection);

/// The best rows for an expression of `match_any` (BM25), at most `count`, of those that are
/// wanted. `docs` must be of the version of the table that `connection` sees.
[[nodiscard]] Result<std::vector<DocKey>> search_words(
    Connection& connection, const std::string& match, const SearchDocs& docs,
    const std::function<bool(const DocKey&)>& is_wanted, size_t count);

[[nodiscard]] Result<TokenCounts> count_tokens(Connection& connection);

[[nodiscard]] Result<Vocabulary> read_vocabulary(Connection& connection);

}  // namespace hayate::store
