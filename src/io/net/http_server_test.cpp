#include "io/net/http_server.hpp"

#include <gtest/gtest.h>

#include "io/net/http_client.hpp"
#include "io/net/websocket.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::net {
namespace {

using test::RawClient;

class HttpServerTest : public testing::Test {
  protected:
    void start(Handler handler, ServerLimits limits = {}) {
        server_ = host_.call([&] {
            auto server = std::make_shared<HttpServer>(
                host_.executor(), HttpServer::Options{.limits = limits}, std::move(handler));
            EXPECT_TRUE(server->listen().has_value());
            return server;
        });
        port_ = host_.call([this] { return server_->port(); });
    }
    void TearDown() override {
        if (!server_) return;
        host_.run([this]() -> Task<void> {
            co_await server_->close();
            server_.reset();
        });
        EXPECT_EQ(runtime::TaskScope::live_total(), 0);
    }
    test::TestShard host_;
    std::shared_ptr<HttpServer> server_;
    uint16_t port_ = 0;
};

Task<void> echo(Exchange& exchange) {
    co_await exchange.respond({.content_type = "text/plain",
                               .body = exchange.request().method + " " + exchange.request().target +
                                       " " + exchange.request().body});
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrderOnOneConnection) {
    start(echo);
    RawClient client(port_);
    client.send(
        "GET /a HTTP/1.1\r\nHost: t\r\n\r\nPOST /b?q HTTP/1.1\r\nHost: t\r\nContent-Length: "
        "3\r\n\r\nxyz");
    EXPECT_TRUE(client.read_response().ends_with("GET /a "));
    EXPECT_TRUE(client.read_response().ends_with("POST /b?q xyz"));
    EXPECT_FALSE(client.is_closed());
}

TEST_F(HttpServerTest, AnotherServerIsRefusedAPortThatShardsShare) {
    using PortUse = HttpServer::PortUse;
    host_.run([this]() -> Task<void> {
        const auto make = [this](uint16_t port, PortUse use) {
            return HttpServer(host_.executor(), {.port = port, .port_use = use}, echo);
        };
        HttpServer first = make(0, PortUse::kFirst);
        EXPECT_TRUE(first.listen());
        HttpServer further = make(first.port(), PortUse::kFurther);
        EXPECT_TRUE(further.listen());
        for (const PortUse use : {PortUse::kAlone, PortUse::kFirst}) {
            HttpServer another = make(first.port(), use);
            const Status refused = another.listen();
            EXPECT_FALSE(refused);
            EXPECT_TRUE(refused.error().internal.contains("in use")) << refused.error().internal;
            co_await another.close();
        }
        co_await first.close();
        co_await further.close();
    });
}

TEST_F(HttpServerTest, ReadsChunkedBodiesSentOneByteAtATime) {
    start(echo);
    RawClient client(port_);
    const std::string request =
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char byte : request) client.send({&byte, 1});
    const std::string response = client.read_response();
    EXPECT_TRUE(response.ends_with("POST / abcde")) << response;
}

struct BadRequest {
    const char* name;
    const char* bytes;
    int status;
};
class BadRequests : public HttpServerTest, public testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequests, AreAnsweredOnceAndTheConnectionCloses) {
    bool was_handled = false;
    start([&](Exchange& exchange) -> Task<void> {
        was_handled = true;
        co_await echo(exchange);
    });
    RawClient client(port_);
    client.send(GetParam().bytes);
    const std::string all = client.read_to_end();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 " + std::to_string(GetParam().status))) << all;
    EXPECT_NE(all.find("connection: close"), std::string::npos);
    EXPECT_NE(all.find("\"error\""), std::string::npos);
    EXPECT_EQ(all.find("HTTP/1.1", 1), std::string::npos) << "a second response: " << all;
    EXPECT_FALSE(was_handled);
}

