#include "io/store/sqlite/catalog_index.hpp"

#include <chrono>

#include <pthread.h>

#include "core/base/log.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/vector_rows.hpp"

namespace hayate::store {
namespace {

// A title of one word that so many other texts use as well is an ordinary word.
constexpr int64_t kCommonRowsMin = 3;
// The cheapest of queries, on a thread of its own.
constexpr std::chrono::seconds kCheckEvery(1);

/// "Kaguya-sama: Love Is War" is called by what stands before the colon.
std::string main_title(const std::string& title) {
    constexpr size_t kShortest = 5;
    const size_t colon = title.find(": ");
    return colon == std::string::npos || colon < kShortest ? std::string() : title.substr(0, colon);
}

bool is_common(const TokenCounts& counts, const std::string& name) {
    const std::string word = NameIndex::single_word(name);
    return !word.empty() && counts.of(word) >= kCommonRowsMin;
}

NameIndex make_names(const std::vector<Series>& all, const TokenCounts& counts) {
    using Kind = NameIndex::Kind;
    std::vector<NameIndex::Name> names;
    for (const Series& series : all) {
        std::vector<std::string> texts = series.aliases;
        texts.insert(texts.end(), {series.title.en, series.title.ja, series.romaji,
                                   main_title(series.title.en)});
        for (const std::string& text : texts) {
            names.push_back(
                {series.id, text, is_common(counts, text) ? Kind::kCommonWord : Kind::kTitle});
        }
        for (const LocalText& author : series.authors) {
            names.push_back({series.id, author.en, Kind::kPerson});
            names.push_back({series.id, author.ja, Kind::kPerson});
        }
    }
    return NameIndex(names);
}

/// Orders come with imports alone, and every import is a new version of the catalog.
Result<SalesIndex> read_sales(Connection& connection) {
    std::vector<SalesIndex::Sale> sales;
    Rows rows = connection.query(
        "SELECT p.series, o.placed, sum(i.quantity) FROM orders AS o "
        "JOIN order_items AS i ON i.order_id = o.id JOIN products AS p ON p.sku = i.sku "
        "WHERE o.status NOT IN ('cancelled', 'returned', 'refunded') GROUP BY p.series, o.placed");
    while (rows.next()) sales.push_back({rows.text(0), rows.text(1), rows.integer(2)});
    if (!rows.status()) return fail(rows.error());
    return SalesIndex(std::move(sales));
}

}  // namespace

Result<int64_t> catalog_version(Connection& connection) {
    Rows rows = connection.query("SELECT value FROM counters WHERE name = 'catalog'");
    if (!rows.next()) return fail(rows.error());
    return rows.integer(0);
}

Status bump_catalog_version(Connection& connection) {
    const auto bumped =
        connection.run("UPDATE counters SET value = value + 1 WHERE name = 'catalog'");
    return bumped ? Status{} : fail(bumped.error());
}

CatalogIndex::CatalogIndex(std::unique_ptr<Connection> connection, std::string model_id)
    : connection_(std::move(connection)),
      model_id_(std::move(model_id)),
      loader_([this] { load_loop(); }),
      builder_([this] { build_loop(); }) {
    pthread_setname_np(loader_.native_handle(), "store-index");
    pthread_setname_np(builder_.native_handle(), "store-graph");
}

CatalogIndex::~CatalogIndex() {
    {
        const std::lock_guard lock(mutex_);
        is_closing_ = true;
    }
    wake_.notify_all();
    loader_.join();
    builder_.join();
}

CatalogIndex::SnapshotPtr CatalogIndex::newest() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
}

Result<CatalogIndex::Current> CatalogIndex::current(Connection& connection) {
    const auto version = catalog_version(connection);
    if (!version) return fail(version.error());
    SnapshotPtr snapshot = newest();
    if (!snapshot) {
        if (Status loaded = refresh(); !loaded) return fail(loaded.error());
        snapshot = newest();
    }
    if (snapshot->version == *version) return Current{snapshot, snapshot->docs};
    if (snapshot->version < *version) request_check();
    // The rows of the table are numbered anew with every version.
    auto docs = read_search_docs(connection);
    if (!docs) return fail(docs.error());
    return Current{std::move(snapshot), std::make_shared<const SearchDocs>(std::move(*docs))};
}

void CatalogIndex::request_check() {
    {
        const std::lock_guard lock(mutex_);
        if (checks_wanted_ > checks_done_) return;  // it is on its way
        ++checks_wanted_;
    }
    wake_.notify_all();
}

