#pragma once
// ModelMeter: what model calls did and cost, as metrics. Every call is recorded exactly once,
// whoever made it.

#include <string_view>

#include "core/observe/metrics.hpp"
#include "io/model/model.hpp"

namespace hayate::model {

class ModelMeter {
  public:
    explicit ModelMeter(observe::Metrics& metrics);
    /// `outcome` is "ok" or an error kind's name. Thread-safe.
    void record(const ModelEntry& entry, const Usage& usage, std::string_view outcome);

  private:
    observe::Family& calls_;
    observe::Family& tokens_;
    observe::Family& cost_;
};

}  // namespace hayate::model
