#include "engine/route/route.hpp"

#include <algorithm>

namespace hayate::route {

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
            return RouteDecision{entry, passed_over.empty() ? "first preference" : passed_over};
        }
        if (!passed_over.empty()) passed_over += ", ";
        passed_over += name + (entry ? " is not ready" : " is not configured");
    }
    Error error = base::private_error(ErrorKind::kUnavailable, "route", "no model: " + passed_over);
    error.code = "no_model";
    return fail(std::move(error));
}

}  // namespace hayate::route
