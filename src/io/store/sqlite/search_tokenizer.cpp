#include "io/store/sqlite/search_tokenizer.hpp"

#include <set>
#include <utility>

#include "core/text/tokens.hpp"

namespace hayate::store {
namespace {

constexpr int64_t kRowsMax = 800;    // a search looks at about a thousand rows in a millisecond
constexpr int64_t kSmallTable = 20;  // in which a token of every row still tells something

int create(void*, const char**, int, Fts5Tokenizer** out) {
    static char no_state;  // FTS5 wants a non-null handle
    *out = reinterpret_cast<Fts5Tokenizer*>(&no_state);
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer*) {}

using Emit = int (*)(void* context, int flags, const char* token, int size, int begin, int end);

int tokenize(Fts5Tokenizer*, void* context, int, const char* text, int size, Emit emit) {
    try {
        for (const std::string& token : text::search_tokens({text, static_cast<size_t>(size)})) {
            // The offsets serve snippets and highlights alone, which nothing here uses.
            const int code = emit(context, 0, token.data(), static_cast<int>(token.size()), 0, 0);
            if (code != SQLITE_OK) return code;
        }
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;  // no exception may cross SQLite's C frames
    }
    return SQLITE_OK;
}

}  // namespace

Status register_search_tokenizer(Connection& connection) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(connection.handle(), "SELECT fts5(?1)", -1, &statement, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    if (api == nullptr) return fail(sqlite_error(connection.handle(), code, "FTS5 is missing"));
    fts5_tokenizer tokenizer{create, destroy, tokenize};
    code = api->xCreateTokenizer(api, "hayate", nullptr, &tokenizer, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(connection.handle(), code, "tokenizer"));
    return {};
}

std::string match_any(std::string_view question, const TokenCounts& counts) {
    std::set<std::pair<int64_t, std::string>> tokens;  // rarest first
    for (std::string& token : text::search_tokens(question)) {
        const int64_t rows = counts.of(token);
        // BM25 gives no weight to what is in more than half of the rows.
        const bool is_common = rows > kSmallTable && rows * 2 > counts.rows;
        if (rows > 0 && !is_common) tokens.emplace(rows, std::move(token));
    }
    std::string match;
    int64_t rows_to_look_at = 0;
    for (const auto& [rows, token] : tokens) {
        rows_to_look_at += rows;
        if (!match.empty() && rows_to_look_at > kRowsMax) break;
        match += match.empty() ? "\"" : " OR \"";
        match += token;  // letters and digits only, never a quote
        match += '"';
    }
    return match;
}

}  // namespace hayate::store
