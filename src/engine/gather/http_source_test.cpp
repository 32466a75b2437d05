#include "engine/gather/http_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/net/http_server.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::gather {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(HttpSourceTarget, EncodesWhateverACustomerWrites) {
    const config::TemplateValues values{{"question", "a/b?c=d&e#f \r\nX: y {customer} %2e 鬼"},
                                        {"language", "ja"}};
    EXPECT_EQ(fill_target("/find/{question}?l={language}[[&who={customer}]]", values),
              "/find/a%2Fb%3Fc%3Dd%26e%23f%20%0D%0AX%3A%20y%20%7Bcustomer%7D%20%252e%20%E9%AC%BC"
              "?l=ja");
}

TEST(HttpSourceTarget, AsksNothingWhenAValueIsMissingOrLeavesThePath) {
    EXPECT_EQ(fill_target("/of/{customer}", {{"question", "x"}}), std::nullopt);
    EXPECT_EQ(fill_target("/of/{customer}", {{"customer", ""}}), std::nullopt);
    EXPECT_EQ(fill_target("/shop/{question}/stock", {{"question", ".."}}), std::nullopt);
    EXPECT_EQ(fill_target("/shop/{question}", {{"question", "."}}), std::nullopt);
    EXPECT_EQ(fill_target("/shop?q={question}", {{"question", ".."}}), "/shop?q=..");
    EXPECT_EQ(fill_target("/shop/{question}", {{"question", "..."}}), "/shop/...");
    EXPECT_EQ(fill_target("/{question}", {{"question", std::string(5'000, 'x')}}), std::nullopt);
}

TEST(HttpSourceTarget, KnowsTheCustomersOwnOrderAndTheBestMatch) {
    auto known = std::make_shared<Gathered>();
    known->asked_order = "MNG-9";  // asked about, but not this customer's: no order came
    Question question{.text = std::string(2'000, 'x'), .language = "en", .known = known};
    EXPECT_FALSE(placeholder_values(question).contains("order"));
    EXPECT_LE(placeholder_values(question).at("question").size(), 400U);
    known->orders.push_back({.id = "MNG-1"});
    known->documents = {{.kind = store::HitKind::kFaq}, {.series = {.id = "one-piece"}}};
    known->facts.push_back(
        {.source = "stock", .label = {}, .text = {}, .values = {{"shelf", "B"}}});
    const auto values = placeholder_values(question);
    EXPECT_EQ(values.at("order"), "MNG-1");
    EXPECT_EQ(values.at("series"), "one-piece");
    EXPECT_EQ(values.at("stock_shelf"), "B");
}

TEST(HttpSourceFields, TakeScalarsAndListsAndLeaveOutTheRest) {
    const auto fields = select_fields(
        R"({"a":{"b~/":[1,-2.5,"x\ny",null,{"z":1}]},"big":18446744073709551615,"yes":true,)"
        R"("huge":1e400,"null":null,"o":{}})",
        {{"list", "/a/b~0~1"},
         {"first", "/a/b~0~1/0"},
         {"big", "/big"},
         {"yes", "/yes"},
         {"huge", "/huge"},
         {"null", "/null"},
         {"object", "/o"},
         {"absent", "/no/where"},
         {"index", "/a/b~0~1/99"}});
    ASSERT_TRUE(fields);
    EXPECT_THAT(*fields, ElementsAre(Pair("big", "18446744073709551615"), Pair("first", "1"),
                                     Pair("list", "1, -2.5, x y"), Pair("yes", "true")));
}

TEST(HttpSourceFields, AreBoundedWhateverTheServiceSays) {
    const std::string body =
        R"({"t":")" + std::string(10'000, 'x') + R"(","l":[)" + std::string(5'000, '1') + R"(]})";
    const auto fields = select_fields(body, {{"t", "/t"}, {"l", "/l"}});
    ASSERT_TRUE(fields);
    for (const auto& field : *fields) EXPECT_LE(field.second.size(), 300U);
    EXPECT_FALSE(select_fields("<html>", {{"t", "/t"}}));
    EXPECT_FALSE(select_fields("", {{"t", "/t"}}));
    EXPECT_FALSE(select_fields(std::string(60'000, '['), {{"t", "/t"}}));
    EXPECT_FALSE(select_fields("{\"t\":\"\xff\"}", {{"t", "/t"}}));
}

/// A service of the shop's own.
class HttpSourceTest : public testing::Test {
  protected:
    void SetUp() override {
        server_ = host_.call([&] {
            auto server = std::make_shared<net::HttpServer>(
                host_.executor(), net::HttpServer::Options{},
                [this](net::Exchange& exchange) { return serve(exchange); });
            EXPECT_TRUE(server->listen().has_value());
            return server;
        });
        config_.url =
            "http://127.0.0.1:" + std::to_string(host_.call([this] { return server_->port(); })) +
            "/find/{question}?lang={language}[[&who={customer}]]";
    }
    void TearDown() override {
        host_.run([this]() -> Task<void> {
            source_.reset();
            co_await server_->close();
            server_.reset();
        });
        EXPECT_EQ(runtime::TaskScope::live_total(), 0);
    }
    Task<void> serve(net::Exchange& exchange) {
        request_ = exchange.request();
        if (!is_hanging_) co_return (void) co_await exchange.respond(response_);
        began_->notify();
        co_await runtime::sleep_until(Deadline::never(), exchange.client_token());
        ++closed_;
    }
    Result<Gathered> fetch(const std::string& text = "One Piece",
                           const std::string& customer = "") {
        return host_.run([&, this]() -> Task<Result<Gathered>> {
            if (!source_) make();
            auto got = co_await source_->fetch(
                {.text = text, .language = "ja", .owner = {}, .customer = customer}, {});
            if (!got) co_return fail(got.error());
            Gathered into;
            got->add(into);
            co_return into;
        });
    }
    void make() {
        auto made = HttpSource::make(config_, [](const std::string& name) {
            return name == "STOCK_KEY" ? std::optional<std::string>("sk-very-secret")
                                       : std::nullopt;
        });
        ASSERT_TRUE(made);
        source_ = *made;
    }

    test::TestShard host_;
    std::shared_ptr<net::HttpServer> server_;
    config::SourceConfig config_{
        .name = "stock",
        .kind = "http",
        .headers = {{"x-shop", "tokyo"}},
        .secret_headers = {{"authorization",
                            {.env = "STOCK_KEY", .file = {}, .prefix = "Bearer "}}},
        .select = {{"in_store", "/items/0/stock"}, {"shelf", "/items/0/shelf"}},
        .label = {{"en", "Ikebukuro"}, {"ja", "池袋店"}}};
    std::shared_ptr<HttpSource> source_;
    net::Response response_{.body = R"({"items":[{"stock":3,"shelf":"B-12"}]})"};
    net::Request request_;
    bool is_hanging_ = false;
    std::shared_ptr<runtime::Event> began_;
    int closed_ = 0;
};

TEST_F(HttpSourceTest, BringsWhatTheServiceKnowsAsFacts) {
    const auto got = fetch("One Piece", "c-001");
    ASSERT_TRUE(got) << got.error().internal;
    ASSERT_EQ(got->facts.size(), 1U);
    EXPECT_EQ(got->facts[0].source, "stock");
    EXPECT_EQ(got->facts[0].label, "池袋店");
    EXPECT_EQ(got->facts[0].text, "in_store: 3\nshelf: B-12");
    EXPECT_EQ(got->facts[0].values.at("shelf"), "B-12");
    EXPECT_EQ(request_.target, "/find/One%20Piece?lang=ja&who=c-001");
    EXPECT_EQ(request_.method, "GET");
    EXPECT_EQ(request_.fields.get("authorization"), "Bearer sk-very-secret");
    EXPECT_EQ(request_.fields.get("x-shop"), "tokyo");
}

TEST_F(HttpSourceTest, HasNothingToSayWhereTheServiceKnowsNothing) {
    for (const int status : {204, 404}) {
        response_ = {.status = status, .body = status == 204 ? "" : "{}"};
        const auto got = fetch();
        ASSERT_TRUE(got) << got.error().internal;
        EXPECT_TRUE(got->facts.empty());
    }
    response_ = {.body = R"({"items":[]})"};
    EXPECT_TRUE(fetch()->facts.empty());
}

TEST_F(HttpSourceTest, SaysWhatIsWrongWithoutSecretsOrTheQuestion) {
    const std::vector<std::pair<net::Response, std::string>> cases{
        {{.status = 500, .body = "sk-very-secret"}, "answered 500"},
        {{.status = 401, .body = "{}"}, "answered 401"},
        {{.status = 302, .body = "{}", .extra = {{"location", "http://127.0.0.1:1/"}}},
         "answered 302; redirects are not followed"},
        {{.body = "<html>sk-very-secret"}, "its answer is not JSON"},
        {{.body = "[" + std::string(70'000, ' ') + "]"}, "the response is too large"},
    };
    for (const auto& [response, text] : cases) {
        response_ = response;
        const auto got = fetch("my private question");
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().kind, ErrorKind::kUpstream);
        EXPECT_THAT(got.error().internal, HasSubstr(text));
        EXPECT_EQ(got.error().internal.find("secret"), std::string::npos);
        EXPECT_EQ(got.error().internal.find("private"), std::string::npos);
    }
    // What came after an answer that was not read to its end belongs to nobody.
    response_ = {.body = R"({"items":[{"stock":1}]})"};
    EXPECT_EQ(fetch()->facts[0].text, "in_store: 1");
}

TEST_F(HttpSourceTest, ClosesItsConnectionWhenItIsCancelled) {
    is_hanging_ = true;
    const int64_t timers = host_.call([] { return runtime::pending_timers(); });
    host_.run([this]() -> Task<void> {
        make();
        began_ = std::make_shared<runtime::Event>(co_await runtime::current_executor());
        CancelSource turn;
        runtime::TaskScope scope(co_await runtime::current_executor());
        scope.spawn([&]() -> Task<void> {
            const auto got =
                co_await source_->fetch({.text = "x", .language = "en"}, {.token = turn.token()});
            EXPECT_FALSE(got);
        });
        co_await began_->wait();
        turn.cancel(CancelReason::kLostRace);
        co_await scope.join();
        EXPECT_EQ(source_->busy_connections(), 0);
        // Until the service has seen it.
        while (closed_ == 0) co_await runtime::yield_now();
        began_.reset();
    });
    EXPECT_EQ(closed_, 1);
    // The client's sweeper may still look once for what has gone.
    EXPECT_LE(host_.call([] { return runtime::pending_timers(); }), timers);
}

TEST_F(HttpSourceTest, LeavesNothingBehindWhereverItIsCancelled) {
    // A service on a shard of its own, so that every task and timer of this one is the source's.
    test::TestShard elsewhere;
    const auto service = elsewhere.call([&] {
        auto server = std::make_shared<net::HttpServer>(
            elsewhere.executor(), net::HttpServer::Options{},
            [](net::Exchange& exchange) -> Task<void> {
                co_await exchange.respond({.body = R"({"items":[{"stock":42}]})"});
            });
        EXPECT_TRUE(server->listen().has_value());
        return server;
    });
    const int port = elsewhere.call([&] { return static_cast<int>(service->port()); });
    config_.url = "http://127.0.0.1:" + std::to_string(port) + "/{question}";
    host_.run([this]() -> Task<void> {
        make();
        const int64_t timers = runtime::pending_timers();
        // From before it connects to whenever it has answered by itself.
        bool has_come = false;
        for (int steps = 0; !has_come; ++steps) {
            CancelSource turn;
            runtime::TaskScope scope(co_await runtime::current_executor());
            scope.spawn([&]() -> Task<void> {
                const auto got = co_await source_->fetch({.text = "x", .language = "en"},
                                                         {.token = turn.token()});
                has_come = got.has_value();
            });
            for (int i = 0; i < steps && scope.live() > 0; ++i) co_await runtime::yield_now();
            turn.cancel(CancelReason::kLostRace);
            co_await scope.join();
            EXPECT_EQ(source_->busy_connections(), 0) << steps;
            // A timer that was taken back says so at the next turn of the loop.
            for (int i = 0; i < 3; ++i) co_await runtime::yield_now();
            EXPECT_EQ(runtime::pending_timers(), timers) << steps;
        }
    });
    // The next call is answered for itself, whatever the cancelled ones left on their connections.
    EXPECT_EQ(fetch()->facts[0].text, "in_store: 42");
    elsewhere.run([service]() -> Task<void> { co_await service->close(); });
}

TEST_F(HttpSourceTest, IsNotMadeWithoutItsSecret) {
    const auto made = HttpSource::make(config_, [](const std::string&) { return std::nullopt; });
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().internal + made.error().external, HasSubstr("STOCK_KEY"));
    const auto broken = HttpSource::make(
        config_, [](const std::string&) { return std::optional<std::string>("a\r\nx: y"); });
    EXPECT_FALSE(broken);
}

}  // namespace
}  // namespace hayate::gather
