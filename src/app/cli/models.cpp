#include "app/cli/models.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "core/base/log.hpp"
#include "core/config/files.hpp"
#include "engine/turn/intent_model.hpp"
#include "io/model/anthropic/anthropic_model.hpp"
#include "io/model/endpoints/endpoint_model.hpp"
#include "io/model/openai/openai_model.hpp"
#include "io/model/simulated/simulated_model.hpp"
#ifdef HAYATE_HAS_LLAMA
#include "io/model/llama/llama_model.hpp"
#endif

namespace hayate::cli {
namespace {

using config::ModelConfig;
using ModelPtr = std::shared_ptr<model::Model>;

/// An answer that is not streamed cannot be seen to stall. It is given the time of a long one: who
/// bears shorter silences expects shorter answers.
constexpr int kSilencesInAnAnswer = 15;

template <class Options>
Result<Options> remote_options(const ModelConfig& config) {
    auto key = config::read_secret(config.key_env, config.key_file, config::process_environment());
    if (!key) return fail(std::move(key.error()));
    Options options;
    options.name = config.name;
    if (!config.base_url.empty()) options.base_url = config.base_url;
    options.model_id = config.model;
    options.key = std::move(*key);
    options.first_token_time = milliseconds(config.first_token_time_ms);
    options.stall_time = milliseconds(config.stall_time_ms);
    options.whole_answer_time =
        kSilencesInAnAnswer * std::min(options.first_token_time, options.stall_time);
    return options;
}

Result<ModelPtr> make_openai(const ModelConfig& config) {
    auto options = remote_options<model::OpenAiOptions>(config);
    if (!options) return fail(std::move(options.error()));
    return model::make_openai_model(std::move(*options));
}

Result<ModelPtr> make_anthropic(const ModelConfig& config) {
    auto options = remote_options<model::AnthropicOptions>(config);
    if (!options) return fail(std::move(options.error()));
    if (!config.api_version.empty()) options->version = config.api_version;
    return model::make_anthropic_model(std::move(*options));
}

model::EndpointOptions endpoint_options(const ModelConfig& config) {
    model::EndpointOptions options{.name = config.name, .tries_max = config.tries};
    options.balancer.retry_share = config.retry_percent / 100;
    options.balancer.hedge_share = config.hedge_percent / 100;
    options.balancer.failures_to_eject = config.eject_after;
    options.balancer.failures_to_open = 2 * config.eject_after;
    options.retry_time = milliseconds(config.first_token_time_ms);
    options.seed = std::random_device()();
    return options;
}

/// One model for each address, behind one that chooses among them.
template <class Make>
Result<ModelPtr> make_remote(const ModelConfig& config, Make make) {
    if (config.endpoints.empty()) return make(config);
    std::vector<ModelPtr> endpoints;
    for (const std::string& address : config.endpoints) {
        ModelConfig one = config;
        one.base_url = address;
        auto made = make(one);
        if (!made) return made;
        endpoints.push_back(std::move(*made));
    }
    return std::make_shared<model::EndpointModel>(std::move(endpoints), endpoint_options(config));
}

/// What the configuration says of the model's speed; else what hosted models of its role do.
route::LatencyPrior prior_of(const ModelConfig& config) {
    const bool is_strong = config.name == "strong";
    route::LatencyPrior prior{.first_ms = is_strong ? 600.0 : 300.0,
                              .token_ms = is_strong ? 15.0 : 8.0};
    if (config.expected_first_token_ms > 0) prior.first_ms = config.expected_first_token_ms;
    if (config.expected_tokens_per_s > 0) prior.token_ms = 1000 / config.expected_tokens_per_s;
    return prior;
}

Result<ModelPtr> make_simulated(const ModelConfig& config) {
    model::SimulatedModel::Options options{
        .name = config.name,
        .first_token_time = milliseconds(config.first_token_time_ms),
        .stall_time = milliseconds(config.stall_time_ms)};
    options.simulation.seed = config.seed;
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>{"ttft", config.ttft},
          {"rate", config.rate},
          {"tokens", config.tokens}}) {
        if (Status set = model::set_option(options.simulation, name, value); !set)
            return fail(std::move(set.error()));
    }
    return std::make_shared<model::SimulatedModel>(std::move(options));
}

}  // namespace

