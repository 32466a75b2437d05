#pragma once
// One HTTP client per shard for one endpoint: connections are never shared between threads, so
// nothing is locked.

#include <array>
#include <atomic>
#include <memory>

#include "io/net/http_client.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::model {

/// Destroyed on any thread, while the shards run or after they stopped, but before the Shards
/// object is: each client is sent home to die on its own shard.
class ShardClients {
  public:
    ShardClients(net::Endpoint endpoint, net::ClientLimits limits);
    ~ShardClients();
    ShardClients(const ShardClients&) = delete;
    ShardClients& operator=(const ShardClients&) = delete;

    /// The calling shard's client, made at the first call. Null on a thread that is no shard, and
    /// on a shard of a second group: there is one group of shards in a process.
    [[nodiscard]] net::HttpClient* local();

  private:
    static constexpr size_t kShardsMax = 256;
    struct Slot {
        std::atomic<runtime::Shard*> shard = nullptr;
        std::unique_ptr<net::HttpClient> client;
    };

    net::Endpoint endpoint_;
    net::ClientLimits limits_;
    std::array<Slot, kShardsMax> slots_;  // by shard index; each is touched by its own shard alone
};

}  // namespace hayate::model
