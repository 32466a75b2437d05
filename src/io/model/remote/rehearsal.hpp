#pragma once
// What passing on a token takes, gone through with a made-up one. A core that has slept has lost
// its caches: of the 40 us that the first token then takes in this process, most are waits for
// memory. A shard that is awake early (runtime/lookout.hpp) has the time to fetch code and data
// before.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/openai_writer.hpp"

namespace hayate::model {

/// For one thread: what it reads and writes is its own, and stays warm for it alone.
class Rehearsal {
  public:
    /// Of those among `providers` that are remote: "openai", "anthropic".
    explicit Rehearsal(const std::set<std::string>& providers);
    ~Rehearsal();
    Rehearsal(const Rehearsal&) = delete;
    Rehearsal& operator=(const Rehearsal&) = delete;

    /// From an upstream's bytes to the client's, a token of each protocol. Nothing is sent or
    /// counted. Returns what would be sent, good until the next call.
    std::string_view play();

  private:
    class Part;
    std::vector<Part> parts_;
    wire::ChunkWriter writer_;
    std::string out_;
};

}  // namespace hayate::model
