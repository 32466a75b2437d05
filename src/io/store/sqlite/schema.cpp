#include "io/store/sqlite/schema.hpp"

#include <array>

namespace hayate::store {
namespace {

// Migration n brings version n - 1 to n. Never edit one that has been released: append.
constexpr std::array kMigrations{
    Sql(R"sql(
CREATE TABLE sessions(
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, subject TEXT NOT NULL, title TEXT NOT NULL,
    created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
CREATE INDEX sessions_of_owner ON sessions(tenant, subject, updated_ms DESC);
CREATE TABLE turns(
    session TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    client_msg_id TEXT, response_id TEXT NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'running', language TEXT NOT NULL, cards TEXT NOT NULL DEFAULT '[]',
    sources TEXT NOT NULL DEFAULT '[]', model TEXT NOT NULL DEFAULT '',
    first_word_ms INTEGER NOT NULL DEFAULT 0,
    total_ms INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL, regenerates INTEGER,
    UNIQUE(session, number), UNIQUE(session, client_msg_id)) STRICT;
CREATE INDEX turns_running ON turns(state) WHERE state = 'running';
CREATE TABLE api_keys(
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL, role TEXT NOT NULL,
    label TEXT NOT NULL,
    created_ms INTEGER NOT NULL, revoked_ms INTEGER) STRICT;
CREATE TABLE customers(
    id TEXT PRIMARY KEY, name_en TEXT NOT NULL, name_ja TEXT NOT NULL, language TEXT NOT NULL,
    city_en TEXT NOT NULL, city_ja TEXT NOT NULL, favorite_genres TEXT NOT NULL,
    owned TEXT NOT NULL,
    points INTEGER NOT NULL, member_since TEXT NOT NULL) STRICT;
CREATE TABLE orders(
    id TEXT PRIMARY KEY, customer TEXT NOT NULL, placed TEXT NOT NULL, status TEXT NOT NULL,
    shipping_yen INTEGER NOT NULL, total_yen INTEGER NOT NULL, carrier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    eta TEXT NOT NULL, city TEXT NOT NULL, note_en TEXT NOT NULL, note_ja TEXT NOT NULL) STRICT;
CREATE INDEX orders_of_customer ON orders(customer, placed DESC);
CREATE TABLE order_items(
    order_id TEXT NOT NULL REFERENCES orders(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL, price_yen INTEGER NOT NULL, PRIMARY KEY(order_id, position)) STRICT;
CREATE TABLE series(
    id TEXT PRIMARY KEY, title_en TEXT NOT NULL, title_ja TEXT NOT NULL, romaji TEXT NOT NULL,
    aliases TEXT NOT NULL, authors TEXT NOT NULL, publisher_en TEXT NOT NULL,
    publisher_ja TEXT NOT NULL,
    magazine_en TEXT NOT NULL, magazine_ja TEXT NOT NULL, start_year INTEGER NOT NULL,
    end_year INTEGER,
    status TEXT NOT NULL, volumes INTEGER, genres TEXT NOT NULL, demographic TEXT NOT NULL,
    description_en TEXT NOT NULL, description_ja TEXT NOT NULL) STRICT;
CREATE TABLE products(
    sku TEXT PRIMARY KEY, series TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
    volume INTEGER,
    first_volume INTEGER, last_volume INTEGER, title_en TEXT NOT NULL, title_ja TEXT NOT NULL,
    edition_en TEXT NOT NULL, edition_ja TEXT NOT NULL, price_yen INTEGER NOT NULL,
    stock INTEGER NOT NULL,
    release_date TEXT NOT NULL) STRICT;
CREATE INDEX products_of_series ON products(series);
CREATE TABLE faq(
    id TEXT PRIMARY KEY, topic TEXT NOT NULL, question_en TEXT NOT NULL, question_ja TEXT NOT NULL,
    variants_en TEXT NOT NULL, variants_ja TEXT NOT NULL, answer_en TEXT NOT NULL,
    answer_ja TEXT NOT NULL) STRICT;
CREATE TABLE words(key TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT;
CREATE TABLE vectors(
    kind TEXT NOT NULL, doc TEXT NOT NULL, part TEXT NOT NULL, model TEXT NOT NULL,
    hash TEXT NOT NULL,
    vector BLOB NOT NULL, PRIMARY KEY(kind, doc, part)) STRICT;
CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counters VALUES('catalog', 0);
CREATE TABLE search_docs(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, doc TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE search USING fts5(names, people, topics, goods, body, content='',
    tokenize='hayate');
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row);
PRAGMA user_version=1;
)sql"),
    // What products are filtered by: the lists of a series as rows, and an index that holds every
    // column of a product that a filter looks at. Cases: what a complaint ends in.
    Sql(R"sql(
CREATE TABLE series_genres(
    series TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, genre TEXT NOT NULL,
    PRIMARY KEY(series, genre)) STRICT, WITHOUT ROWID;
CREATE INDEX series_of_genre ON series_genres(genre, series);
CREATE TABLE series_authors(
    series TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, author TEXT NOT NULL,
    PRIMARY KEY(author, series)) STRICT, WITHOUT ROWID;
CREATE INDEX authors_of_series ON series_authors(series);
INSERT OR IGNORE INTO series_genres SELECT s.id, g.value FROM series AS s, json_each(s.genres) AS g;
INSERT OR IGNORE INTO series_authors
    SELECT s.id, iif(a.value ->> 'en' <> '', a.value ->> 'en', a.value ->> 'ja')
    FROM series AS s, json_each(s.authors) AS a;
CREATE INDEX series_by_facets ON series(id, demographic, status, volumes, start_year);
DROP INDEX products_of_series;
CREATE INDEX products_by_facets ON products(
    series, kind, language, volume, first_volume, last_volume, price_yen, stock, release_date, sku);
CREATE TABLE cases(
    number INTEGER PRIMARY KEY AUTOINCREMENT, response_id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL, subject TEXT NOT NULL, session TEXT NOT NULL, kind TEXT NOT NULL,
    order_id TEXT, sku TEXT, summary TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open',
    created_ms INTEGER NOT NULL, closed_ms INTEGER) STRICT;
CREATE INDEX cases_by_state ON cases(state, number);
CREATE INDEX cases_of_owner ON cases(tenant, subject, number);
PRAGMA user_version=2;
)sql"),
    Sql(R"sql(
CREATE TABLE costs(
    day TEXT NOT NULL, tenant TEXT NOT NULL, intent TEXT NOT NULL, model TEXT NOT NULL,
    calls INTEGER NOT NULL, estimated_calls INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, cost_micros INTEGER NOT NULL,
    PRIMARY KEY(day, tenant, intent, model)) STRICT, WITHOUT ROWID;
PRAGMA user_version=3;
)sql"),
    // What passes a filter is decided in memory, by FacetIndex.
    Sql(R"sql(
DROP TABLE series_genres;
DROP TABLE series_authors;
DROP INDEX series_by_facets;
DROP INDEX products_by_facets;
CREATE INDEX products_of_series ON products(series);
PRAGMA user_version=4;
)sql"),
    // Outcomes: what became of each turn. Those of turns before are unknown, but may get a thumb.
    Sql(R"sql(
CREATE TABLE outcomes(
    number INTEGER PRIMARY KEY AUTOINCREMENT, response_id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL, subject TEXT NOT NULL, session TEXT NOT NULL, intent TEXT NOT NULL,
    language TEXT NOT NULL, tier TEXT NOT NULL, model TEXT NOT NULL, verdict TEXT NOT NULL,
    reason TEXT NOT NULL, rejected TEXT NOT NULL, degraded TEXT NOT NULL,
    position INTEGER NOT NULL, thumb INTEGER NOT NULL DEFAULT 0, thumb_ms INTEGER,
    first_word_ms INTEGER NOT NULL, total_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE INDEX outcomes_of_session ON outcomes(session);
INSERT OR IGNORE INTO outcomes(response_id, tenant, subject, session, intent, language, tier,
    model, verdict, reason, rejected, degraded, position, first_word_ms, total_ms, created_ms)
    SELECT t.response_id, s.tenant, s.subject, t.session, '', t.language, '', t.model, 'unknown',
        '', '[]', '[]', 0, t.first_word_ms, t.total_ms, t.created_ms
    FROM turns AS t JOIN sessions AS s ON s.id = t.session WHERE t.state <> 'running'
    ORDER BY t.created_ms;
PRAGMA user_version=5;
)sql"),
    // What an answer asked back about: the reply to it is understood by that.
    Sql(R"sql(
ALTER TABLE turns ADD COLUMN asked_back TEXT NOT NULL DEFAULT '[]';
PRAGMA user_version=6;
)sql"),
};

Result<int64_t> version_of(Connection& connection) {
    Rows rows = connection.query("SELECT user_version FROM pragma_user_version");
    if (!rows.next()) return fail(rows.error());
    return rows.integer(0);
}

Status apply_from(Connection& connection, size_t version) {
    for (size_t i = version; i < kMigrations.size(); ++i) {
        if (Status status = connection.script(kMigrations[i]); !status) return status;
    }
    return {};
}

}  // namespace

Status migrate(Connection& connection) {
    // The version is read inside the transaction: two processes may open a new file at once.
    if (Status begun = connection.script("BEGIN IMMEDIATE"); !begun) return begun;
    const Result<int64_t> version = version_of(connection);
    Status status = version ? Status{} : fail(version.error());
    if (status && std::cmp_greater(*version, kMigrations.size())) {
        status =
            fail(ErrorKind::kUnavailable, "store",
                 "the database has version " + std::to_string(*version) + ", this program knows " +
                     std::to_string(kMigrations.size()) + ": use the newer program");
    }
    if (status) status = apply_from(connection, static_cast<size_t>(*version));
    if (status) status = connection.script("COMMIT");
    if (!status) (void)connection.script("ROLLBACK");
    return status;
}

}  // namespace hayate::store
