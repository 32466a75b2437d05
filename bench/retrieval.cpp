// Search latency over a synthetic shop: 10,000 products in 2,000 series (8,000 vectors) and 300 FAQ
// entries.
//
//   hayate_bench_retrieval [products] [searches]
//
// Prints JSON: milliseconds of a search as a coroutine sees it, and of CPU for the same search,
// over the flat list while the graph is being built, over the graph, and for products under
// conditions; and of the load. Vectors are random points around the documents, as real questions
// are near theirs; every fourth question names a genre and an audience.
//
// CPU is that of the whole process while the search runs, and nothing else does once the graph is
// built: on a machine that others use as well it is what the search costs, where the wall clock
// says how long it was kept waiting, too.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "io/runtime/scope.hpp"
#include "io/runtime/shard.hpp"
#include "io/store/sqlite/catalog_rows.hpp"
#include "io/store/sqlite/search_table.hpp"
#include "io/store/sqlite/stores.hpp"
#include "io/store/sqlite/vector_rows.hpp"

namespace {

using namespace hayate;
using namespace hayate::store;

constexpr size_t kDimensions = 512;
constexpr int kProductsPerSeries = 5;
constexpr int kFaq = 300;

class Shop {
  public:
    explicit Shop(int products) : series_count_(products / kProductsPerSeries) {}

    /// Words as a language has them: a few everywhere, most of them rare; every third one is
    /// Japanese.
    std::string words(int count) {
        static const std::vector<std::string> kKana = {"あ", "い", "か", "き", "さ", "し", "た",
                                                       "ち", "な", "に", "月", "星", "王", "夜"};
        constexpr double kWords = 5000;
        std::uniform_real_distribution<double> uniform;
        std::string out;
        for (int i = 0; i < count; ++i) {
            auto word = static_cast<size_t>(kWords * std::pow(uniform(random_), 3));
            const bool is_japanese = word % 3 == 0;
            for (; word > 0; word /= kKana.size()) {
                const size_t letter = word % kKana.size();
                out +=
                    is_japanese ? kKana[letter] : std::string(1, static_cast<char>('a' + letter));
            }
            out += ' ';
        }
        return out;
    }
    std::vector<float> vector_near(const std::vector<float>* centre) {
        std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(kDimensions)));
        std::vector<float> values(kDimensions);
        float square = 0;
        for (size_t i = 0; i < kDimensions; ++i) {
            values[i] = normal(random_) + (centre != nullptr ? (*centre)[i] : 0);
            square += values[i] * values[i];
        }
        for (float& value : values) value /= std::sqrt(square);
        return values;
    }

    Status fill(Connection& connection) {
        Status status;
        for (int i = 0; i < series_count_ && status; ++i)
            status = add_series(connection, "s" + std::to_string(i));
        for (int i = 0; i < kFaq && status; ++i) {
            const FaqEntry faq{.id = "f" + std::to_string(i),
                               .topic = "t",
                               .question = {words(6), words(6)},
                               .answer = {words(30), words(30)}};
            status = insert(connection, faq);
        }
        if (status) status = replace_vectors(connection, HitKind::kSeries, "bench", vectors_);
        if (status) status = rebuild_search_table(connection);
        return status ? bump_catalog_version(connection) : status;
    }

    static std::string genre(int number) { return "g" + std::to_string(number % 32); }
    static std::string day(int number) {
        std::string text = "2000-01-01";
        text[2] = static_cast<char>('0' + number % 3);
        text[3] = static_cast<char>('0' + number % 7);
        text[6] = static_cast<char>('1' + number % 9);
        text[9] = static_cast<char>('1' + number % 8);
        return text;
    }
    /// What customers ask: from a condition that nearly everything satisfies to several at once.
    static ProductFilter filter(int number) {
        ProductFilter filter;
        switch (number % 8) {
            case 0:
                filter.price_high = 1000;
                filter.demographics.any = {"shonen"};
                break;
            case 1:
                filter.authors.any = {"Author " + std::to_string(number % 700)};
                break;
            case 2:
                filter.genres_all = {genre(number)};
                filter.languages.any = {"en"};
                filter.is_in_stock = true;
                break;
            case 3:
                filter.sort = ProductSort::kNewest;
                break;
            case 4:
                filter.genres.none = {genre(number)};
                filter.statuses.any = {"finished"};
                filter.sort = ProductSort::kCheapest;
                break;
            case 5:
                filter.release_from = "2010-01-01";
                filter.sort = ProductSort::kTrending;
                filter.today = "2026-11-24";
                break;
            case 6:
                filter.similar_to = {"s" + std::to_string(number)};
                filter.series.none = filter.similar_to;
                break;
            default:
                filter.series.any = {"s" + std::to_string(number)};
                filter.volume_low = filter.volume_high = 3;
        }
        return filter;
    }

    std::vector<StoredVectorPtr> vectors_;

  private:
    Status add_series(Connection& connection, const std::string& id) {
        const int number = std::stoi(id.substr(1));
        Series series{.id = id,
                      .title = {words(3), words(2)},
                      .aliases = {words(1) + id},
                      .authors = {{"Author " + std::to_string(number % 700), ""}},
                      .start_year = 1960 + number % 65,
                      .status = number % 3 == 0 ? "ongoing" : "finished",
                      .volumes = number % 40,
                      .genres = {genre(number), genre(number / 7), genre(number / 11)},
                      .demographic = number % 2 == 0 ? "shonen" : "seinen",
                      .description = {words(40), words(40)}};
        Status status = insert(connection, series);
        for (int volume = 1; volume <= kProductsPerSeries && status; ++volume) {
            const Product product{.sku = id + "-" + std::to_string(volume),
                                  .series = id,
                                  .kind = "volume",
                                  .language = volume % 2 == 0 ? "en" : "ja",
                                  .volume = volume,
                                  .title = series.title,
                                  .price_yen = 400 + (number * 37 + volume * 11) % 1600,
                                  .stock = (number + volume) % 4,
                                  .release_date = day(number + volume)};
            status = insert(connection, product);
        }
        const std::vector<float> centre = vector_near(nullptr);
        for (const char* part : {"title_en", "title_ja", "description_en", "description_ja"}) {
            vectors_.push_back(std::make_shared<StoredVector>(
                StoredVector{{HitKind::kSeries, id}, part, "h", vector_near(&centre)}));
        }
        return status;
    }

    int series_count_;
    std::mt19937 random_{7};
};

