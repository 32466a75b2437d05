// Structured questions over the real catalog, by the real finder and store: no product that is
// shown violates what was asked, nothing that fits is withheld, and where nothing fits nothing is
// shown. What fits is decided here, from the JSONL files, by code of its own.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/cli/names.hpp"
#include "app/cli/understanding.hpp"
#include "engine/understand/product_query.hpp"
#include "io/store/import/import.hpp"
#include "io/store/test_store.hpp"
#include "test/support/source_dir.hpp"

namespace hayate {
namespace {

namespace json = boost::json;

constexpr const char* kToday = "2026-11-24";

std::filesystem::path assistant_folder() { return test::source_dir() / "assistants/mangaassist"; }

std::vector<json::object> rows_of(const std::string& file) {
    std::ifstream stream(assistant_folder() / "catalog" / file);
    std::vector<json::object> rows;
    for (std::string line; std::getline(stream, line);)
        if (!line.empty()) rows.push_back(json::parse(line).as_object());
    return rows;
}

/// "today+3" as a day, for the day of this test.
std::string day_of(std::string text) {
    if (!text.starts_with("today")) return text;
    using namespace std::chrono;
    const int offset = text.size() > 5 ? std::stoi(text.substr(5)) : 0;
    const year_month_day date(sys_days(year(2026) / November / 24) + days(offset));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string text_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}
std::optional<int64_t> number_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
        if (!part.empty()) parts.push_back(part);
    return parts;
}

/// A product as the files have it, with what matters of its series.
struct Item {
    json::object product;
    const json::object* series = nullptr;

    [[nodiscard]] std::vector<std::string> values(const std::string& field) const {
        if (field == "series" || field == "kind" || field == "language")
            return {text_of(product, field.c_str())};
        if (field == "demographic" || field == "status") return {text_of(*series, field.c_str())};
        std::vector<std::string> all;
        if (field == "genre") {
            for (const auto& genre : series->at("genres").as_array())
                all.emplace_back(genre.as_string());
        } else if (field == "author") {
            for (const auto& author : series->at("authors").as_array())
                all.push_back(text_of(author.as_object(), "en"));
        } else {
            throw std::runtime_error("no such field: " + field);
        }
        return all;
    }
    [[nodiscard]] std::optional<int64_t> number(const std::string& field) const {
        if (field == "price") return number_of(product, "price_yen");
        if (field == "volume") return number_of(product, "volume");
        if (field == "length") return number_of(*series, "volumes");
        if (field == "start") return number_of(*series, "start_year");
        throw std::runtime_error("no such number: " + field);
    }
    [[nodiscard]] std::string released() const { return day_of(text_of(product, "release_date")); }
};

/// One part of the table's second column.
struct Condition {
    std::string field;
    bool is_negated = false;
    std::string value;  // "a|b", "from..to", or empty

    explicit Condition(const std::string& text) {
        const size_t equals = text.find('=');
        field = text.substr(0, equals);
        if (equals == std::string::npos) return;
        is_negated = field.ends_with('!');
        if (is_negated) field.pop_back();
        value = text.substr(equals + 1);
        std::ranges::replace(value, '_', field == "author" ? ' ' : '_');
    }
    [[nodiscard]] bool is_order() const { return field == "sort" || field == "like"; }
    [[nodiscard]] bool holds(const Item& item) const {
        if (is_order()) return true;
        if (field == "stock")
            return *number_of(item.product, "stock") > 0 && item.released() <= kToday;
        const size_t dots = value.find("..");
        if (dots == std::string::npos) {
            const auto wanted = split(value, '|');
            const auto has = item.values(field);
            const bool is_one = std::ranges::any_of(
                has, [&](const std::string& v) { return std::ranges::count(wanted, v) > 0; });
            return is_one != is_negated;
        }
        const std::string low = value.substr(0, dots);
        const std::string high = value.substr(dots + 2);
        if (field == "released") {
            const std::string day = item.released();
            return (low.empty() || day >= day_of(low)) && (high.empty() || day <= day_of(high));
        }
        const auto number = item.number(field);
        return number && (low.empty() || *number >= std::stoll(low)) &&
               (high.empty() || *number <= std::stoll(high));
    }
};

struct Case {
    std::string question;
    std::vector<Condition> conditions;
    [[nodiscard]] bool holds(const Item& item) const {
        return std::ranges::all_of(conditions, [&](const Condition& c) { return c.holds(item); });
    }
    [[nodiscard]] std::string sort() const {
        for (const Condition& condition : conditions)
            if (condition.field == "sort") return condition.value;
        return "";
    }
};

Case case_of(std::string question, const std::string& conditions) {
    Case made{.question = std::move(question)};
    if (conditions == "-") return made;
    for (const std::string& part : split(conditions, ' ')) made.conditions.emplace_back(part);
    return made;
}

std::vector<Case> written_cases() {
    std::ifstream file(test::source_dir() / "test/retrieval/structured.tsv");
    std::vector<Case> cases;
    for (std::string line; std::getline(file, line);) {
        const size_t tab = line.find('\t');
        if (line.empty() || line.front() == '#' || tab == std::string::npos) continue;
        cases.push_back(case_of(line.substr(0, tab), line.substr(tab + 1)));
    }
    return cases;
}

class Shop {
  public:
    static Shop& open() {
        static Shop shop;
        return shop;
    }
    understand::ProductQuery read(const std::string& question) {
        units_.read(question);
        finder_->find(units_, matches_, entities_);
        return reader_->query_of(units_, entities_, kToday);
    }
    std::vector<store::Hit> find(const std::string& question, int count = 1000) {
        return find(read(question).filter, question, count);
    }
    std::vector<store::Hit> find(const store::ProductFilter& filter, const std::string& question,
                                 int count = 1000) {
        return shard_
            .run([&] { return stores_->catalog.find_products(filter, question, {}, count, {}); })
            .value();
    }
    std::map<std::string, Item> items_;  // by sku

