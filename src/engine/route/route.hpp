#pragma once
// Router: which of the configured models answers. `decide` is the general choice (what is left of
// the deadline and the money, what each model is predicted to take, what its answer is expected to
// be worth); `choose` is plain order of preference, for callers who name their model.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "engine/route/selector.hpp"
#include "io/model/model.hpp"

namespace hayate::route {

struct RouteRequest {
    std::vector<std::string> preferred;  // model names, best first
    Deadline deadline = Deadline::never();
};

struct RouteDecision {
    std::shared_ptr<const model::ModelEntry> model;
    std::string reason;  // for the trace: "first preference", "strong is not ready"
    /// How it was decided, by `decide` only.
    std::optional<Choice> choice;
};

/// Thread-safe; shared by all shards.
class Router {
  public:
    /// `priors` by name of the model; others begin with the default one.
    explicit Router(std::vector<std::shared_ptr<const model::ModelEntry>> models,
                    const std::map<std::string, LatencyPrior>& priors = {},
                    SelectorOptions options = {});

    /// kUnavailable with code "no_model" when none of the preferred models is ready.
    [[nodiscard]] Result<RouteDecision> choose(const RouteRequest& request) const;
    /// The same error when no allowed model is configured and ready.
    [[nodiscard]] Result<RouteDecision> decide(const ChoiceRequest& request,
                                               const MatrixPolicy& policy) const;
    /// Begins to observe the call that was decided; tell it the first token and the end. The router
    /// outlives it.
    [[nodiscard]] ObservedCall observe(const RouteDecision& decision,
                                       const ChoiceRequest& request) const;
    /// What is known of speeds and outcomes.
    [[nodiscard]] Selector& memory() const { return *selector_; }

    /// Null for an unknown name.
    [[nodiscard]] std::shared_ptr<const model::ModelEntry> find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::shared_ptr<const model::ModelEntry>>& models() const {
        return models_;
    }

  private:
    std::vector<std::shared_ptr<const model::ModelEntry>> models_;
    std::unique_ptr<Selector> selector_;
};

}  // namespace hayate::route
