#include "io/store/import/import.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/import/day.hpp"
#include "io/store/import/folder.hpp"
#include "io/store/import/row_files.hpp"
#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

constexpr std::string_view kSeries =
    R"({"id":"op","title":{"en":"One Piece","ja":"ワンピース","romaji":"Wan Pīsu"},)"
    R"("aliases":["OP"],"authors":[{"en":"Eiichiro Oda","ja":"尾田栄一郎"}],"start_year":1997,)"
    R"("status":"ongoing","genres":["adventure"],"demographic":"shonen",)"
    R"("description":{"en":"Pirates.","ja":"海賊。"}})";
constexpr std::string_view kProduct =
    R"({"sku":"op-1","series":"op","kind":"volume","language":"en","volume":1,)"
    R"("title":{"en":"One Piece 1"},"price_yen":500,"stock":3,"release_date":"today-3"})";
constexpr std::string_view kFaq =
    R"({"id":"ship","topic":"shipping","question":{"en":"Do you ship?","ja":"配送しますか"},)"
    R"("variants":{"en":["delivery"],"ja":[]},"answer":{"en":"Yes.","ja":"はい。"}})";
constexpr std::string_view kCustomer =
    R"({"id":"c-1","name":{"en":"Yuki"},"language":"ja","city":{"en":"Osaka"},)"
    R"("favorite_genres":["adventure"],"points":5,"member_since":"2020-01-31",)"
    R"("owned":["op-1"]})";
constexpr std::string_view kOrder =
    R"({"id":"o-1","customer":"c-1","placed":"today-1","status":"shipped",)"
    R"("items":[{"sku":"op-1","quantity":2,"price_yen":500}],"shipping_yen":350,)"
    R"("total_yen":1350,"city":"Osaka","eta":"today+2"})";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out(text);
    const size_t at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
}

class ImportTest : public StoreTest {
  protected:
    void write_all() {
        data_.write("catalog/series.jsonl", kSeries);
        data_.write("catalog/products.jsonl", kProduct);
        data_.write("faq/faq.jsonl", kFaq);
        data_.write("customers/customers.jsonl", kCustomer);
        data_.write("orders/orders.jsonl", kOrder);
    }
    Result<ImportReport> import() {
        const Embedder embedder{"test-model", [this](std::string_view text) {
                                    ++embedded_;
                                    return std::vector<float>{static_cast<float>(text.size()), 1};
                                }};
        return import_folder(*stores_->database, data_.path(), "2026-11-24", embedder);
    }
    /// The problems of an import in which one file was changed.
    std::string problems_with(const std::string& file, std::string_view content) {
        write_all();
        data_.write(file, content);
        const auto report = import();
        EXPECT_TRUE(report) << report.error().internal;
        if (!report) return {};
        EXPECT_EQ(report->is_stored, report->problem_count == 0);
        std::string all;
        for (const Problem& problem : report->problems) all += describe(problem) + "\n";
        return all;
    }

    TempFolder data_;
    int embedded_ = 0;
};

TEST_F(ImportTest, StoresEverythingAndResolvesDays) {
    write_all();
    const auto report = import();
    ASSERT_TRUE(report) << report.error().internal;
    EXPECT_TRUE(report->is_stored) << describe(report->problems.at(0));
    EXPECT_EQ(report->counts.size(), 5U);
    const auto product = run([&] { return stores_->catalog.product("op-1", {}); });
    ASSERT_TRUE(product && *product);
    EXPECT_EQ((*product)->release_date, "2026-11-21");
    const auto order = run([&] { return stores_->orders.order("o-1", "c-1", {}); });
    ASSERT_TRUE(order && *order);
    EXPECT_EQ((*order)->eta, "2026-11-26");
    EXPECT_EQ((*order)->items.at(0).title.en, "One Piece 1");
    const auto series = run([&] { return stores_->catalog.series("op", {}); });
    ASSERT_TRUE(series && *series);
    EXPECT_EQ((*series)->authors.at(0).ja, "尾田栄一郎");
    EXPECT_EQ((*series)->romaji, "Wan Pīsu");
    const auto hits = run([&] { return stores_->catalog.search("わんぴーす", {}, 5, {}); });
    ASSERT_TRUE(hits);
    ASSERT_EQ(hits->size(), 1U);
    EXPECT_EQ(hits->at(0).products.size(), 1U);
}