  private:
    Shop() {
        for (json::object& row : rows_of("series.jsonl")) {
            const std::string id = text_of(row, "id");
            series_.emplace(id, std::move(row));
        }
        for (json::object& row : rows_of("products.jsonl")) {
            const std::string sku = text_of(row, "sku");
            const json::object* series = &series_.at(text_of(row, "series"));
            items_.emplace(sku, Item{std::move(row), series});
        }
        auto names = cli::load_names(assistant_folder().string());
        if (!names) throw std::runtime_error(names.error().internal);
        finder_ = std::make_unique<understand::EntityFinder>(std::move(*names), R"(MNG-\d{5})");
        const auto cues = cli::load_cues(assistant_folder().string());
        if (!cues) throw std::runtime_error(cues.error().internal);
        reader_ = std::make_unique<understand::ProductQueryReader>(*cues);
        auto opened = store::open_stores({.path = folder_.file("hayate.db")}, "none");
        if (!opened) throw std::runtime_error(opened.error().internal);
        stores_ = std::move(*opened);
        const auto imported =
            store::import_folder(*stores_->database, assistant_folder(), kToday, {});
        if (!imported || !imported->is_stored) throw std::runtime_error("import failed");
    }
    std::map<std::string, json::object> series_;
    std::unique_ptr<understand::EntityFinder> finder_;
    std::unique_ptr<understand::ProductQueryReader> reader_;
    text::Units units_;
    std::vector<text::NameFinder::Match> matches_;
    std::vector<understand::Entity> entities_;
    store::TempFolder folder_;
    test::TestShard shard_;
    std::unique_ptr<store::SqliteStores> stores_;
};

/// Where the first product shown should stand among all that fit, for a sort.
void expect_extreme(const Case& asked, const std::string& sku,
                    const std::set<std::string>& fitting) {
    const auto key = [&](const std::string& of) -> std::pair<int64_t, std::string> {
        const Item& item = Shop::open().items_.at(of);
        const std::string sort = asked.sort();
        if (sort == "cheapest") return {*item.number("price"), ""};
        if (sort == "dearest") return {-*item.number("price"), ""};
        return {0, item.released()};
    };
    for (const std::string& other : fitting) {
        const bool is_newest = asked.sort() == "newest";
        EXPECT_LE(is_newest ? key(other) : key(sku), is_newest ? key(sku) : key(other))
            << asked.question << ": " << other << " comes before " << sku;
    }
}

void check(const Case& asked) {
    std::set<std::string> fitting;  // skus
    std::set<std::string> wanted;   // series
    for (const auto& [sku, item] : Shop::open().items_) {
        if (!asked.holds(item)) continue;
        fitting.insert(sku);
        wanted.insert(text_of(item.product, "series"));
    }
    const auto hits = Shop::open().find(asked.question);
    std::set<std::string> shown;
    for (const store::Hit& hit : hits) {
        shown.insert(hit.series.id);
        for (const store::Product& product : hit.products)
            EXPECT_TRUE(fitting.contains(product.sku))
                << asked.question << " shows " << product.sku;
    }
    EXPECT_EQ(shown, wanted) << asked.question;
    if (!asked.sort().empty() && !hits.empty())
        expect_extreme(asked, hits.at(0).products.at(0).sku, fitting);
    EXPECT_EQ(Shop::open().read(asked.question).is_constrained(),
              fitting.size() < Shop::open().items_.size())
        << asked.question;
}

TEST(Structured, WhatIsShownFitsAndWhatFitsIsShown) {
    const std::vector<Case> cases = written_cases();
    ASSERT_GE(cases.size(), 150U);
    for (const Case& asked : cases) check(asked);
}

TEST(Structured, ComparisonsNameWhatTheyCompareWith) {
    for (const Case& asked : written_cases()) {
        std::vector<std::string> like;
        for (const Condition& condition : asked.conditions)
            if (condition.field == "like") like = split(condition.value, '|');
        auto read = Shop::open().read(asked.question).filter.similar_to;
        std::ranges::sort(like);
        std::ranges::sort(read);
        EXPECT_EQ(read, like) << asked.question;
    }
}

/// The same sentences with other values: an answer that does not change was not read.
TEST(Structured, TemplatesWithEveryValue) {
    size_t questions = 0;
    const std::vector<std::pair<const char*, const char*>> authors{
        {"Eiichiro Oda", "尾田栄一郎"},     {"Naoki Urasawa", "浦沢直樹"},
        {"Rumiko Takahashi", "高橋留美子"}, {"Junji Ito", "伊藤潤二"},
        {"Osamu Tezuka", "手塚治虫"},       {"Hiromu Arakawa", "荒川弘"},
        {"Ai Yazawa", "矢沢あい"},          {"Chica Umino", "羽海野チカ"}};
    const std::vector<std::array<const char*, 3>> genres{
        {"horror", "horror", "ホラー"},   {"romance", "romance", "恋愛"},
        {"sports", "sports", "スポーツ"}, {"mystery", "mystery", "ミステリー"},
        {"comedy", "comedy", "コメディ"}, {"fantasy", "fantasy", "ファンタジー"}};
    const std::vector<std::array<const char*, 3>> audiences{{"shonen", "shonen", "少年"},
                                                            {"shojo", "shojo", "少女"},
                                                            {"seinen", "seinen", "青年"},
                                                            {"josei", "josei", "女性"}};
    const auto ask = [&](std::string question, const std::string& conditions) {
        ++questions;
        check(case_of(std::move(question), conditions));
    };
    for (const auto& [en, ja] : authors) {
        std::string key = en;
        std::ranges::replace(key, ' ', '_');
        ask(fmt::format("Do you have anything by {}?", en), "author=" + key);
        ask(fmt::format("{}の作品はありますか", ja), "author=" + key);
        ask(fmt::format("books by {} under 900 yen", en), "price=..899 author=" + key);
        ask(fmt::format("{}以外で1000円以下の漫画", ja), "price=..1000 author!=" + key);
    }
    for (const auto& [key, en, ja] : genres) {
        for (const int price : {500, 600, 800, 2000}) {
            ask(fmt::format("{} manga for {} yen or less", en, price),
                fmt::format("genre={} price=..{}", key, price));
            ask(fmt::format("{}円未満の{}漫画が読みたい", price, ja),
                fmt::format("genre={} price=..{}", key, price - 1));
        }
        ask(fmt::format("I don't like {}, what finished series do you have?", en),
            fmt::format("genre!={} status=finished", key));
        ask(fmt::format("{}じゃない完結済みの作品", ja),
            fmt::format("genre!={} status=finished", key));
    }
    for (const auto& [key, en, ja] : audiences) {
        ask(fmt::format("cheapest {} manga in stock", en),
            fmt::format("demographic={} stock sort=cheapest", key));
        ask(fmt::format("{}漫画で一番安いのは？", ja),
            fmt::format("demographic={} sort=cheapest", key));
        ask(fmt::format("{} manga in English, volume 1", en),
            fmt::format("demographic={} language=en volume=1..1", key));
        ask(fmt::format("2000年代の{}漫画", ja),
            fmt::format("demographic={} start=2000..2009", key));
        ask(fmt::format("new {} releases this month", en),
            fmt::format("demographic={} released=2026-11-01..2026-11-30 sort=newest", key));
    }
    EXPECT_GE(questions, 100U);
}

TEST(Structured, ForeignPricesAreSaidToBeUnknown) {
    EXPECT_TRUE(Shop::open().read("anything under 5 dollars?").has_foreign_price);
    EXPECT_FALSE(Shop::open().read("anything under 500 yen?").has_foreign_price);
}

TEST(Structured, AnyBytesAreRead) {
    for (const char* question :
         {"", " ", "\xff\xfe", "not", "以外", "like", "90s", "円以下", "月", "no no no", "volume",
          "'; DROP TABLE products; --", "年代", "2000s"})
        (void)Shop::open().find(question, 3);
    std::string long_one;
    for (int i = 0; i < 3000; ++i) long_one += "not horror ";
    (void)Shop::open().find(long_one, 3);
}

TEST(Structured, NothingOfTheSeriesThatTheCustomerOwns) {
    auto query = Shop::open().read("recommend a shonen adventure");
    const store::Customer customer{.id = "c", .owned = {"one-piece-ja-v001", "naruto-ja-v001"}};
    const auto before = Shop::open().find(query.filter, "");
    store::leave_out_owned(query.filter, &customer, {});
    const auto after = Shop::open().find(query.filter, "");
    EXPECT_EQ(after.size(), before.size() - 2);
    for (const store::Hit& hit : after)
        EXPECT_TRUE(hit.series.id != "one-piece" && hit.series.id != "naruto");
}

}  // namespace
}  // namespace hayate
