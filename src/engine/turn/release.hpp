#pragma once
// Release: everything that shapes an answer, as one immutable value. A turn is pinned to the
// release it began with; reload builds another one and swaps the pointer.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/gate/features.hpp"
#include "engine/gather/gather.hpp"
#include "engine/route/matrix_policy.hpp"
#include "engine/turn/intent_model.hpp"
#include "engine/understand/product_query.hpp"
#include "engine/understand/understander.hpp"
#include "io/model/state_probe.hpp"

namespace hayate::turn {

struct Release {
    std::string hash;  // config::release_hash
    config::AssistantConfig assistant;
    std::shared_ptr<const understand::Understander> understander;
    /// What messages say about products. Never null.
    std::shared_ptr<const understand::ProductQueryReader> product_queries;
    std::vector<gather::SourcePlan> sources;
    /// To the classifier; null: the assistant has none.
    std::shared_ptr<const IntentQuestion> intent_question;
    route::MatrixPolicy policy;  // what is expected of each model, by intent
    gate::Weights gate_weights = gate::prior_weights();
    std::shared_ptr<const model::StateProbes> gate_probes;  // never null
};

/// The release of new turns. Thread-safe: a lock that is held for the copy of a pointer, once a
/// turn.
class Releases {
  public:
    [[nodiscard]] std::shared_ptr<const Release> current() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    /// Returns the release that was current before, so that its owner decides where it is
    /// destroyed.
    std::shared_ptr<const Release> swap(std::shared_ptr<const Release> next) {
        const std::lock_guard lock(mutex_);
        std::swap(current_, next);
        return next;
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Release> current_;
};

}  // namespace hayate::turn
