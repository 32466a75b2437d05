#pragma once
// mock-model: a server that answers like OpenAI and like Anthropic, as fast and as badly as it is
// told. People use it to test their clients; our own tests use it as the provider.
//
//   POST /v1/chat/completions   OpenAI, streamed or not
//   POST /v1/messages           Anthropic, streamed or not
//   GET  /v1/models[/{id}]
//   GET  /_mock/log             the newest requests and how they ended
//
// A request may override the simulation: `x-mock: ttft=50,cut_after=3`.

#include <memory>
#include <string>
#include <vector>

#include "app/mock/mock_answer.hpp"
#include "app/mock/mock_log.hpp"
#include "app/mock/mock_protocol.hpp"
#include "core/base/secret.hpp"
#include "io/model/simulated/simulation.hpp"
#include "io/net/http_server.hpp"

namespace hayate::mock {

struct MockOptions {
    net::HttpServer::Options http;
    model::Simulation simulation;
    std::vector<std::string> models{"mock-model"};  // what the list shows; every name is accepted
    base::Secret key;                               // if set, calls must bring it
    std::shared_ptr<MockLog> log;  // shared by the shards of one mock; empty: its own
};

/// One shard's server; all members belong to that shard.
class MockServer {
  public:
    MockServer(const runtime::Executor& executor, MockOptions options);
    MockServer(const MockServer&) = delete;
    MockServer& operator=(const MockServer&) = delete;

    Status listen() { return http_.listen(); }
    [[nodiscard]] uint16_t port() const { return http_.port(); }
    [[nodiscard]] const std::shared_ptr<MockLog>& log() const { return options_.log; }
    [[nodiscard]] net::HttpServer& http() { return http_; }
    /// Ends all answers and returns when the last connection has closed.
    Task<void> close() { return http_.close(); }

  private:
    Task<void> handle(net::Exchange& exchange);
    Task<void> answer(net::Exchange& exchange, Protocol protocol);
    [[nodiscard]] Result<MockAnswer::Work> work_for(const net::Request& request, Protocol protocol);
    [[nodiscard]] Status check_caller(const net::Request& request) const;
    [[nodiscard]] net::Response models_response(std::string_view path) const;

    MockOptions options_;
    uint64_t calls_ = 0;
    net::HttpServer http_;
};

}  // namespace hayate::mock