TEST_F(ImportTest, ImportingAgainEmbedsOnlyWhatChanged) {
    write_all();
    ASSERT_TRUE(import());
    const int first = std::exchange(embedded_, 0);
    EXPECT_EQ(first, 4 + 3);
    ASSERT_TRUE(import());
    EXPECT_EQ(embedded_, 0);
    data_.write("catalog/series.jsonl", replaced(kSeries, "Pirates.", "More pirates."));
    const auto report = import();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->embedded, 1U);
    const Embedder other{"other-model", [](std::string_view) { return std::vector<float>{1, 0}; }};
    EXPECT_EQ(refresh_vectors(*stores_->database, other), 7U);
    EXPECT_EQ(refresh_vectors(*stores_->database, other), 0U);
}

TEST_F(ImportTest, AStartWithoutAnEmbedderKeepsTheVectors) {
    write_all();
    ASSERT_TRUE(import());
    EXPECT_EQ(refresh_vectors(*stores_->database, Embedder{}), 0U);
    embedded_ = 0;
    ASSERT_TRUE(import());
    EXPECT_EQ(embedded_, 0);
}

TEST_F(ImportTest, AKindWithoutAFileStaysAndSessionsAreUntouched) {
    write_all();
    ASSERT_TRUE(import());
    ASSERT_TRUE(run([&] {
        return stores_->sessions.begin_turn(
            {.owner = {"t", "u"}, .session = "s", .client_msg_id = "m"}, {});
    }));
    std::filesystem::remove_all(data_.path() / "catalog");
    std::filesystem::remove_all(data_.path() / "orders");
    data_.write("faq/faq.jsonl", replaced(kFaq, "\"ship\"", "\"ship2\""));
    const auto report = import();
    ASSERT_TRUE(report && report->is_stored);
    EXPECT_EQ(number("SELECT count(*) FROM products"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM orders"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM faq WHERE id = 'ship2'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM faq"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM turns"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM search_docs"), 2);
}

TEST_F(ImportTest, NothingIsStoredWhenOneRowIsWrong) {
    write_all();
    data_.write("orders/orders.jsonl", replaced(kOrder, "\"op-1\"", "\"op-2\""));
    const auto report = import();
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->is_stored);
    ASSERT_EQ(report->problem_count, 1U);
    EXPECT_EQ(describe(report->problems[0]),
              "orders/orders.jsonl:1: items: names a product \"op-2\", which does not exist; did "
              "you mean 'op-1'?");
    EXPECT_EQ(number("SELECT count(*) FROM series"), 0);
    EXPECT_TRUE(*is_catalog_empty(*stores_->database));
}

TEST_F(ImportTest, SeriesInUseCannotBeLost) {
    write_all();
    ASSERT_TRUE(import());
    std::filesystem::remove(data_.path() / "catalog/products.jsonl");
    data_.write("catalog/series.jsonl", replaced(kSeries, "\"op\"", "\"other\""));
    const auto refused = import();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().internal, HasSubstr("import products as well"));
    EXPECT_EQ(number("SELECT count(*) FROM series WHERE id = 'op'"), 1);
}

