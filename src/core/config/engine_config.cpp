#include "core/config/engine_config.hpp"

#include "core/config/engine_checks.hpp"
#include "core/config/files.hpp"
#include "core/config/model_defaults.hpp"
#include "core/config/yaml_fields.hpp"

namespace hayate::config {
namespace {

using Words = std::vector<std::string>;

constexpr int kHourMs = 3'600'000;
constexpr int kThreadsMax = 1024;

void declare(Fields& fields, ListenConfig& listen) {
    fields.text("address", listen.address);
    fields.integer("port", listen.port, 0, 65535);
}

void declare(Fields& fields, LocalModelConfig& local) {
    fields.flag("enabled", local.enabled);
    fields.integer("threads", local.threads, 0, kThreadsMax);
    fields.integer("slots", local.slots, 1, 64);
    fields.integer("queue", local.queue, 0, 10'000);
    fields.text("directory", local.directory);
}

void declare(Fields& fields, CustomerTokenConfig& token) {
    fields.discreet_text("hs256_secret_env", token.hs256_secret_env);
    fields.discreet_text("hs256_secret_file", token.hs256_secret_file);
    fields.text("rs256_public_key_file", token.rs256_public_key_file);
    fields.text("issuer", token.issuer);
    fields.text("audience", token.audience);
}

void declare(Fields& fields, AuthConfig& auth) {
    static const Words modes{"auto", "required", "off"};
    fields.choice("api_keys", auth.api_keys, modes);
    fields.flag("demo_sign_in", auth.demo_sign_in);
    fields.texts("allowed_origins", auth.allowed_origins);
    fields.group("customer_token", [&] { declare(fields, auth.customer_token); });
}

void declare(Fields& fields, LimitsConfig& limits) {
    fields.integer("connections_per_shard", limits.connections_per_shard, 1, 1'000'000);
    fields.integer("text_chars", limits.text_chars, 1, 100'000);
    fields.integer("messages", limits.messages, 1, 10'000);
    fields.integer("drain_time_ms", limits.drain_time_ms, 1, kHourMs);
    fields.integer("detached_time_ms", limits.detached_time_ms, 0, kHourMs);
}

void declare(Fields& fields, BudgetsConfig& budgets) {
    static const Words policies{"refuse", "fast_only", "prepared_only"};
    fields.dollars("server_per_day", budgets.server_micros);
    fields.dollars("tenant_per_day", budgets.tenant_micros);
    fields.each("tenants", budgets.tenants,
                [&](const std::string& name, int64_t& micros) { fields.dollars(name, micros); });
    fields.choice("when_over", budgets.when_over, policies);
}

tl::expected<EngineConfig, Problems> parse(std::string_view yaml, const std::string& file,
                                           bool looks_for_files) {
    EngineConfig config;
    config.places = KeyPlaces(file);
    Problems problems =
        read_yaml(yaml, config.places, [&](Fields& fields) { declare(fields, config); });
    for (auto& [name, model] : config.models) {
        model.name = name;
        fill_defaults(model, config.places);
    }
    append(problems, check_values(config));
    if (looks_for_files) append(problems, check_files(config));
    sort_by_place(problems);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return config;
}

}  // namespace

void declare_answer_shape(Fields& fields, ModelConfig& model) {
    static const Words providers{"local", "openai", "anthropic", "simulated"};
    fields.choice("provider", model.provider, providers);
    fields.text("model", model.model);
    fields.text("file", model.file);
    fields.discreet_text("base_url", model.base_url);
    fields.texts("endpoints", model.endpoints);
    fields.text("api_version", model.api_version);
    fields.integer("context_tokens", model.context_tokens, 256, 1'000'000);
    fields.number("quality", model.quality, 0, 1);
    fields.flag("gate", model.gate);
    fields.text("ttft", model.ttft);
    fields.text("rate", model.rate);
    fields.text("tokens", model.tokens);
    fields.integer("seed", model.seed, 0, INT64_MAX);
}

void declare(Fields& fields, ModelConfig& model) {
    declare_answer_shape(fields, model);
    fields.discreet_text("key_env", model.key_env);
    fields.discreet_text("key_file", model.key_file);
    fields.group("price", [&] {
        fields.dollars("prompt", model.price.prompt_micros);
        fields.dollars("completion", model.price.completion_micros);
    });
    fields.integer("stall_time_ms", model.stall_time_ms, 100, kHourMs);
    fields.integer("first_token_time_ms", model.first_token_time_ms, 100, kHourMs);
    fields.integer("tries", model.tries, 1, 5);
    fields.number("retry_percent", model.retry_percent, 0, 100);
    fields.number("hedge_percent", model.hedge_percent, 0, 50);
    fields.integer("eject_after", model.eject_after, 1, 100);
    fields.integer("expected_first_token_ms", model.expected_first_token_ms, 0, kHourMs);
    fields.number("expected_tokens_per_s", model.expected_tokens_per_s, 0, 100'000);
}

void declare(Fields& fields, EngineConfig& config) {
    static const Words log_levels{"debug", "info", "warning", "error", "off"};
    static const Words synchronous_modes{"normal", "full"};
    fields.group("listen", [&] { declare(fields, config.listen); });
    fields.group("admin", [&] { declare(fields, config.admin); });
    fields.integer("threads", config.threads, 0, kThreadsMax);
    fields.number("exploration_percent", config.exploration_percent, 0, 10);
    fields.number("early_wake_percent", config.early_wake_percent, 0, 50);
    fields.text("data", config.data);
    fields.text("assistant", config.assistant);
    fields.text("web", config.web);
    fields.choice("log_level", config.log_level, log_levels);
    fields.choice("sqlite_synchronous", config.sqlite_synchronous, synchronous_modes);
    fields.each("models", config.models, [&](const std::string& name, ModelConfig& model) {
        fields.group(name, [&] { declare(fields, model); });
    });
    fields.group("local_model", [&] { declare(fields, config.local_model); });
    fields.group("auth", [&] { declare(fields, config.auth); });
    fields.group("limits", [&] { declare(fields, config.limits); });
    fields.group("budgets", [&] { declare(fields, config.budgets); });
}

tl::expected<EngineConfig, Problems> parse_engine_config(std::string_view yaml,
                                                         const std::string& file) {
    return parse(yaml, file, false);
}

tl::expected<EngineConfig, Problems> load_engine_config(const std::string& path) {
    const tl::expected<std::string, std::string> text = read_text_file(path, kConfigBytesMax);
    if (!text) return tl::unexpected(Problems{{.file = path, .text = text.error()}});
    return parse(*text, path, true);
}

std::vector<std::string> engine_config_keys() {
    EngineConfig scratch;
    return list_keys([&](Fields& fields) { declare(fields, scratch); });
}

}  // namespace hayate::config
