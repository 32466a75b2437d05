#pragma once
// Teaches FTS5 our tokens (core/text/tokens.hpp), so that Japanese, which has no spaces, is
// searchable. SQLite wants it registered on every connection that touches the search table.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/result.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

/// Registers the tokenizer "hayate".
[[nodiscard]] Status register_search_tokenizer(Connection& connection);

/// In how many rows of the table each token occurs.
struct TokenCounts {
    std::unordered_map<std::string, int64_t> rows_with;
    int64_t rows = 0;  // of the table

    [[nodiscard]] int64_t of(const std::string& token) const {
        const auto found = rows_with.find(token);
        return found == rows_with.end() ? 0 : found->second;
    }
};

/// The MATCH expression that finds rows with any of the question's telling tokens; empty when it
/// has none. BM25 looks at every row that matches, so the rarest tokens are taken first, and as
/// many as a search has time for. Every token is quoted, so no question is read as FTS5 syntax.
[[nodiscard]] std::string match_any(std::string_view question, const TokenCounts& counts);

/// The expression that finds rows with one of the question's rare words: those that hardly any row
/// has, and that are words. Of Japanese pairs, which may join the end of one word to the
/// beginning of the next, only two kanji or two katakana count. Empty when there is none.
[[nodiscard]] std::string match_rare(std::string_view question, const TokenCounts& counts);

}  // namespace hayate::store
