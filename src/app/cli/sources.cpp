#include "app/cli/sources.hpp"

#include <utility>

#include "core/config/files.hpp"
#include "engine/gather/http_source.hpp"

namespace hayate::cli {
namespace {

using SourcePtr = std::shared_ptr<gather::Source>;

Error bad_source(const std::string& name, const std::string& text) {
    return base::public_error(ErrorKind::kBadRequest, "sources", "source '" + name + "': " + text);
}

gather::SourcePlan plan_of(const config::SourceConfig& config, SourcePtr source) {
    gather::SourcePlan plan{.source = std::move(source),
                            .timeout = milliseconds(config.timeout_ms),
                            .is_required = config.required,
                            .needs = config.needs,
                            .name = config.name};
    if (config.soft_wait_ms >= 0) plan.soft_wait = milliseconds(config.soft_wait_ms);
    return plan;
}

}  // namespace

Result<std::vector<gather::SourcePlan>> make_sources(const config::AssistantConfig& assistant,
                                                     store::SqliteStores& stores,
                                                     gather::Embedding& embedding) {
    const auto make = [&](const config::SourceConfig& config) -> Result<SourcePtr> {
        const std::string_view kind = config.kind_name();
        if (kind == "orders") return std::make_shared<gather::OrdersSource>(stores.orders);
        if (kind == "session") return std::make_shared<gather::SessionSource>(stores.sessions);
        if (kind == "profile") return std::make_shared<gather::ProfileSource>(stores.profiles);
        if (kind == "retrieval")
            return std::make_shared<gather::RetrievalSource>(stores.catalog, stores.profiles,
                                                             embedding);
        auto made = gather::HttpSource::make(config, config::process_environment());
        if (!made) return fail(std::move(made.error()));
        return *made;
    };
    std::vector<gather::SourcePlan> plan;
    for (const auto& [name, config] : assistant.sources) {
        auto source = make(config);
        if (!source) {
            const Error& error = source.error();
            return fail(bad_source(name, error.external.empty() ? error.internal : error.external));
        }
        plan.push_back(plan_of(config, std::move(*source)));
    }
    for (const config::NeedProblem& problem : gather::check_plan(plan)) {
        return fail(bad_source(problem.source, problem.text));
    }
    return plan;
}

}  // namespace hayate::cli
