#include "io/model/remote/shard_clients.hpp"

#include <utility>

namespace hayate::model {

ShardClients::ShardClients(net::Endpoint endpoint, net::ClientLimits limits)
    : endpoint_(std::move(endpoint)), limits_(std::move(limits)) {}

ShardClients::~ShardClients() {
    for (Slot& slot : slots_) {
        runtime::Shard* const home = slot.shard.load();
        if (!slot.client || home == runtime::Shard::current()) continue;
        // If the shard has stopped, the message is dropped with its queue, and the client with the
        // message.
        home->post([client = std::move(slot.client)] {});
    }
}

net::HttpClient* ShardClients::local() {
    runtime::Shard* const shard = runtime::Shard::current();
    if (shard == nullptr || shard->index() >= kShardsMax) return nullptr;
    Slot& slot = slots_[shard->index()];
    runtime::Shard* nobody = nullptr;
    if (!slot.shard.compare_exchange_strong(nobody, shard) && nobody != shard) return nullptr;
    if (!slot.client) {
        slot.client = std::make_unique<net::HttpClient>(shard->executor(), endpoint_, limits_);
    }
    return slot.client.get();
}

}  // namespace hayate::model