double percentile(std::vector<double>& sorted, double p) {
    return sorted[std::min(sorted.size() - 1,
                           static_cast<size_t>(p * static_cast<double>(sorted.size())))];
}

enum class Kind : uint8_t { kSearch, kFilteredSearch, kProducts };

double process_cpu_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// Milliseconds, one of each for a search.
struct Times {
    std::vector<double> wall;
    std::vector<double> cpu;
};

/// Searches one after the other on a shard, as a turn does.
Task<void> search_all(SqliteStores& stores, Shop& shop, Kind kind, int searches, Times& times) {
    for (int i = 0; i < searches; ++i) {
        const auto& near =
            shop.vectors_[static_cast<size_t>(i * 37) % shop.vectors_.size()]->values;
        std::string question = shop.words(6) + " s" + std::to_string(i) + " vol 3";
        if (i % 4 == 2) question += " shonen " + Shop::genre(i);
        std::vector<float> vector = shop.vector_near(&near);
        ProductFilter filter = kind == Kind::kSearch ? ProductFilter{} : Shop::filter(i);
        const auto begin = Clock::now();
        const double cpu_begin = process_cpu_ms();
        const auto hits =
            kind == Kind::kProducts
                ? co_await stores.catalog.find_products(std::move(filter), std::move(question),
                                                        std::move(vector), 5, {})
                : co_await stores.catalog.search(std::move(question), std::move(vector), 5,
                                                 std::move(filter), {});
        times.cpu.push_back(process_cpu_ms() - cpu_begin);
        times.wall.push_back(base::to_ms(Clock::now() - begin));
        if (!hits || hits->empty()) std::abort();
    }
}

void measure(const char* name, SqliteStores& stores, Shop& shop, Kind kind, int searches,
             const char* end) {
    Times times;
    runtime::Shards shards(1);
    shards.start();
    std::promise<void> done;
    runtime::spawn_detached(shards.at(0).executor(), [&]() -> Task<void> {
        co_await search_all(stores, shop, kind, searches / 10, times);  // warm
        times = {};
        co_await search_all(stores, shop, kind, searches, times);
        done.set_value();
    });
    done.get_future().wait();
    std::printf("  \"%s\": {", name);
    for (auto* kind_of_time : {&times.wall, &times.cpu}) {
        const bool is_cpu = kind_of_time == &times.cpu;
        std::ranges::sort(*kind_of_time);
        const char* prefix = is_cpu ? "cpu_" : "";
        std::printf("\"%sp50_ms\": %.2f, \"%sp99_ms\": %.2f, \"%smax_ms\": %.2f%s", prefix,
                    percentile(*kind_of_time, 0.5), prefix, percentile(*kind_of_time, 0.99), prefix,
                    kind_of_time->back(), is_cpu ? "}" : ", ");
    }
    std::printf("%s\n", end);
}

}  // namespace

int main(int argc, char** argv) {
    const int products = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int searches = argc > 2 ? std::atoi(argv[2]) : 2'000;
    const auto folder =
        std::filesystem::temp_directory_path() / ("hayate-bench-" + std::to_string(::getpid()));
    auto stores = open_stores({.path = (folder / "bench.db").string()}, "bench");
    if (!stores) return 1;
    Shop shop(products);
    auto begin = Clock::now();
    if (!(*stores)->database->write_blocking(
            [&](Connection& connection) { return shop.fill(connection); }))
        return 1;
    std::printf("{\n  \"products\": %d, \"vectors\": %zu, \"fill_ms\": %.0f,\n", products,
                shop.vectors_.size(), base::to_ms(Clock::now() - begin));
    begin = Clock::now();
    if (!(*stores)->catalog.warm_up()) return 1;
    std::printf("  \"load_ms\": %.0f,\n", base::to_ms(Clock::now() - begin));
    measure("while_the_graph_is_built", **stores, shop, Kind::kSearch, searches / 10, ",");
    (*stores)->catalog.index().wait_until_built();
    std::printf("  \"graph_ready_after_ms\": %.0f,\n", base::to_ms(Clock::now() - begin));
    measure("with_the_graph", **stores, shop, Kind::kSearch, searches, ",");
    measure("with_conditions", **stores, shop, Kind::kFilteredSearch, searches, ",");
    measure("products_with_conditions", **stores, shop, Kind::kProducts, searches, "");
    std::printf("}\n");
    stores->reset();  // closes the file
    std::filesystem::remove_all(folder);
    return 0;
}
