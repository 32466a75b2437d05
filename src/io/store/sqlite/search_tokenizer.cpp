#include "io/store/sqlite/search_tokenizer.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/text/script.hpp"
#include "core/text/tokens.hpp"
#include "core/text/utf8.hpp"

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

void add_quoted(std::string& match, std::string_view token) {
    match += match.empty() ? "\"" : " OR \"";
    match += token;  // letters and digits only, never a quote
    match += '"';
}

/// The tokens of a run that are words by themselves.
std::vector<std::string> words_of(const text::Run& run) {
    constexpr size_t kShortestWord = 4;
    std::vector<std::string> tokens;
    if (run.kind == text::Run::Kind::kNumber) return tokens;
    text::append_tokens(run, tokens);
    if (run.kind == text::Run::Kind::kWord) {
        std::erase_if(tokens, [](const std::string& word) { return word.size() < kShortestWord; });
        return tokens;
    }
    std::vector<text::Script> scripts;
    for (size_t at = 0; at < run.plain.size();)
        scripts.push_back(text::script_of(text::next_code_point(run.plain, at)));
    std::vector<std::string> words;
    for (size_t i = 0; i < tokens.size() && i + 1 < scripts.size(); ++i) {
        const bool is_word = scripts[i] == scripts[i + 1] && scripts[i] != text::Script::kHiragana;
        if (is_word) words.push_back(std::move(tokens[i]));
    }
    return words;
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
        add_quoted(match, token);
    }
    return match;
}

std::string match_rare(std::string_view question, const TokenCounts& counts) {
    constexpr int64_t kOneIn = 100;
    constexpr int64_t kRareMin = 3;
    constexpr int64_t kRareMax = 20;
    const int64_t most = std::clamp(counts.rows / kOneIn, kRareMin, kRareMax);
    std::set<std::string> tokens;
    for (const text::Run& run : text::runs_of(question)) {
        for (std::string& token : words_of(run)) {
            const int64_t rows = counts.of(token);
            if (rows > 0 && rows <= most) tokens.insert(std::move(token));
        }
    }
    std::string match;
    for (const std::string& token : tokens) add_quoted(match, token);
    return match;
}

}  // namespace hayate::store
