#include "io/store/import/import.hpp"

#include <memory>

#include "io/store/import/folder.hpp"
#include "io/store/sqlite/catalog_index.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/customer_rows.hpp"
#include "io/store/sqlite/search_table.hpp"

namespace hayate::store {
namespace {

using Vectors = std::vector<StoredVectorPtr>;

/// Vectors for one import, made before its transaction so that the writer is not kept waiting.
struct FreshVectors {
    std::optional<Vectors> series;
    std::optional<Vectors> faq;
    size_t embedded = 0;
};

template <class T>
Vectors embed_all(const std::vector<T>& values, const Vectors& existing, const Embedder& embedder,
                  size_t& embedded) {
    std::vector<EmbeddableText> texts;
    for (const T& value : values) {
        for (EmbeddableText& text : embeddable_texts(value)) texts.push_back(std::move(text));
    }
    return embed_changed(texts, existing, embedder, embedded);
}

Result<Vectors> existing_vectors(Database& database, const std::string& model_id) {
    return database.read_blocking(
        [&](Connection& connection) { return vectors_of_model(connection, model_id); });
}

Result<FreshVectors> embed_folder(Database& database, const FolderData& data,
                                  const Embedder& embedder) {
    FreshVectors fresh;
    if (!embedder.is_set()) return fresh;
    const auto existing = existing_vectors(database, embedder.model_id);
    if (!existing) return fail(existing.error());
    if (data.series)
        fresh.series = embed_all(data.series->values, *existing, embedder, fresh.embedded);
    if (data.faq) fresh.faq = embed_all(data.faq->values, *existing, embedder, fresh.embedded);
    return fresh;
}

Status insert(Connection& connection, const WordEntry& entry) {
    std::string words;
    for (const std::string& word : entry.words) words += (words.empty() ? "" : "\n") + word;
    const auto inserted = connection.run("INSERT INTO words VALUES(?1, ?2)", entry.key, words);
    return inserted ? Status{} : fail(inserted.error());
}

/// Collects the first failure of a chain of steps.
class Steps {
  public:
    explicit Steps(Connection& connection) : connection_(connection) {}
    template <class T>
    void replace(Sql erase, const std::optional<Loaded<T>>& loaded) {
        if (!loaded || !status_) return;
        if (const auto erased = connection_.run(erase); !erased) status_ = fail(erased.error());
        for (size_t i = 0; status_ && i < loaded->values.size(); ++i) {
            status_ = insert(connection_, loaded->values[i]);
        }
    }
    void replace(HitKind kind, const std::string& model_id, const std::optional<Vectors>& vectors) {
        if (vectors && status_) status_ = replace_vectors(connection_, kind, model_id, *vectors);
    }
    void then(Status (*step)(Connection&)) {
        if (status_) status_ = step(connection_);
    }
    [[nodiscard]] Status status() const { return status_; }