TEST_F(ImportTest, SaysWhatIsWrongWhere) {
    const std::string file = "catalog/products.jsonl";
    const struct {
        std::string_view from, to, expected;
    } cases[] = {
        {"\"price_yen\"", "\"price\"", "price: is not a known field; did you mean 'price_yen'?"},
        {"\"price_yen\":500", "\"price_yen\":\"500\"", "price_yen: must be a whole number from 0"},
        {"500", "-1", "price_yen: must be a whole number from 0"},
        {"500", "1e400", "price_yen: must be a whole number"},
        {"500", "99999999999999999999999", "price_yen: must be a whole number"},
        {"\"stock\":3,", "", "stock: is missing"},
        {"today-3", "2026-02-30", "release_date: must be a day such as 2026-11-24"},
        {"today-3", "yesterday", "release_date: must be a day"},
        {"\"series\":\"op\"", "\"series\":\"oq\"",
         "series: names a series \"oq\", which does not exist"},
        {"\"language\":\"en\"", "\"language\":\"fr\"",
         "language: must be one of en, ja, not \"fr\""},
        {"{\"en\":\"One Piece 1\"}", "\"One Piece 1\"", "title: must be an object"},
        {"{\"en\":\"One Piece 1\"}", "{}", "title: needs a text in en or ja"},
        {"\"en\":\"One Piece 1\"", "\"english\":\"x\"", "title.english: is not a known field"},
        {"\"volume\":1", "\"volumes\":[3,1]", "volumes: must be the first and the last of a range"},
        {"\"volume\":1", "\"volumes\":[1]", "volumes: must be the first and the last of a range"},
        {"op-1", "op 1", "sku: must be letters, digits"},
        {"One Piece 1", "One\\u0000Piece", "title.en: contains control characters"},
        {"One Piece 1", "One \xff", "is not valid UTF-8"},
        {"{\"sku\"", "[{\"sku\"", "is not valid JSON"},
    };
    for (const auto& c : cases) {
        const std::string problems = problems_with(file, "\n" + replaced(kProduct, c.from, c.to));
        EXPECT_THAT(problems, HasSubstr(c.expected)) << c.to;
        EXPECT_THAT(problems, HasSubstr("catalog/products.jsonl:2: ")) << c.to;
    }
    EXPECT_THAT(problems_with(file, std::string(kProduct) + "\n" + std::string(kProduct)),
                HasSubstr("products.jsonl:2: repeats \"op-1\" of line 1"));
    EXPECT_THAT(
        problems_with("orders/orders.jsonl", replaced(kOrder, "\"quantity\":2", "\"quantity\":0")),
        HasSubstr("items[0].quantity: must be"));
    EXPECT_THAT(problems_with("orders/orders.jsonl", replaced(kOrder, "shipped", "shiped")),
                HasSubstr("did you mean 'shipped'?"));
}

TEST_F(ImportTest, ShowsFiftyProblemsAndCountsTheRest) {
    write_all();
    std::string rows;
    for (int i = 0; i < 200; ++i) rows += "{}\n";
    data_.write("customers/customers.jsonl", rows);
    const auto report = import();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->problems.size(), 50U);
    EXPECT_GT(report->problem_count, 200U);
}

TEST_F(ImportTest, ReadsCsvLikeJson) {
    write_all();
    ASSERT_TRUE(import());
    data_.write("catalog/series.csv",
                "\xEF\xBB\xBFid,title_en,title_ja,title_romaji,aliases,authors_en,authors_ja,start_"
                "year,status,genres,"
                "demographic,description_en,description_ja,volumes\r\n"
                "op,One Piece,ワンピース,,OP;Wan,Eiichiro "
                "Oda,尾田栄一郎,1997,ongoing,adventure;comedy,shonen,"
                "\"Pirates, \"\"big\"\" laughs\nand tears\",海賊,\r\n");
    data_.write("catalog/products.csv",
                "sku,series,kind,language,volumes,title_en,price_yen,stock,release_date\n"
                "op-1,op,box_set,en,1;3,Box,500,3,today\n");
    data_.write("faq/faq.csv",
                "id,topic,question_en,variants_en,answer_en\nship,shipping,Do you?,a;b,Yes\n");
    data_.write("orders/orders.csv",
                "id,customer,placed,status,items,shipping_yen,total_yen,city,note_en\n"
                "o-1,c-1,today-1,shipped,op-1:2:500;op-1:1:450,350,1800,Osaka,Leave at door\n");
    for (const char* json : {"catalog/series.jsonl", "catalog/products.jsonl", "faq/faq.jsonl",
                             "orders/orders.jsonl"}) {
        std::filesystem::remove(data_.path() / json);
    }
    const auto report = import();
    ASSERT_TRUE(report) << report.error().internal;
    ASSERT_TRUE(report->is_stored) << describe(report->problems.at(0));
    const auto series = run([&] { return stores_->catalog.series("op", {}); });
    EXPECT_THAT((*series)->aliases, ElementsAre("OP", "Wan"));
    EXPECT_EQ((*series)->authors.at(0).ja, "尾田栄一郎");
    EXPECT_EQ((*series)->description.en, "Pirates, \"big\" laughs\nand tears");
    const auto order = run([&] { return stores_->orders.order("o-1", "c-1", {}); });
    EXPECT_EQ((*order)->items.size(), 2U);
    EXPECT_EQ((*order)->items.at(1).price_yen, 450);
    EXPECT_EQ((*order)->note.en, "Leave at door");
    const auto product = run([&] { return stores_->catalog.product("op-1", {}); });
    EXPECT_THAT((*product)->volumes, Optional(std::pair(1, 3)));

    data_.write("catalog/products.csv",
                "sku,series,kind,language,title_en,price_yen,stok,release_date\n"
                "op-1,op,volume,en,X,abc,3,today\n\"open,op\n");
    const auto wrong = import();
    ASSERT_TRUE(wrong);
    std::string all;
    for (const Problem& problem : wrong->problems) all += describe(problem) + "\n";
    EXPECT_THAT(all,
                HasSubstr("products.csv:2: stok: is not a known field; did you mean 'stock'?"));
    EXPECT_THAT(all, HasSubstr("products.csv:2: price_yen: must be a whole number"));
    EXPECT_THAT(all, HasSubstr("products.csv:3: has a quote"));
}

