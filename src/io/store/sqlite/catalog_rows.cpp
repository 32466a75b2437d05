#include "io/store/sqlite/catalog_rows.hpp"

#include <sstream>

#include "io/store/sqlite/lists.hpp"

namespace hayate::store {
namespace {

std::optional<int> optional_int(const Rows& rows, int column) {
    const auto value = rows.optional_integer(column);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

void read(const Rows& rows, Series& series) {
    series.id = rows.text(0);
    series.title = {rows.text(1), rows.text(2)};
    series.romaji = rows.text(3);
    series.aliases = texts_from_json(rows.view(4));
    series.authors = local_texts_from_json(rows.view(5));
    series.publisher = {rows.text(6), rows.text(7)};
    series.magazine = {rows.text(8), rows.text(9)};
    series.start_year = static_cast<int>(rows.integer(10));
    series.end_year = optional_int(rows, 11);
    series.status = rows.text(12);
    series.volumes = optional_int(rows, 13);
    series.genres = texts_from_json(rows.view(14));
    series.demographic = rows.text(15);
    series.description = {rows.text(16), rows.text(17)};
}

void read(const Rows& rows, Product& product) {
    product.sku = rows.text(0);
    product.series = rows.text(1);
    product.kind = rows.text(2);
    product.language = rows.text(3);
    product.volume = optional_int(rows, 4);
    const auto first = optional_int(rows, 5);
    const auto last = optional_int(rows, 6);
    if (first && last) product.volumes = {*first, *last};
    product.title = {rows.text(7), rows.text(8)};
    product.edition = {rows.text(9), rows.text(10)};
    product.price_yen = rows.integer(11);
    product.stock = rows.integer(12);
    product.release_date = rows.text(13);
}

void read(const Rows& rows, FaqEntry& faq) {
    faq.id = rows.text(0);
    faq.topic = rows.text(1);
    faq.question = {rows.text(2), rows.text(3)};
    faq.variants_en = texts_from_json(rows.view(4));
    faq.variants_ja = texts_from_json(rows.view(5));
    faq.answer = {rows.text(6), rows.text(7)};
}

void read(const Rows& rows, WordEntry& entry) {
    entry.key = rows.text(0);
    std::istringstream lines(rows.text(1));
    for (std::string word; std::getline(lines, word);) entry.words.push_back(std::move(word));
}

template <class T>
Result<std::vector<T>> collect(Rows rows) {
    std::vector<T> values;
    while (rows.next()) read(rows, values.emplace_back());
    if (!rows.status()) return fail(rows.error());
    return values;
}

template <class T>
Result<std::optional<T>> first_of(Rows rows) {
    std::optional<T> value;
    if (rows.next()) read(rows, value.emplace());
    if (!rows.status()) return fail(rows.error());
    return value;
}

Status as_status(const Result<int64_t>& changed) {
    return changed ? Status{} : fail(changed.error());
}

}  // namespace

Result<std::vector<Series>> all_series(Connection& connection) {
    return collect<Series>(connection.query("SELECT * FROM series ORDER BY id"));
}

Result<std::vector<Product>> all_products(Connection& connection) {
    return collect<Product>(connection.query("SELECT * FROM products ORDER BY sku"));
}

Result<std::vector<FaqEntry>> all_faq(Connection& connection) {
    return collect<FaqEntry>(connection.query("SELECT * FROM faq ORDER BY id"));
}

Result<Catalog> read_catalog(Connection& connection) {
    if (Status begun = connection.script("BEGIN"); !begun) return fail(begun.error());
    Catalog catalog;
    Status status;
    const auto take = [&](auto rows, auto& into) {
        if (status && !rows) status = fail(rows.error());
        if (rows) into = std::move(*rows);
    };
    take(all_series(connection), catalog.series);
    take(all_products(connection), catalog.products);
    take(all_faq(connection), catalog.faq);
    take(collect<WordEntry>(connection.query("SELECT key, words FROM words ORDER BY key")),
         catalog.words);
    (void)connection.script("COMMIT");  // nothing was changed, so nothing can be lost
    if (!status) return fail(status.error());
    return catalog;
}

Result<std::optional<Series>> find_series(Connection& connection, std::string_view id) {
    return first_of<Series>(connection.query("SELECT * FROM series WHERE id = ?1", id));
}

Result<std::optional<FaqEntry>> find_faq(Connection& connection, std::string_view id) {
    return first_of<FaqEntry>(connection.query("SELECT * FROM faq WHERE id = ?1", id));
}

Result<std::optional<Product>> find_product(Connection& connection, std::string_view sku) {
    return first_of<Product>(connection.query("SELECT * FROM products WHERE sku = ?1", sku));
}

Result<std::vector<Product>> products_of(Connection& connection, std::string_view series) {
    return collect<Product>(connection.query("SELECT * FROM products WHERE series = ?1", series));
}

Status insert(Connection& connection, const Series& series) {
    return as_status(connection.run(
        "INSERT INTO series VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
        "?15, ?16, ?17, ?18)",
        series.id, series.title.en, series.title.ja, series.romaji, to_json(series.aliases),
        to_json(series.authors), series.publisher.en, series.publisher.ja, series.magazine.en,
        series.magazine.ja, series.start_year, series.end_year, series.status, series.volumes,
        to_json(series.genres), series.demographic, series.description.en, series.description.ja));
}

Status insert(Connection& connection, const Product& product) {
    const auto first = product.volumes ? std::optional(product.volumes->first) : std::nullopt;
    const auto last = product.volumes ? std::optional(product.volumes->second) : std::nullopt;
    return as_status(connection.run(
        "INSERT INTO products VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        product.sku, product.series, product.kind, product.language, product.volume, first, last,
        product.title.en, product.title.ja, product.edition.en, product.edition.ja,
        product.price_yen, product.stock, product.release_date));
}

Status insert(Connection& connection, const FaqEntry& faq) {
    return as_status(connection.run("INSERT INTO faq VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                    faq.id, faq.topic, faq.question.en, faq.question.ja,
                                    to_json(faq.variants_en), to_json(faq.variants_ja),
                                    faq.answer.en, faq.answer.ja));
}

}  // namespace hayate::store
