#pragma once
// HTTP/1.1 client of one shard for one endpoint: a bounded pool of warm keep-alive connections, TLS
// with verification of chain and name, bodies handed over as they arrive.
//
// A connection whose response was not read to its end, or whose call was cancelled, is closed and
// never pooled: what comes next on it would belong to somebody else.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/net/endpoint.hpp"
#include "io/net/http_types.hpp"
#include "io/runtime/cancel.hpp"
#include "io/runtime/task.hpp"

namespace hayate::net {

struct ClientLimits {
    size_t connections_max = 1024;  // per shard and endpoint; beyond it a call fails with kBusy
    size_t idle_max = 64;
    milliseconds idle_time{
        55'000};  // below the 60 s after which common servers and balancers close
    milliseconds connect_time{5'000};
    milliseconds stall_time{60'000};  // between two reads of one response
    size_t head_bytes_max = 64 * 1024;
    std::string ca_file;  // PEM; empty: the system's
};

struct ClientRequest {
    std::string method = "POST";
    std::string path;    // appended to the endpoint's base path
    std::string fields;  // "name: value\r\n" each, built once; Host and Content-Length are added
    std::string body;
};

struct ClientStats {
    int64_t calls_total = 0;
    int64_t connects_total = 0;
    int64_t reused_total = 0;
    int64_t open = 0;
    int64_t idle = 0;
};

class ClientConnection;
struct ClientState;

/// A response whose head has arrived. Belongs to the shard; destroying it early closes the
/// connection.
class ClientResponse {
  public:
    ClientResponse(std::shared_ptr<ClientState> client,
                   std::unique_ptr<ClientConnection> connection, CancelToken token);
    ~ClientResponse();
    ClientResponse(const ClientResponse&) = delete;
    ClientResponse& operator=(const ClientResponse&) = delete;

    [[nodiscard]] int status() const;
    [[nodiscard]] const Fields& fields() const;
    /// The next bytes of the body, as many as have arrived; empty at the end of the body. A
    /// connection that closes before the announced end gives kUpstream, silence beyond `deadline`
    /// or the stall time kTimeout.
    Task<Result<std::string>> read(Deadline deadline = Deadline::never());
    /// The whole body, at most `bytes_max` of it.
    Task<Result<std::string>> read_all(size_t bytes_max, Deadline deadline = Deadline::never());

  private:
    std::shared_ptr<ClientState> client_;
    std::unique_ptr<ClientConnection> connection_;
    CancelToken token_;
};

class HttpClient {
  public:
    HttpClient(const runtime::Executor& executor, Endpoint endpoint, ClientLimits limits);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Returns when the response's head has arrived. A call on a pooled connection that turns out
    /// closed, before any byte of a response, is sent again once on a fresh one. `token` stays in
    /// force for the response.
    Task<Result<std::unique_ptr<ClientResponse>>> send(ClientRequest request, Deadline deadline,
                                                       CancelToken token);
    /// Opens a connection ahead of need, if none is idle.
    Task<Status> warm(CancelToken token);
    [[nodiscard]] const Endpoint& endpoint() const;
    [[nodiscard]] const ClientStats& stats() const;

  private:
    std::shared_ptr<ClientState> state_;
};

}  // namespace hayate::net
