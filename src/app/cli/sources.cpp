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

Result<TurnSources> make_sources(const config::AssistantConfig& assistant,
                                 store::SqliteStores& stores, runtime::BlockingPool& embedding_pool,
                                 const gather::Embed& embed) {
    const auto orders =
        std::make_shared<gather::OrdersSource>(stores.orders, assistant.order_pattern);
    const auto make = [&](const config::SourceConfig& config) -> Result<SourcePtr> {
        const std::string_view kind = config.kind_name();
        if (kind == "orders") return orders;
        if (kind == "session") return std::make_shared<gather::SessionSource>(stores.sessions);
        if (kind == "profile") return std::make_shared<gather::ProfileSource>(stores.profiles);
        if (kind == "retrieval") {
            return std::make_shared<gather::RetrievalSource>(stores.catalog, embedding_pool, embed);
        }
        auto made = gather::HttpSource::make(config, config::process_environment());
        if (!made) return fail(std::move(made.error()));
        return *made;
    };
    TurnSources sources{
        .order_in = [orders](const std::string& text) { return orders->order_in(text); }};
    for (const auto& [name, config] : assistant.sources) {
        auto source = make(config);
        if (!source) {
            const Error& error = source.error();
            return fail(bad_source(name, error.external.empty() ? error.internal : error.external));
        }
        sources.plan.push_back(plan_of(config, std::move(*source)));
    }
    for (const config::NeedProblem& problem : gather::check_plan(sources.plan)) {
        return fail(bad_source(problem.source, problem.text));
    }
    return sources;
}

}  // namespace hayate::cli