INSTANTIATE_TEST_SUITE_P(
    HttpServer, BadRequests,
    testing::Values(
        BadRequest{"NotHttp", "hello\r\n\r\n", 400},
        BadRequest{"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        BadRequest{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        BadRequest{
            "ChunkedTwice",
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"
            "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n",
            400},
        BadRequest{"LengthAndChunked",
                   "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: "
                   "chunked\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{"ChunkExtension",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5 "
                   ";x\r\nabcde\r\n0\r\n\r\n",
                   400},
        BadRequest{"Trailer",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: "
                   "evil\r\n\r\n",
                   400},
        BadRequest{
            "Compressed",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
            415},
        BadRequest{"HugeLength", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1048577\r\n\r\n",
                   413},
        BadRequest{"BareLineFeed", "GET / HTTP/1.1\nHost: t\n\n\r\n\r\n", 400}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpServerTest, RefusesAHeadOverEightKilobytes) {
    start(echo);
    RawClient client(port_);
    client.send("GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(9000, 'a') + "\r\n\r\n");
    EXPECT_TRUE(client.read_to_end().starts_with("HTTP/1.1 431"));
}

TEST_F(HttpServerTest, ClosesAConnectionThatDoesNotFinishItsHead) {
    start(echo, {.head_time = milliseconds(1)});
    RawClient client(port_);
    client.send("GET / HTT");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServerTest, TellsTheHandlerWhenItsClientIsGone) {
    std::promise<CancelReason> reason;
    start([&](Exchange& exchange) -> Task<void> {
        co_await exchange.begin_stream("text/event-stream");
        co_await exchange.write("data: 1\n\n");
        co_await runtime::sleep_until(Deadline::never(), exchange.client_token());
        reason.set_value(exchange.client_token().reason());
    });
    {
        RawClient client(port_);
        client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
        EXPECT_NE(client.read_until("data: 1").find("transfer-encoding: chunked"),
                  std::string::npos);
    }
    EXPECT_EQ(reason.get_future().get(), CancelReason::kClientGone);
}

TEST_F(HttpServerTest, AnAbortedStreamLooksIncompleteToTheClient) {
    start([](Exchange& exchange) -> Task<void> {
        co_await exchange.begin_stream("text/event-stream");
        co_await exchange.write("data: 1\n\n");
        exchange.abort_stream();
    });
    RawClient client(port_);
    client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    EXPECT_FALSE(client.read_to_end().ends_with("0\r\n\r\n"));
}

TEST_F(HttpServerTest, DrainingClosesAfterTheResponse) {
    start(echo);
    RawClient client(port_);
    client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    client.read_response();
    host_.call([this] {
        server_->begin_drain();
        return 0;
    });
    client.send("GET /2 HTTP/1.1\r\nHost: t\r\n\r\n");
    EXPECT_NE(client.read_to_end().find("connection: close"), std::string::npos);
}

class HttpClientTest : public HttpServerTest {
  protected:
    /// Belongs to the shard: made there, and posted there to be destroyed.
    std::shared_ptr<HttpClient> client(ClientLimits limits = {}) {
        return host_.call([&] {
            auto endpoint = parse_endpoint("http://127.0.0.1:" + std::to_string(port_) + "/base/");
            return std::shared_ptr<HttpClient>(
                new HttpClient(host_.executor(), *endpoint, limits),
                [this](HttpClient* done) { host_.shard().post([done] { delete done; }); });
        });
    }
    Result<std::string> get(const std::shared_ptr<HttpClient>& from, std::string path = "/x") {
        return host_.run([=]() -> Task<Result<std::string>> {
            auto response =
                co_await from->send({.path = path, .body = "hi"}, Deadline::never(), {});
            if (!response) co_return fail(response.error());
            co_return co_await (*response)->read_all(1 << 20);
        });
    }
    int64_t connects(const std::shared_ptr<HttpClient>& of) {
        return host_.call([=] { return of->stats().connects_total; });
    }
};

TEST_F(HttpClientTest, ReusesAConnectionWhoseResponseWasReadToItsEnd) {
    start(echo);
    const auto from = client();
    EXPECT_EQ(get(from), "POST /base/x hi");
    EXPECT_EQ(get(from), "POST /base/x hi");
    EXPECT_EQ(connects(from), 1);
}

TEST_F(HttpClientTest, BodiesBeyondTheSocketsBuffersTravelWholeBothWays) {
    constexpr size_t kBytes = size_t{24} * 1024 * 1024;
    start(echo, {.body_bytes_max = kBytes});
    const auto from = client();
    std::string body;
    for (size_t i = 0; body.size() + 16 < kBytes; ++i) body += std::to_string(i) + ",";
    const auto answer = host_.run([=]() -> Task<Result<std::string>> {
        auto response = co_await from->send({.path = "/", .body = body}, Deadline::never(), {});
        if (!response) co_return fail(response.error());
        co_return co_await (*response)->read_all(2 * kBytes);
    });
    ASSERT_TRUE(answer);
    EXPECT_TRUE(*answer == "POST /base/ " + body) << answer->size();
}

TEST_F(HttpClientTest, NeverReusesAConnectionWithUnreadBytes) {
    start([](Exchange& exchange) -> Task<void> {
        co_await exchange.begin_stream("text/plain");
        co_await exchange.write("first");
        co_await runtime::sleep_until(Deadline::never(), exchange.client_token());
    });
    const auto from = client();
    for (int i = 0; i < 2; ++i) {
        const auto piece = host_.run([=]() -> Task<Result<std::string>> {
            auto response = co_await from->send({.path = "/"}, Deadline::never(), {});
            co_return co_await (*response)->read();
        });
        EXPECT_EQ(piece, "first");
    }
    EXPECT_EQ(connects(from), 2);
}

TEST_F(HttpClientTest, ACutBodyIsAnErrorAfterTheBytesThatCame) {
    start([](Exchange& exchange) -> Task<void> {
        co_await exchange.begin_stream("text/plain");
        co_await exchange.write("partial");
        exchange.abort_stream();
    });
    const auto answer = get(client());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::kUpstream);
}

TEST_F(HttpClientTest, RepeatsACallOnceWhenAPooledConnectionHadBeenClosed) {
    start(echo, {.idle_time = milliseconds(1)});
    const auto from = client();
    EXPECT_EQ(get(from), "POST /base/x hi");
    EXPECT_EQ(get(from), "POST /base/x hi");
}

TEST_F(HttpClientTest, CancellingACallClosesItsConnection) {
    std::promise<void> gone;
    start([&](Exchange& exchange) -> Task<void> {
        co_await runtime::sleep_until(Deadline::never(), exchange.client_token());
        gone.set_value();
    });
    const auto from = client();
    const auto kind = host_.run([=]() -> Task<ErrorKind> {
        CancelSource stop;
        const runtime::DeadlineGuard guard(co_await runtime::current_executor(), stop,
                                           Deadline::after(milliseconds(30)));
        auto response = co_await from->send({.path = "/"}, Deadline::never(), stop.token());
        co_return response.error().kind;
    });
    EXPECT_EQ(kind, ErrorKind::kTimeout);
    gone.get_future().get();
}

TEST_F(HttpClientTest, ARefusedConnectionNamesTheEndpoint) {
    start(echo);
    const auto from = client();
    host_.run([this]() -> Task<void> {
        co_await server_->close();
        server_.reset();
    });
    const auto answer = get(from);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(answer.error().internal.find("127.0.0.1:"), std::string::npos);
}

TEST(Endpoint, IsParsedStrictly) {
    const auto endpoint = parse_endpoint("https://api.example.com:8443/v1/");
    ASSERT_TRUE(endpoint);
    EXPECT_TRUE(endpoint->is_tls);
    EXPECT_EQ(endpoint->port, 8443);
    EXPECT_EQ(endpoint->base_path, "/v1");
    EXPECT_EQ(endpoint->authority, "api.example.com:8443");
    for (const char* wrong :
         {"api.example.com", "ftp://a", "http://u:p@a", "http://a?x", "http://", "http://a:0"}) {
        EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace hayate::net
