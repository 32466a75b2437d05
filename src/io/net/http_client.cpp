#include "io/net/http_client.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/ssl/context.hpp>
#include <fmt/format.h>

#include "core/base/json_text.hpp"
#include "io/net/client_connection.hpp"

namespace hayate::net {

struct ClientState : std::enable_shared_from_this<ClientState> {
    ClientState(const runtime::Executor& on, Endpoint to, ClientLimits with);

    runtime::Executor executor;
    Endpoint endpoint;
    ClientLimits limits;
    std::optional<asio::ssl::context> tls;
    Status tls_ready;
    std::shared_ptr<Sweeper> sweeper;
    std::vector<std::unique_ptr<ClientConnection>> idle;  // the most recently used last
    ClientStats stats;

    std::unique_ptr<ClientConnection> take_idle();
    Task<Result<std::unique_ptr<ClientConnection>>> connect(Deadline deadline, CancelToken token);
    void give_back(std::unique_ptr<ClientConnection> connection);
    void drop(std::unique_ptr<ClientConnection> connection);
    [[nodiscard]] std::string render(const ClientRequest& request) const;
};

namespace {

Status load_trust(asio::ssl::context& context, const std::string& ca_file) {
    boost::system::error_code failed;
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                            asio::ssl::context::no_tlsv1_1,
                        failed);
    if (ca_file.empty()) {
        context.set_default_verify_paths(failed);
    } else {
        context.load_verify_file(ca_file, failed);
    }
    if (!failed) return {};
    return fail(ErrorKind::kUnavailable, "tls",
                "cannot load trusted certificates from '" + ca_file + "': " + failed.message());
}

}  // namespace

ClientState::ClientState(const runtime::Executor& on, Endpoint to, ClientLimits with)
    : executor(on),
      endpoint(std::move(to)),
      limits(std::move(with)),
      sweeper(std::make_shared<Sweeper>(on)) {
    if (!endpoint.is_tls) return;
    tls.emplace(asio::ssl::context::tls_client);
    tls_ready = load_trust(*tls, limits.ca_file);
}

std::unique_ptr<ClientConnection> ClientState::take_idle() {
    const TimePoint oldest = base::Clock::now() - limits.idle_time;
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        if (connection->idle_since >= oldest && !connection->is_stale()) return connection;
        drop(std::move(connection));
    }
    return nullptr;
}

Task<Result<std::unique_ptr<ClientConnection>>> ClientState::connect(Deadline deadline,
                                                                     CancelToken token) {
    if (!tls_ready) co_return fail(tls_ready.error());
    if (stats.open >= static_cast<int64_t>(limits.connections_max)) {
        co_return fail(
            ErrorKind::kBusy, "http",
            fmt::format("{} connections to {} are in use", stats.open, endpoint.authority));
    }
    ++stats.open;
    ++stats.connects_total;
    auto connection = std::make_unique<ClientConnection>(executor, limits);
    const Status connected = co_await connection->connect(
        endpoint, tls ? &*tls : nullptr, deadline.capped(limits.connect_time), token);
    if (!connected) {
        drop(std::move(connection));
        co_return fail(connected.error());
    }
    sweeper->add(*connection);
    co_return connection;
}

void ClientState::give_back(std::unique_ptr<ClientConnection> connection) {
    if (idle.size() >= limits.idle_max) return drop(std::move(connection));
    connection->parser().reset();
    connection->idle_since = base::Clock::now();
    idle.push_back(std::move(connection));
}

void ClientState::drop(std::unique_ptr<ClientConnection> connection) {
    connection->close();
    --stats.open;
}

std::string ClientState::render(const ClientRequest& request) const {
    std::string bytes;
    bytes.reserve(256 + request.fields.size() + request.body.size());
    bytes.append(request.method).append(" ").append(endpoint.base_path).append(request.path);
    bytes.append(" HTTP/1.1\r\nhost: ").append(endpoint.authority).append("\r\n");
    bytes.append(request.fields);
    if (!request.body.empty() || request.method == "POST") {
        bytes += "content-length: ";
        base::append_number(bytes, static_cast<int64_t>(request.body.size()));
        bytes += "\r\n";
    }
    bytes.append("\r\n").append(request.body);
    return bytes;
}

ClientResponse::ClientResponse(std::shared_ptr<ClientState> client,
                               std::unique_ptr<ClientConnection> connection, CancelToken token)
    : client_(std::move(client)), connection_(std::move(connection)), token_(std::move(token)) {}

ClientResponse::~ClientResponse() {
    ResponseParser& parser = connection_->parser();
    if (parser.keep_alive() && !token_.is_cancelled()) {
        client_->give_back(std::move(connection_));
    } else {
        client_->drop(std::move(connection_));
    }
}

int ClientResponse::status() const { return connection_->parser().status(); }

const Fields& ClientResponse::fields() const { return connection_->parser().fields(); }

Task<Result<std::string>> ClientResponse::read(Deadline deadline) {
    return connection_->read_body(deadline, token_);
}

Task<Result<std::string>> ClientResponse::read_all(size_t bytes_max, Deadline deadline) {
    std::string all;
    while (true) {
        Result<std::string> piece = co_await read(deadline);
        if (!piece) co_return piece;
        if (piece->empty()) co_return all;
        all += *piece;
        if (all.size() > bytes_max) {
            co_return fail(ErrorKind::kUpstream, "http", "the response is too large");
        }
    }
}

HttpClient::HttpClient(const runtime::Executor& executor, Endpoint endpoint, ClientLimits limits)
    : state_(std::make_shared<ClientState>(executor, std::move(endpoint), std::move(limits))) {}

HttpClient::~HttpClient() = default;

const Endpoint& HttpClient::endpoint() const { return state_->endpoint; }

const ClientStats& HttpClient::stats() const {
    state_->stats.idle = static_cast<int64_t>(state_->idle.size());
    return state_->stats;
}

Task<Status> HttpClient::warm(CancelToken token) {
    if (!state_->idle.empty()) co_return Status{};
    const auto state = state_;
    auto connection = co_await state->connect(Deadline::never(), token);
    if (!connection) co_return fail(connection.error());
    state->give_back(std::move(*connection));
    co_return Status{};
}

Task<Result<std::unique_ptr<ClientResponse>>> HttpClient::send(ClientRequest request,
                                                               Deadline deadline,
                                                               CancelToken token) {
    const auto state = state_;
    ++state->stats.calls_total;
    const std::string bytes = state->render(request);
    auto connection = state->take_idle();
    while (true) {
        const bool is_reused = connection != nullptr;
        if (is_reused) {
            ++state->stats.reused_total;
        } else {
            auto fresh = co_await state->connect(deadline, token);
            if (!fresh) co_return fail(std::move(fresh.error()));
            connection = std::move(*fresh);
        }
        Status answered = co_await connection->write(bytes, token);
        if (answered) answered = co_await connection->read_head(deadline, token);
        if (answered) {
            co_return std::make_unique<ClientResponse>(state, std::move(connection), token);
        }
        state->drop(std::move(connection));
        // The server may have closed the idle connection in the same moment; it has not seen this
        // request.
        const bool may_repeat = is_reused && answered.error().kind == ErrorKind::kUnavailable;
        if (may_repeat) continue;
        // It took the request and left: the server is there, and that was no answer.
        Error& error = answered.error();
        if (error.kind == ErrorKind::kUnavailable) error.kind = ErrorKind::kUpstream;
        co_return fail(std::move(error));
    }
}

}  // namespace hayate::net
