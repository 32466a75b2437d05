#include "io/store/sqlite/search_table.hpp"

#include <map>
#include <set>

#include "core/text/tokens.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/row_check.hpp"

namespace hayate::store {
namespace {

void add(std::string& column, std::string_view text) {
    if (text.empty()) return;
    column += text;
    column += '\n';  // keeps the tokens of neighbouring texts apart
}

void add(std::string& column, const LocalText& text) {
    add(column, text.en);
    add(column, text.ja);
}

void add_all(std::string& column, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) add(column, text);
}

/// One row of the table, column by column; schema.cpp names them and search_words weighs them.
struct SearchRow {
    DocKey doc;
    std::string names;   // what it is called
    std::string people;  // who made it
    std::string topics;  // genres and the like, with their synonyms
    std::string goods;   // editions and kinds of its products
    std::string body;
};

class TableBuilder {
  public:
    TableBuilder(Connection& connection, Vocabulary vocabulary)
        : connection_(connection), vocabulary_(std::move(vocabulary)) {}

    void learn(const Product& product) {
        std::string words;
        add(words, product.edition);
        add(words, product.title);
        add_key(words, product.kind);
        add_key(words, product.language);
        auto& goods = goods_[product.series];
        for (std::string& token : text::search_tokens(words)) {
            // Volume numbers would only say that a series is long.
            const bool is_number = token.front() >= '0' && token.front() <= '9';
            if (!is_number) goods.insert(std::move(token));
        }
    }

    [[nodiscard]] Status write(const Series& series) {
        SearchRow row{.doc = {HitKind::kSeries, series.id}};
        add(row.names, series.title);
        add(row.names, series.romaji);
        add_all(row.names, series.aliases);
        for (const LocalText& author : series.authors) add(row.people, author);
        add(row.people, series.publisher);
        add(row.people, series.magazine);
        for (const std::string& genre : series.genres) add_key(row.topics, genre);
        add_key(row.topics, series.demographic);
        add_key(row.topics, series.status);
        // Words that fit every series, as the vocabulary's entry "series" lists them: in all rows
        // they weigh nothing, instead of drawing questions to the few FAQ entries that use them.
        add_key(row.topics, "series");
        for (const std::string& token : goods_[series.id]) add(row.goods, token);
        add(row.body, series.description);
        return write(row);
    }

    [[nodiscard]] Status write(const FaqEntry& faq) {
        SearchRow row{.doc = {HitKind::kFaq, faq.id}};
        add(row.names, faq.question);
        add_all(row.names, faq.variants_en);
        add_all(row.names, faq.variants_ja);
        add_key(row.topics, faq.topic);
        add(row.body, faq.answer);
        return write(row);
    }

  private:
    void add_key(std::string& column, const std::string& key) {
        add(column, key);
        if (const auto found = vocabulary_.find(key); found != vocabulary_.end()) {
            add(column, found->second);
        }
    }
    [[nodiscard]] Status write(const SearchRow& row) {
        ++rows_;
        const auto doc = connection_.run("INSERT INTO search_docs VALUES(?1, ?2, ?3)", rows_,
                                         name_of(row.doc.kind), row.doc.id);
        if (!doc) return fail(doc.error());
        const auto text = connection_.run(
            "INSERT INTO search(rowid, names, people, topics, goods, body) VALUES(?1, ?2, ?3, ?4, "
            "?5, ?6)",
            rows_, row.names, row.people, row.topics, row.goods, row.body);
        return text ? Status{} : fail(text.error());
    }

    Connection& connection_;
    Vocabulary vocabulary_;
    std::map<std::string, std::set<std::string>> goods_;  // series to tokens, each once
    int64_t rows_ = 0;
};

Status clear(Connection& connection) {
    const auto text = connection.run("INSERT INTO search(search) VALUES('delete-all')");
    if (!text) return fail(text.error());
    const auto docs = connection.run("DELETE FROM search_docs");
    return docs ? Status{} : fail(docs.error());
}

template <class T>
Status write_all(TableBuilder& builder, const Result<std::vector<T>>& values) {
    if (!values) return fail(values.error());
    for (const T& value : *values) {
        if (Status written = builder.write(value); !written) return written;
    }
    return {};
}

}  // namespace

Status rebuild_search_table(Connection& connection) {
    if (Status cleared = clear(connection); !cleared) return cleared;
    auto vocabulary = read_vocabulary(connection);
    if (!vocabulary) return fail(vocabulary.error());
    const auto products = all_products(connection);
    if (!products) return fail(products.error());
    TableBuilder builder(connection, std::move(*vocabulary));
    for (const Product& product : *products) builder.learn(product);
    if (Status series = write_all(builder, all_series(connection)); !series) return series;
    return write_all(builder, all_faq(connection));
}

Result<SearchDocs> read_search_docs(Connection& connection) {
    SearchDocs docs;
    Rows rows = connection.query("SELECT kind, doc FROM search_docs ORDER BY id");
    while (rows.next()) docs.push_back({hit_kind_of(rows.view(0)), rows.text(1)});
    if (!rows.status()) return fail(rows.error());
    return docs;
}

Result<std::vector<DocKey>> search_words(Connection& connection, const std::string& match,
                                         const SearchDocs& docs,
                                         const std::function<bool(const DocKey&)>& is_wanted,
                                         size_t count) {
    std::vector<DocKey> found;
    if (match.empty()) return found;
    const auto is_row_wanted = [&](int64_t row) {
        return row >= 1 && std::cmp_less_equal(row, docs.size()) &&
               is_wanted(docs[static_cast<size_t>(row - 1)]);
    };
    const RowCheck check = is_row_wanted;
    Rows rows = connection.query(
        "SELECT rowid, bm25(search, 8.0, 5.0, 3.0, 1.5, 1.0) AS score FROM search "
        "WHERE search MATCH ?1 AND passes(rowid, ?2) ORDER BY score, rowid LIMIT ?3",
        match, Pointer{&check, kRowCheckType}, static_cast<int64_t>(count));
    while (rows.next()) found.push_back(docs[static_cast<size_t>(rows.integer(0) - 1)]);
    if (!rows.status()) return fail(rows.error());
    return found;
}

Result<TokenCounts> count_tokens(Connection& connection) {
    TokenCounts counts;
    Rows total = connection.query("SELECT count(*) FROM search_docs");
    if (!total.next()) return fail(total.error());
    counts.rows = total.integer(0);
    Rows rows = connection.query("SELECT term, doc FROM search_terms");
    while (rows.next()) counts.rows_with.emplace(rows.text(0), rows.integer(1));
    if (!rows.status()) return fail(rows.error());
    return counts;
}

Result<Vocabulary> read_vocabulary(Connection& connection) {
    Vocabulary vocabulary;
    Rows rows = connection.query("SELECT key, words FROM words");
    while (rows.next()) vocabulary.emplace(rows.text(0), rows.text(1));
    if (!rows.status()) return fail(rows.error());
    return vocabulary;
}

}  // namespace hayate::store
