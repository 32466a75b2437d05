#pragma once
// The full-text table: one row for each series (with the words of its products) and for each FAQ
// entry. It is derived: after a change of the catalog it is made anew from the other tables, in the
// same transaction.

#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/search/doc_key.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/sqlite/connection.hpp"
#include "io/store/sqlite/search_tokenizer.hpp"

namespace hayate::store {

[[nodiscard]] Status rebuild_search_table(Connection& connection);

/// The best rows for the question's words (BM25), at most `count`.
[[nodiscard]] Result<std::vector<DocKey>> search_words(Connection& connection,
                                                       std::string_view question,
                                                       const TokenCounts& counts, int count);

[[nodiscard]] Result<TokenCounts> count_tokens(Connection& connection);

[[nodiscard]] Result<Vocabulary> read_vocabulary(Connection& connection);

}  // namespace hayate::store