TEST_F(ImportTest, ValidatingChangesNothingAndNeedsNoDatabase) {
    write_all();
    const auto alone = validate_folder(nullptr, data_.path(), "2026-11-24");
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->problem_count, 0U);
    EXPECT_FALSE(alone->is_stored);
    EXPECT_TRUE(*is_catalog_empty(*stores_->database));
    const TempFolder empty;
    EXPECT_EQ(validate_folder(nullptr, empty.path(), "2026-11-24").error().kind,
              ErrorKind::kNotFound);
}

TEST_F(ImportTest, MutatedRowsAreReportedOrStoredWholeButNeverCrash) {
    std::mt19937 random(11);
    const std::vector<std::pair<std::string, std::string_view>> files = {
        {"catalog/series.jsonl", kSeries},
        {"catalog/products.jsonl", kProduct},
        {"faq/faq.jsonl", kFaq},
        {"customers/customers.jsonl", kCustomer},
        {"orders/orders.jsonl", kOrder}};
    const std::vector<std::string> pieces = {"\"",  "{", "}",    "[",   "]",  ",",  ":",    "null",
                                             "1e9", "-", "\xff", "\\u", "\n", "鬼", "true", "0"};
    int stored = 0;
    for (int i = 0; i < 300; ++i) {
        write_all();
        const auto& [file, content] = files[random() % files.size()];
        std::string mutated(content);
        for (size_t n = random() % 3 + 1; n > 0; --n) {
            const size_t at = random() % mutated.size();
            mutated.replace(at, random() % 4, pieces[random() % pieces.size()]);
        }
        data_.write(file, mutated);
        const auto report = import();
        if (report) EXPECT_EQ(report->is_stored, report->problem_count == 0) << mutated;
        stored += report && report->is_stored ? 1 : 0;
    }
    EXPECT_GT(stored, 0);
    EXPECT_LT(stored, 300);
}

TEST(Csv, AnyBytesEndAndKeepTheirLines) {
    std::mt19937 random(12);
    const std::vector<std::string> pieces = {"\"", ",", "\r\n", "\n", "\r", "a", "鬼", "\"\"", ";"};
    for (int i = 0; i < 2000; ++i) {
        std::string content = "h1,h2\n";
        for (int n = 0; n < 30; ++n) content += pieces[random() % pieces.size()];
        Problems problems;
        for (const Row& row : rows_of_csv(content, "x.csv", problems)) {
            EXPECT_EQ(row.fields.size(), 2U);
            EXPECT_LE(row.line, static_cast<size_t>(std::ranges::count(content, '\n')) + 1);
        }
    }
}

TEST(Day, IsACalendarDayOrCountsFromToday) {
    EXPECT_EQ(resolve_day("2024-02-29", "2026-11-24"), "2024-02-29");
    EXPECT_EQ(resolve_day("today", "2026-11-24"), "2026-11-24");
    EXPECT_EQ(resolve_day("today+12", "2026-11-24"), "2026-12-06");
    EXPECT_EQ(resolve_day("today-24", "2026-11-24"), "2026-10-31");
    for (const char* wrong :
         {"", "2026-02-29", "2026-13-01", "26-01-01", "today+", "today-", "today3", "today+-3",
          "today+1x", "today+99999999", "2026/01/01", "tomorrow"}) {
        EXPECT_FALSE(resolve_day(wrong, "2026-11-24")) << wrong;
    }
}

}  // namespace
}  // namespace hayate::store
