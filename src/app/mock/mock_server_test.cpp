#include "app/mock/mock_server.hpp"

#include <gtest/gtest.h>

#include "test/support/mock_host.hpp"

namespace hayate::mock {
namespace {

std::string post(uint16_t port, std::string_view path, std::string_view body,
                 std::string_view fields = "") {
    test::RawClient client(port);
    client.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n" +
                std::string(fields) + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + std::string(body));
    return client.read_to_end();
}

std::string get(uint16_t port, std::string_view path) {
    test::RawClient client(port);
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    return client.read_to_end();
}

constexpr std::string_view kAsk =
    R"({"model":"m","messages":[{"role":"user","content":"Hello there"}])";
std::string ask(std::string_view more = "") { return std::string(kAsk) + std::string(more) + "}"; }

TEST(MockServer, AnswersWholeAndStreamed) {
    MockHost host("answer=echo");
    const std::string whole = post(host.port(), "/v1/chat/completions", ask());
    EXPECT_NE(whole.find(R"("object":"chat.completion",)"), std::string::npos) << whole;
    EXPECT_NE(whole.find(R"("content":"Hello there")"), std::string::npos);
    const std::string stream = post(host.port(), "/v1/chat/completions", ask(R"(,"stream":true)"));
    EXPECT_NE(stream.find("content-type: text/event-stream"), std::string::npos) << stream;
    EXPECT_NE(stream.find(R"("delta":{"content":" there"})"), std::string::npos);
    EXPECT_NE(stream.find("data: [DONE]"), std::string::npos);
    EXPECT_EQ(stream.find("usage"), std::string::npos);
    const std::string counted =
        post(host.port(), "/v1/chat/completions",
             ask(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    EXPECT_NE(counted.find(R"("usage":{"prompt_tokens":)"), std::string::npos);
}

TEST(MockServer, SpeaksAnthropicToo) {
    MockHost host("answer=echo");
    constexpr std::string_view kVersion = "anthropic-version: 2026-10-21\r\n";
    const std::string stream =
        post(host.port(), "/v1/messages", ask(R"(,"max_tokens":9,"stream":true)"), kVersion);
    EXPECT_NE(stream.find("event: message_stop"), std::string::npos) << stream;
    EXPECT_NE(post(host.port(), "/v1/messages", ask(R"(,"max_tokens":9)"), kVersion)
                  .find(R"("type":"message")"),
              std::string::npos);
    EXPECT_NE(
        post(host.port(), "/v1/messages", ask(R"(,"max_tokens":9)")).find("anthropic-version"),
        std::string::npos);
    EXPECT_NE(post(host.port(), "/v1/messages", ask(R"(,"max_tokens":9,"temperature":0)"), kVersion)
                  .find("400 Bad"),
              std::string::npos);
}

TEST(MockServer, ARequestMayOverrideTheSimulation) {
    MockHost host("status=500");
    EXPECT_TRUE(post(host.port(), "/v1/chat/completions", ask()).starts_with("HTTP/1.1 500"));
    EXPECT_TRUE(
        post(host.port(), "/v1/chat/completions", ask(), "x-mock: status=429, retry_after=3\r\n")
            .starts_with("HTTP/1.1 429"));
    EXPECT_NE(post(host.port(), "/v1/chat/completions", ask(), "x-mock: statsu=1\r\n")
                  .find("did you mean 'status'?"),
              std::string::npos);
}

TEST(MockServer, ListsItsModels) {
    MockHost host;
    EXPECT_NE(get(host.port(), "/v1/models").find(R"("id":"mock-model","object":"model")"),
              std::string::npos);
    EXPECT_TRUE(get(host.port(), "/v1/models/mock-model").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(get(host.port(), "/v1/models/other").starts_with("HTTP/1.1 404"));
    EXPECT_TRUE(get(host.port(), "/v1/modelsx").starts_with("HTTP/1.1 404"));
    EXPECT_TRUE(get(host.port(), "/").starts_with("HTTP/1.1 404"));
    EXPECT_TRUE(post(host.port(), "/v1/chat/completions", "{}").starts_with("HTTP/1.1 400"));
}

TEST(MockServer, AsksForItsKeyInEitherForm) {
    MockHost host("", "sk-1");
    const auto status = [&](std::string_view field) {
        return post(host.port(), "/v1/chat/completions", ask(), field).substr(9, 3);
    };
    EXPECT_EQ(status(""), "401");
    EXPECT_EQ(status("authorization: Bearer sk-2\r\n"), "401");
    EXPECT_EQ(status("authorization: Bearer sk-1\r\n"), "200");
    EXPECT_EQ(status("x-api-key: sk-1\r\n"), "200");
}

TEST(MockServer, LogsHowEachRequestEnded) {
    MockHost host("answer=one two three");
    post(host.port(), "/v1/chat/completions", ask());
    {
        test::RawClient client(host.port());
        const std::string body = ask(R"(,"stream":true)");
        client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nx-mock: "
            "stall_after=2\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
        client.read_until(" two");
        EXPECT_NE(get(host.port(), "/_mock/log").find(R"("live":true)"), std::string::npos);
    }
    const MockRecord whole = host.ended(0);
    EXPECT_TRUE(whole.is_finished);
    EXPECT_FALSE(whole.closed_by_client);
    EXPECT_EQ(whole.tokens, 3);
    const MockRecord left = host.ended(1);
    EXPECT_FALSE(left.is_finished);
    EXPECT_TRUE(left.closed_by_client);
    EXPECT_TRUE(left.is_stream);
    EXPECT_EQ(left.tokens, 2);
    const std::string log = get(host.port(), "/_mock/log");
    EXPECT_NE(log.find(R"("path":"/v1/chat/completions","model":"m",)"), std::string::npos) << log;
    EXPECT_NE(log.find(R"("closed_by_client":true)"), std::string::npos);
    EXPECT_EQ(log.find(R"("live":true)"), std::string::npos);
}

TEST(MockLog, IsBounded) {
    MockLog log({.records_max = 3, .body_bytes_max = 4});
    for (int i = 0; i < 5; ++i) log.begin({.model = "m", .body = "進撃の"});
    const auto records = log.records();
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records.front().id, 3u);
    EXPECT_EQ(records.front().body, "進");
}

}  // namespace
}  // namespace hayate::mock
