#pragma once
// One endpoint of three breaks, then all: what customers and endpoints see. Real time, through the
// real EndpointModel and one shard.

namespace hayate::bench {

void show_endpoints();

}  // namespace hayate::bench
