// A WebSocket server that sends every text message back, made of io/net as the product is: what
// kosoku asks its cases of (autobahn_test.py). Prints its port; ends with its standard input.

#include <cstdio>
#include <iostream>
#include <memory>

#include "io/net/http_server.hpp"
#include "io/net/websocket.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::net {
namespace {

Task<void> echo(Exchange& exchange) {
    const CancelToken client = exchange.client_token();
    auto accepted = co_await exchange.accept_websocket({});
    if (!accepted) co_return;
    const std::unique_ptr<WebSocket> socket = std::move(*accepted);
    while (true) {
        auto message = co_await socket->read(client);
        if (!message || !socket->send(std::move(*message))) break;
    }
    co_await socket->close(1000, "");
}

void serve() {
    test::TestShard shard;
    auto server = shard.call([&] {
        auto made = std::make_unique<HttpServer>(shard.executor(), HttpServer::Options{}, echo);
        if (!made->listen()) made.reset();
        return made;
    });
    if (!server) return;
    std::printf("%u\n", static_cast<unsigned>(shard.call([&] { return server->port(); })));
    std::fflush(stdout);
    while (std::cin.get() != std::istream::traits_type::eof()) {
    }
    shard.run([&]() -> Task<void> {
        co_await server->close();
        server.reset();
    });
}

}  // namespace
}  // namespace hayate::net

int main() {
    hayate::net::serve();
    return 0;
}