  private:
    Connection& connection_;
    Status status_;
};

/// A series that products already stored belong to cannot go without them.
Status refuse_lost_series(Connection& connection) {
    Rows rows = connection.query(
        "SELECT sku, series FROM products WHERE series NOT IN (SELECT id FROM series) LIMIT 1");
    if (!rows.next()) return rows.status();
    return fail(base::public_error(ErrorKind::kConflict, "import",
                                   "product " + rows.text(0) +
                                       ", imported earlier, belongs to series " + rows.text(1) +
                                       ", which is no longer there: import products as well"));
}

Status store(Connection& connection, const FolderData& data, const FreshVectors& vectors,
             const std::string& model_id) {
    Steps steps(connection);
    steps.replace("DELETE FROM series", data.series);
    steps.replace("DELETE FROM products", data.products);
    steps.replace("DELETE FROM words", data.words);
    steps.replace("DELETE FROM faq", data.faq);
    steps.replace("DELETE FROM customers", data.customers);
    steps.replace("DELETE FROM orders", data.orders);
    steps.replace(HitKind::kSeries, model_id, vectors.series);
    steps.replace(HitKind::kFaq, model_id, vectors.faq);
    steps.then(refuse_lost_series);
    if (data.series || data.products || data.words || data.faq) steps.then(rebuild_search_table);
    steps.then(bump_catalog_version);
    return steps.status();
}

Result<std::set<std::string, std::less<>>> collect_ids(Rows rows) {
    std::set<std::string, std::less<>> ids;
    while (rows.next()) ids.insert(rows.text(0));
    if (!rows.status()) return fail(rows.error());
    return ids;
}

Result<KnownIds> stored_ids(Connection& connection) {
    auto series = collect_ids(connection.query("SELECT id FROM series"));
    auto products = collect_ids(connection.query("SELECT sku FROM products"));
    auto customers = collect_ids(connection.query("SELECT id FROM customers"));
    for (const auto* ids : {&series, &products, &customers}) {
        if (!*ids) return fail(ids->error());
    }
    return KnownIds{std::move(*series), std::move(*products), std::move(*customers)};
}

template <class T>
void count(ImportReport& report, std::string kind, const std::optional<Loaded<T>>& loaded) {
    if (loaded) report.counts.push_back({std::move(kind), loaded->values.size()});
}

struct Checked {
    FolderData data;
    ImportReport report;
};

Result<Checked> read_and_check(Database* database, const std::filesystem::path& folder,
                               const std::string& today) {
    Problems problems;
    auto data = read_folder(folder, today, problems);
    if (!data) return fail(data.error());
    KnownIds known;
    if (database != nullptr) {
        auto stored = database->read_blocking(stored_ids);
        if (!stored) return fail(stored.error());
        known = std::move(*stored);
    }
    check_references(*data, std::move(known), problems);
    Checked checked{.data = std::move(*data)};
    ImportReport& report = checked.report;
    count(report, "series", checked.data.series);
    count(report, "products", checked.data.products);
    count(report, "words", checked.data.words);
    count(report, "faq", checked.data.faq);
    count(report, "customers", checked.data.customers);
    count(report, "orders", checked.data.orders);
    report.problem_count = problems.count();
    report.problems = problems.take();
    return checked;
}

struct CatalogTexts {
    std::vector<Series> series;
    std::vector<FaqEntry> faq;
};

Result<CatalogTexts> read_texts(Connection& connection) {
    auto series = all_series(connection);
    if (!series) return fail(series.error());
    auto faq = all_faq(connection);
    if (!faq) return fail(faq.error());
    return CatalogTexts{std::move(*series), std::move(*faq)};
}

}  // namespace

Result<ImportReport> validate_folder(Database* database, const std::filesystem::path& folder,
                                     const std::string& today) {
    auto checked = read_and_check(database, folder, today);
    if (!checked) return fail(checked.error());
    return std::move(checked->report);
}

Result<ImportReport> import_folder(Database& database, const std::filesystem::path& folder,
                                   const std::string& today, const Embedder& embedder) {
    auto checked = read_and_check(&database, folder, today);
    if (!checked) return fail(checked.error());
    ImportReport& report = checked->report;
    if (report.problem_count > 0) return std::move(report);
    const auto vectors = embed_folder(database, checked->data, embedder);
    if (!vectors) return fail(vectors.error());
    const Status stored = database.write_blocking([&](Connection& connection) {
        return store(connection, checked->data, *vectors, embedder.model_id);
    });
    if (!stored) return fail(stored.error());
    report.embedded = vectors->embedded;
    report.is_stored = true;
    return std::move(report);
}

Result<bool> is_catalog_empty(Database& database) {
    return database.read_blocking([](Connection& connection) -> Result<bool> {
        Rows rows = connection.query(
            "SELECT NOT EXISTS(SELECT 1 FROM series) AND NOT EXISTS(SELECT 1 FROM faq)");
        if (!rows.next()) return fail(rows.error());
        return rows.integer(0) != 0;
    });
}

Result<size_t> refresh_vectors(Database& database, const Embedder& embedder) {
    // Without weights the vectors stay as they are: the next start may have them again.
    if (!embedder.is_set()) return 0;
    const auto texts = database.read_blocking(read_texts);
    if (!texts) return fail(texts.error());
    const auto existing = existing_vectors(database, embedder.model_id);
    if (!existing) return fail(existing.error());
    size_t embedded = 0;
    const Vectors series = embed_all(texts->series, *existing, embedder, embedded);
    const Vectors faq = embed_all(texts->faq, *existing, embedder, embedded);
    if (embedded == 0 && series.size() + faq.size() == existing->size()) return embedded;
    const Status stored = database.write_blocking([&](Connection& connection) -> Status {
        Steps steps(connection);
        steps.replace(HitKind::kSeries, embedder.model_id, std::optional(series));
        steps.replace(HitKind::kFaq, embedder.model_id, std::optional(faq));
        steps.then(bump_catalog_version);
        return steps.status();
    });
    if (!stored) return fail(stored.error());
    return embedded;
}

}  // namespace hayate::store
