#pragma once
// Model selection. For now the assistant's order of preference decides among the models that are
// ready; the request and the decision already have the shape that deadline-aware selection needs.

#include <memory>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/model/model.hpp"

namespace hayate::route {

struct RouteRequest {
    std::vector<std::string> preferred;  // model names, best first
    Deadline deadline = Deadline::never();
};

struct RouteDecision {
    std::shared_ptr<const model::ModelEntry> model;
    std::string reason;  // for the trace: "first preference", "strong is not ready"
};

class Router {
  public:
    explicit Router(std::vector<std::shared_ptr<const model::ModelEntry>> models)
        : models_(std::move(models)) {}

    /// kUnavailable with code "no_model" when none of the preferred models is ready. Thread-safe.
    [[nodiscard]] Result<RouteDecision> choose(const RouteRequest& request) const;
    /// Null for an unknown name.
    [[nodiscard]] std::shared_ptr<const model::ModelEntry> find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::shared_ptr<const model::ModelEntry>>& models() const {
        return models_;
    }

  private:
    std::vector<std::shared_ptr<const model::ModelEntry>> models_;
};

}  // namespace hayate::route
