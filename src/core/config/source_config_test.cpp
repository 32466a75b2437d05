#include "core/config/source_config.hpp"

#include <gtest/gtest.h>

#include "core/config/yaml_fields.hpp"

namespace hayate::config {
namespace {

/// The problems of `sources:` with these lines below it; the first of them is line 2.
std::string problems(const std::string& lines, SourceConfigs* read = nullptr) {
    SourceConfigs sources = default_sources();
    KeyPlaces places("a.yaml");
    Problems found =
        read_yaml("sources:\n" + lines, places, [&](Fields& fields) { declare(fields, sources); });
    append(found, check_sources(sources, {"en", "ja"}, places));
    append(found, check_source_files(sources, places));
    sort_by_place(found);
    if (read) *read = sources;
    return format(found);
}

const std::string kGood =
    "  stock:\n"
    "    kind: http\n"
    "    url: http://127.0.0.1:9/find/{question}?lang={language}[[&who={customer}]]\n"
    "    headers: {x-shop: tokyo}\n"
    "    secret_headers: {authorization: {env: STOCK_KEY, prefix: 'Bearer '}}\n"
    "    select: {in_store: /items/0/stock}\n"
    "    label: {en: Stock, ja: 在庫}\n"
    "    timeout_ms: 300\n";

TEST(Sources, AreAddedByALineAndTheFourStay) {
    SourceConfigs sources;
    ASSERT_EQ(problems(kGood + "  orders: {timeout_ms: 10}\n  late: {kind: retrieval}\n", &sources),
              "");
    EXPECT_EQ(sources.size(), 6U);
    EXPECT_EQ(sources.at("stock").kind_name(), "http");
    EXPECT_EQ(sources.at("stock").timeout_ms, 300);
    EXPECT_EQ(sources.at("orders").kind_name(), "orders");
    EXPECT_EQ(sources.at("retrieval").timeout_ms, 2000);
    EXPECT_EQ(sources.at("late").kind_name(), "retrieval");
}

TEST(Sources, KnowTheValuesOfWhatTheyNeed) {
    EXPECT_EQ(problems(kGood + "  carrier:\n"
                               "    kind: http\n"
                               "    needs: [orders, stock, retrieval]\n"
                               "    url: https://c.example/{order}/{stock_in_store}/{series}\n"
                               "    select: {where: /at}\n"),
              "");
}

TEST(Sources, SplitTheirUrlWhereNoPlaceholderReaches) {
    EXPECT_EQ(split_source_url("https://[::1]:8443?q={question}").endpoint, "https://[::1]:8443");
    EXPECT_EQ(split_source_url("https://[::1]:8443?q={question}").target, "/?q={question}");
    EXPECT_EQ(split_source_url("http://h/a/b").target, "/a/b");
    EXPECT_EQ(split_source_url("http://h").target, "/");
}

struct Mistake {
    std::string lines;
    int line;
    std::string says;
};

std::string with(std::string_view from, std::string_view to) {
    std::string lines = kGood;
    lines.replace(lines.find(from), from.size(), to);
    return lines;
}

TEST(Sources, EachMistakeIsNamedWithItsLine) {
    const std::vector<Mistake> cases{
        {"  stock: {timeout_ms: 5}\n", 2, "sources.stock: kind is missing: one of retrieval"},
        {with("kind: http", "kind: htp"), 3, "sources.stock.kind: expected one of"},
        {"  orders: {timeout_ms: -1}\n", 2,
         "expected a whole number from 1 to 60000, found \"-1\""},
        {"  orders: {url: http://x/}\n", 2, "sources.orders.url: only a source of kind http"},
        {"  Stock-2: {kind: orders}\n", 2, "expected a name of a-z, 0-9 and _"},
        {with("http://127.0.0.1:9", "ftp://127.0.0.1"), 4, "begins with http:// or https://"},
        {with("127.0.0.1:9", "{customer}.example"), 4, "expected a host name or address"},
        {with("127.0.0.1:9", "user:pw@host"), 4, "no user, password"},
        {with("{question}", "{qestion}"), 4, "{qestion}; did you mean 'question'?"},
        {with("{question}", "{order}"), 4,
         "unknown placeholder {order}; it comes with needs: [ord"},
        {with("{question}", "{question"), 4, "not a placeholder name"},
        {with("{question}", "a#b"), 4, "without spaces, '#'"},
        {with("x-shop", "host"), 5, "headers.host: expected a header of the service's own"},
        {with("tokyo", "\"a\\r\\nb\""), 5, "expected plain ASCII on one line"},
        {with("env: STOCK_KEY", "env: sk-1234"), 6, "never the secret itself"},
        {with("env: STOCK_KEY", "env: A, file: /x"), 6, "expected one of env and file"},
        {with("env: STOCK_KEY", "file: /no/such/secret"), 6, "the file does not exist"},
        {with("/items/0/stock", "items.0"), 7, "expected a JSON pointer"},
        {with("/items/0/stock", "/a~2"), 7, "expected a JSON pointer"},
        {with(", ja: 在庫", ""), 8, "label.ja: a text is missing"},
        {kGood + "  a: {kind: orders, needs: [b]}\n  b: {kind: orders, needs: [a]}\n", 10,
         "sources.a.needs: needs itself in a circle: a -> b -> a"},
        {kGood + "  a: {kind: orders, needs: [ordrs]}\n", 10, "did you mean 'orders'?"},
    };
    for (const Mistake& mistake : cases) {
        const std::string found = problems(mistake.lines);
        EXPECT_NE(found.find(mistake.says), std::string::npos) << mistake.says << "\n" << found;
        EXPECT_NE(found.find("a.yaml:" + std::to_string(mistake.line) + ": "), std::string::npos)
            << mistake.says << "\n"
            << found;
        EXPECT_EQ(found.find("sk-1234"), std::string::npos) << "a secret is repeated";
        EXPECT_EQ(found.find("/no/such/secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace hayate::config