Status CatalogIndex::refresh() {
    std::unique_lock lock(mutex_);
    const uint64_t wanted = ++checks_wanted_;
    wake_.notify_all();
    wake_.wait(lock, [&] { return checks_done_ >= wanted || is_closing_; });
    return checks_done_ >= wanted ? checked_ : fail(ErrorKind::kUnavailable, "store", "closing");
}

void CatalogIndex::on_change(std::function<void()> changed) {
    const std::lock_guard lock(change_mutex_);
    changed_ = std::move(changed);
}

void CatalogIndex::load_loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        const auto has_work = [this] { return is_closing_ || checks_wanted_ > checks_done_; };
        // Before the first search there is nothing to keep up to date.
        if (snapshot_)
            wake_.wait_for(lock, kCheckEvery, has_work);
        else
            wake_.wait(lock, has_work);
        if (is_closing_) return;
        const uint64_t wanted = checks_wanted_;
        lock.unlock();
        Status checked = check();
        if (!checked) base::log_failure("store.index_failed", checked.error());
        lock.lock();
        checked_ = std::move(checked);
        checks_done_ = wanted;
        wake_.notify_all();
        // What failed is not tried again by every search.
        if (!checked_) wake_.wait_for(lock, kCheckEvery, [this] { return is_closing_.load(); });
    }
}

Status CatalogIndex::check() {
    if (Status begun = connection_->script("BEGIN"); !begun) return begun;
    const SnapshotPtr before = newest();
    const auto version = catalog_version(*connection_);
    Status status = version ? Status{} : fail(version.error());
    SnapshotPtr after = before;
    if (status && (!before || before->version != *version)) {
        auto loaded = load(*version, before ? before->vectors->graph() : nullptr);
        if (loaded)
            publish(after = std::move(*loaded));
        else
            status = fail(loaded.error());
    }
    (void)connection_->script("COMMIT");  // nothing was changed, so nothing can be lost
    const std::lock_guard lock(change_mutex_);
    if (before && after != before && changed_) changed_();
    return status;
}

Result<CatalogIndex::SnapshotPtr> CatalogIndex::load(int64_t version,
                                                     std::shared_ptr<const VectorGraph> graph) {
    Connection& connection = *connection_;
    const auto all = all_series(connection);
    if (!all) return fail(all.error());
    const auto products = all_products(connection);
    if (!products) return fail(products.error());
    auto counts = count_tokens(connection);
    if (!counts) return fail(counts.error());
    auto vocabulary = read_vocabulary(connection);
    if (!vocabulary) return fail(vocabulary.error());
    auto vectors = vectors_of_model(connection, model_id_);
    if (!vectors) return fail(vectors.error());
    auto sales = read_sales(connection);
    if (!sales) return fail(sales.error());
    auto docs = read_search_docs(connection);
    if (!docs) return fail(docs.error());
    return std::make_shared<const Snapshot>(Snapshot{
        .version = version,
        .facets = std::make_shared<const FacetIndex>(*all, *products),
        .names = std::make_shared<const NameIndex>(make_names(*all, *counts)),
        .topics = std::make_shared<const TopicIndex>(*all, *vocabulary),
        .vectors = std::make_shared<const VectorIndex>(std::move(*vectors), std::move(graph)),
        .vocabulary = std::make_shared<const Vocabulary>(std::move(*vocabulary)),
        .tokens = std::make_shared<const TokenCounts>(std::move(*counts)),
        .sales = std::make_shared<const SalesIndex>(std::move(*sales)),
        .docs = std::make_shared<const SearchDocs>(std::move(*docs))});
}

void CatalogIndex::publish(SnapshotPtr snapshot) {
    {
        const std::lock_guard lock(mutex_);
        snapshot_ = snapshot;
        if (snapshot->vectors->wants_graph()) wants_graph_ = std::move(snapshot);
    }
    wake_.notify_all();
}

void CatalogIndex::build_loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_closing_ || wants_graph_; });
        if (is_closing_) return;
        const SnapshotPtr source = std::exchange(wants_graph_, nullptr);
        is_building_ = true;
        lock.unlock();
        auto graph = std::make_shared<const VectorGraph>(source->vectors->live(),
                                                         [this] { return is_closing_.load(); });
        lock.lock();
        if (is_closing_) return;
        // The catalog may have changed while the graph grew: it serves the newest version all the
        // same.
        Snapshot next = *snapshot_;
        next.vectors = std::make_shared<const VectorIndex>(next.vectors->live(), std::move(graph));
        snapshot_ = std::make_shared<const Snapshot>(std::move(next));
        is_building_ = false;
        wake_.notify_all();
    }
}

void CatalogIndex::wait_until_built() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !is_building_ && !wants_graph_; });
}

}  // namespace hayate::store