std::string weights_path(const ModelConfig& config, const config::LocalModelConfig& local) {
    if (!config.file.empty()) return config.file;
    std::string folder = local.directory;
    if (const char* models = std::getenv("HAYATE_MODELS"); folder.empty() && models)
        folder = models;
    if (const char* home = std::getenv("HOME"); folder.empty() && home) {
        folder = std::string(home) + "/.cache/hayate/models";
    }
    const bool is_strong = config.name == "strong";
    return folder + (is_strong ? "/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
                               : "/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
}

#ifdef HAYATE_HAS_LLAMA

struct Models::Local {
    std::shared_ptr<model::llama::Engine> engine;
};

namespace {

/// What requests to the model of that name begin with.
std::vector<std::string> system_prompts_of(const std::string& model,
                                           const config::AssistantConfig& assistant) {
    std::vector<std::string> prompts{assistant.system_prompt};
    if (assistant.understand.classifier.model == model)
        prompts.push_back(turn::IntentQuestion(assistant).system_prompt());
    return prompts;
}

model::llama::ModelSpec spec_of(const ModelConfig& config, const config::EngineConfig& engine,
                                const config::AssistantConfig* assistant) {
    model::llama::ModelSpec spec{.name = config.name,
                                 .path = weights_path(config, engine.local_model),
                                 .slots = engine.local_model.slots,
                                 .queue_max = engine.local_model.queue,
                                 .context_tokens = config.context_tokens};
    if (assistant) spec.system_prompts = system_prompts_of(config.name, *assistant);
    return spec;
}

/// The local models of the configuration, the small one first: it is usable while the other still
/// loads.
std::vector<const ModelConfig*> local_models(const config::EngineConfig& config) {
    std::vector<const ModelConfig*> local;
    for (const auto& [name, model] : config.models) {
        if (model.provider == "local") local.push_back(&model);
    }
    std::ranges::sort(local, {}, [](const ModelConfig* model) { return model->name != "fast"; });
    return local;
}

}  // namespace

#else

struct Models::Local {};

#endif

Models::Models(const config::EngineConfig& config,
               [[maybe_unused]] const config::AssistantConfig* assistant)
    : local_(std::make_unique<Local>()) {
    std::vector<std::shared_ptr<const model::ModelEntry>> entries;
    const auto add = [&](const ModelConfig& of, ModelPtr made) {
        entries.push_back(std::make_shared<model::ModelEntry>(
            model::ModelEntry{.name = of.name,
                              .provider = of.provider,
                              .price = {of.price.prompt_micros, of.price.completion_micros},
                              .model = std::move(made),
                              // What a simulated model says rests on nothing.
                              .is_checked = of.gate && of.provider != "simulated"}));
    };
    for (const auto& [name, model] : config.models) {
        if (model.provider == "local") continue;
        auto made = model.provider == "openai"      ? make_remote(model, make_openai)
                    : model.provider == "anthropic" ? make_remote(model, make_anthropic)
                                                    : make_simulated(model);
        if (made) {
            add(model, std::move(*made));
        } else {
            base::log_failure("model_left_out", made.error(), {{"model", name}});
            left_out_.emplace(name, std::move(made.error()));
        }
    }
#ifdef HAYATE_HAS_LLAMA
    const auto local = local_models(config);
    if (config.local_model.enabled && !local.empty()) {
        std::vector<model::llama::ModelSpec> specs;
        for (const ModelConfig* model : local) specs.push_back(spec_of(*model, config, assistant));
        local_->engine = std::make_shared<model::llama::Engine>(
            model::llama::EngineOptions{.threads = config.local_model.threads}, std::move(specs));
        for (size_t i = 0; i < local.size(); ++i) {
            add(*local[i], std::make_shared<model::llama::LlamaModel>(local_->engine, i));
        }
    }
#endif
    std::map<std::string, route::LatencyPrior> priors;
    for (const auto& [name, model] : config.models) priors.emplace(name, prior_of(model));
    const route::ChoiceOptions choice{.exploration = config.exploration_percent / 100};
    router_ = std::make_unique<route::Router>(std::move(entries), priors,
                                              route::SelectorOptions{.choice = choice});
}

Models::~Models() { stop(); }

void Models::prepare_for([[maybe_unused]] const config::AssistantConfig& assistant) const {
#ifdef HAYATE_HAS_LLAMA
    if (!local_->engine) return;
    for (size_t i = 0; i < local_->engine->models(); ++i)
        local_->engine->keep_system_prompts(
            i, system_prompts_of(local_->engine->spec(i).name, assistant));
#endif
}

void Models::stop() {
#ifdef HAYATE_HAS_LLAMA
    if (local_->engine) local_->engine->stop();
#endif
}

const Error* Models::why_left_out(const std::string& name) const {
    const auto found = left_out_.find(name);
    return found == left_out_.end() ? nullptr : &found->second;
}

std::vector<std::string> Models::waiting_for() const {
    std::vector<std::string> waiting;
#ifdef HAYATE_HAS_LLAMA
    if (!local_->engine || local_->engine->models() == 0) return waiting;
    // A file that is absent or unusable does not come by waiting: the server is ready without it.
    if (local_->engine->stats(0).state == model::llama::LoadState::kLoading) {
        waiting.push_back("the model '" + local_->engine->spec(0).name + "'");
    }
#endif
    return waiting;
}

}  // namespace hayate::cli
