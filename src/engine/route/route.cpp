#include "engine/route/route.hpp"

#include <algorithm>

namespace hayate::route {
namespace {

Error no_model(const std::string& why) {
    Error error = base::private_error(ErrorKind::kUnavailable, "route", "no model: " + why);
    error.code = "no_model";
    return error;
}

std::vector<ModelFacts> facts_of(
    const std::vector<std::shared_ptr<const model::ModelEntry>>& models,
    const std::map<std::string, LatencyPrior>& priors) {
    std::vector<ModelFacts> facts;
    facts.reserve(models.size());
    for (const auto& entry : models) {
        const auto prior = priors.find(entry->name);
        facts.push_back({.name = entry->name,
                         .price = entry->price,
                         .prior = prior == priors.end() ? LatencyPrior{} : prior->second});
    }
    return facts;
}

ModelState state_of(const model::Model& model) {
    const model::Pace pace = model.pace();
    return {.is_ready = model.is_ready(),
            .expected_wait_ms = static_cast<double>(pace.expected_wait.count()),
            .prompt_tokens_per_s = pace.prompt_tokens_per_s,
            .tokens_per_s = pace.tokens_per_s};
}

}  // namespace

Router::Router(std::vector<std::shared_ptr<const model::ModelEntry>> models,
               const std::map<std::string, LatencyPrior>& priors, SelectorOptions options)
    : models_(std::move(models)),
      selector_(std::make_unique<Selector>(facts_of(models_, priors), options)) {}

std::shared_ptr<const model::ModelEntry> Router::find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(models_, [&](const auto& entry) { return entry->name == name; });
    return found == models_.end() ? nullptr : *found;
}

Result<RouteDecision> Router::choose(const RouteRequest& request) const {
    std::string passed_over;
    for (const std::string& name : request.preferred) {
        const auto entry = find(name);
        if (entry && entry->model->is_ready()) {
            return RouteDecision{.model = entry,
                                 .reason = passed_over.empty() ? "first preference" : passed_over};
        }
        if (!passed_over.empty()) passed_over += ", ";
        passed_over += name + (entry ? " is not ready" : " is not configured");
    }
    return fail(no_model(passed_over));
}

Result<RouteDecision> Router::decide(const ChoiceRequest& request,
                                     const MatrixPolicy& policy) const {
    std::vector<ModelState> states;
    states.reserve(models_.size());
    for (const auto& entry : models_) states.push_back(state_of(*entry->model));
    std::optional<Choice> choice = selector_->choose(request, policy, states);
    if (!choice) return fail(no_model("none of those allowed is configured and ready"));
    return RouteDecision{
        .model = find(choice->chosen().name), .reason = choice->reason, .choice = choice};
}

ObservedCall Router::observe(const RouteDecision& decision, const ChoiceRequest& request) const {
    return decision.choice ? selector_->begin(*decision.choice, request)
                           : selector_->begin(decision.model->name, request.shape);
}

}  // namespace hayate::route
