#include "core/config/engine_config.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "core/config/engine_checks.hpp"
#include "core/config/model_defaults.hpp"

namespace hayate::config {
namespace {

std::string problems_of(std::string_view yaml) {
    const auto config = parse_engine_config(yaml, "h.yaml");
    return config ? "" : format(config.error());
}

EngineConfig parsed(std::string_view yaml) {
    auto config = parse_engine_config(yaml, "h.yaml");
    EXPECT_TRUE(config) << format(config ? Problems() : config.error());
    return config.value_or(EngineConfig());
}

std::string checks_of(std::string_view yaml, const ServerFacts& facts = {}) {
    return format(check_engine(parsed(yaml), facts));
}

Environment environment_of(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto it = values.find(name);
        return it == values.end() ? std::nullopt : std::optional(it->second);
    };
}

TEST(EngineConfig, AnEmptyFileIsValid) {
    const EngineConfig config = parsed("");
    EXPECT_EQ(config.listen.address, "127.0.0.1");
    EXPECT_EQ(config.admin.port, 8081);
    EXPECT_EQ(checks_of(""), "");
}

TEST(EngineConfig, ReadsAWholeFile) {
    const EngineConfig config = parsed(R"(
listen: {address: 0.0.0.0, port: 80}
admin: {port: 9090}
threads: 4
models:
  fast:
    provider: anthropic
    model: claude-3-haiku-20240307
  mine:
    provider: openai
    model: llama-3
    base_url: http://10.0.0.5:8000/v1
    key_env: MY_KEY
    price: {prompt: 3.00, completion: 0.15}
auth:
  demo_sign_in: false
  allowed_origins: [https://shop.example]
  customer_token: {hs256_secret_env: SHOP_SECRET, issuer: shop}
limits: {drain_time_ms: 500}
)");
    EXPECT_EQ(config.listen.port, 80);
    EXPECT_EQ(config.admin.address, "127.0.0.1");
    const ModelConfig& fast = config.models.at("fast");
    EXPECT_EQ(fast.name, "fast");
    EXPECT_EQ(fast.base_url, "https://api.anthropic.com");
    EXPECT_EQ(fast.key_env, "ANTHROPIC_API_KEY");
    EXPECT_EQ(fast.price.completion_micros, 1'250'000);
    EXPECT_EQ(config.models.at("mine").price.prompt_micros, 3'000'000);
    EXPECT_EQ(config.models.at("mine").price.completion_micros, 150'000);
    EXPECT_TRUE(config.auth.customer_token.is_set());
    EXPECT_EQ(format(check_engine(config, {.has_api_key = true})), "");
    EXPECT_EQ(format(engine_warnings(config)),
              "h.yaml:12: models.mine.base_url: the key travels unencrypted over http://\n");
}

TEST(EngineConfig, AModelMayHaveSeveralEndpoints) {
    const EngineConfig config = parsed(R"(models:
  fast: {provider: anthropic, model: m, endpoints: ['https://a', 'http://10.0.0.5'], tries: 2}
)");
    const ModelConfig& fast = config.models.at("fast");
    EXPECT_EQ(fast.base_url, "");  // the vendor's would be one more
    EXPECT_EQ(fast.endpoints, (std::vector<std::string>{"https://a", "http://10.0.0.5"}));
    EXPECT_EQ(fast.tries, 2);
    EXPECT_EQ(fast.hedge_percent, 5);
    EXPECT_NE(format(engine_warnings(config)).find("models.fast.endpoints: the key travels"),
              std::string::npos);
}

TEST(EngineConfig, EachMistakeIsNamed) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"lisen: {}", "h.yaml:1: lisen: unknown key; did you mean 'listen'?"},
        {"listen: {port: 70000}", "listen.port: expected a whole number from 0 to 65535"},
        {"listen: {address: shop.example}", "listen.address: expected an IP address"},
        {"limits: {drain_time_ms: 0}", "limits.drain_time_ms: expected a whole number from 1"},
        {"log_level: verbose", "expected one of debug, info, warning, error, off"},
        {"models:\n  fast:\n    provider: antropic",
         "h.yaml:3: models.fast.provider: expected one"},
        {"models: {fast: {}}", "models.fast: provider is missing"},
        {"models: {fast: {provider: openai, base_url: 'http://h'}}", "fast: model is missing"},
        {"models: {a: {provider: openai, model: m}}", "models.a: base_url is missing"},
        {"models: {a: {provider: openai, model: m, base_url: h}}", "models.a.base_url: expected"},
        {"models: {a: {provider: local}}", "models.a: file is missing"},
        {"models: {'a b': {provider: simulated}}", "models.a b: expected a name"},
        {"models: {a: {provider: simulated, price: {prompt: -1, completion: 1}}}",
         "models.a.price.prompt: expected dollars per million tokens"},
        {"models: {a: {provider: simulated, price: {prompt: 1}}}",
         "models.a.price: completion is missing"},
        {"models: {a: {provider: anthropic, model: m, key_env: A, key_file: b}}",
         "models.a: key_env and key_file are both given"},
        {"models: {a: {provider: openai, model: m, base_url: 'http://h', endpoints: ['http://i']}}",
         "models.a: base_url and endpoints are both given"},
        {"models: {a: {provider: openai, model: m, endpoints: ['http://h', 'h']}}",
         "models.a.endpoints: expected"},
        {"models: {a: {provider: openai, model: m, endpoints: ['http://h', 'http://h']}}",
         "models.a.endpoints: the same address twice"},
        {"models: {a: {provider: simulated, endpoints: ['http://h']}}",
         "models.a.endpoints: only a model of the provider openai or anthropic"},
        {"models: {a: {provider: simulated, hedge_percent: 80}}",
         "models.a.hedge_percent: expected a number from 0 to 50"},
        {"models: {a: {provider: simulated, tries: 0}}", "models.a.tries: expected a whole number"},
        {"auth: {api_keys: none}", "expected one of auto, required, off"},
        {"auth: {allowed_origins: ['*']}", "auth.allowed_origins: \"*\": expected"},
        {"auth: {customer_token: {hs256_secret_env: A, rs256_public_key_file: b}}",
         "auth.customer_token: keep one of"},
        {"auth: {customer_token: {issuer: shop}}", "auth.customer_token: issuer and audience need"},
        {"data: ''", "data: expected a folder"},
    };
    for (const auto& [yaml, expected] : cases) {
        const std::string found = problems_of(yaml);
        EXPECT_NE(found.find(expected), std::string::npos) << yaml << "\n" << found;
        EXPECT_EQ(std::ranges::count(found, '\n'), 1) << found;
    }
}

TEST(EngineConfig, AKeyPastedWhereItsNameBelongsIsNotRepeated) {
    const std::string found =
        problems_of("models: {a: {provider: anthropic, model: m, key_env: sk-ant-secret}}");
    EXPECT_NE(found.find("never the key itself"), std::string::npos);
    EXPECT_EQ(found.find("sk-ant"), std::string::npos);
}

TEST(EngineConfig, ALoadedFileMayOnlyNameFilesThatExist) {
    const std::string path = ::testing::TempDir() + "hayate_config_test.yaml";
    std::ofstream(path) << "models:\n  a:\n    provider: openai\n    model: m\n"
                           "    base_url: http://h\n    key_file: /nonexistent/sk-secret\n";
    const auto config = load_engine_config(path);
    ASSERT_FALSE(config);
    EXPECT_EQ(format(config.error()), path + ":6: models.a.key_file: the file does not exist\n");
    const auto missing = load_engine_config("/nonexistent/h.yaml");
    EXPECT_EQ(format(missing.error()), "/nonexistent/h.yaml: the file does not exist\n");
}

TEST(EngineConfig, BeyondLoopbackNeedsKeysAndNoDemo) {
    const std::string open = "listen: {address: 0.0.0.0}\n";
    EXPECT_NE(checks_of(open).find("h.yaml:1: listen.address: refused beyond loopback"),
              std::string::npos);
    EXPECT_NE(checks_of(open).find("auth.demo_sign_in: refused"), std::string::npos);
    const ServerFacts keys{.has_api_key = true};
    const std::string closed = open + "auth: {demo_sign_in: false}\n";
    EXPECT_EQ(checks_of(closed, keys), "");
    const std::string off = open + "auth: {demo_sign_in: false, api_keys: 'off'}\n";
    EXPECT_NE(checks_of(off, keys).find("auth.api_keys: off is refused"), std::string::npos);
    EXPECT_EQ(checks_of("auth: {api_keys: 'off'}"), "");
    const std::string admin = "admin: {address: '::'}\n";
    EXPECT_NE(checks_of(admin, keys).find("admin.address: refused"), std::string::npos);
    EXPECT_EQ(checks_of(admin, {.has_api_key = true, .has_admin_key = true}), "");
}

TEST(EngineConfig, TheTwoListenersMayNotCollide) {
    EXPECT_NE(checks_of("admin: {port: 8080}").find("same address and port"), std::string::npos);
    EXPECT_NE(checks_of("admin: {port: 8080, address: localhost}").find("same"), std::string::npos);
    EXPECT_EQ(checks_of("admin: {port: 8080, address: '::1'}"), "");
    EXPECT_EQ(checks_of("listen: {port: 0}\nadmin: {port: 0}"), "");
}

TEST(EngineConfig, ALocalModelNeedsTheLocalEngine) {
    const std::string yaml = "local_model: {enabled: false}\nmodels: {fast: {provider: local}}\n";
    EXPECT_NE(checks_of(yaml).find("local_model.enabled: is false"), std::string::npos);
    EXPECT_NE(checks_of("assistant: ''").find("no model and no assistant"), std::string::npos);
}

TEST(Models, TheDefaultFollowsTheEnvironment) {
    const auto local = default_models(environment_of({}));
    ASSERT_EQ(local.size(), 2U);
    EXPECT_EQ(local.at("fast").provider, "local");
    EXPECT_TRUE(local.at("strong").price.is_known);

    const auto anthropic = default_models(
        environment_of({{"ANTHROPIC_API_KEY", "k"}, {"ANTHROPIC_MODEL_FAST", "claude-9"}}));
    EXPECT_EQ(anthropic.at("fast").model, "claude-9");
    EXPECT_FALSE(anthropic.at("fast").price.is_known);
    EXPECT_EQ(anthropic.at("strong").model, "claude-3-sonnet-20240229");
    EXPECT_EQ(anthropic.at("strong").price.prompt_micros, 3'000'000);
    EXPECT_EQ(anthropic.at("strong").key_env, "ANTHROPIC_API_KEY");

    const auto openai = default_models(
        environment_of({{"OPENAI_BASE_URL", "http://127.0.0.1:1/v1"}, {"OPENAI_MODEL_FAST", "q"}}));
    EXPECT_EQ(openai.at("fast").base_url, "http://127.0.0.1:1/v1");
    EXPECT_EQ(openai.at("fast").model, "q");
    EXPECT_EQ(openai.at("fast").key_env, "");
    EXPECT_EQ(default_models(environment_of({{"OPENAI_API_KEY", "k"}})).at("strong").key_env,
              "OPENAI_API_KEY");
}

TEST(Models, DefaultsOfEveryKindPassTheChecksOfAFile) {
    for (const char* variable : {"ANTHROPIC_API_KEY", "OPENAI_API_KEY", "NOTHING"}) {
        EngineConfig config;
        config.models = default_models(environment_of({{variable, "k"}}));
        EXPECT_EQ(format(check_values(config)), "");
        EXPECT_EQ(format(check_engine(config, {})), "");
    }
}

TEST(Models, AListPriceIsFoundBehindPrefixAndDateOnly) {
    EXPECT_EQ(list_price("claude-3-sonnet-20240229")->completion_micros, 15'000'000);
    EXPECT_EQ(list_price("us.anthropic.claude-3-haiku-20240307-v1:0")->prompt_micros, 250'000);
    EXPECT_EQ(list_price("openai/gpt-4o-mini")->prompt_micros, 150'000);
    EXPECT_EQ(list_price("gpt-4o-2024-08-06")->prompt_micros, 2'500'000);
    EXPECT_EQ(list_price("claude-3-5-sonnet-latest")->prompt_micros, 3'000'000);
    for (const char* other : {"gpt-4o-audio-preview", "my-gpt-4o", "claude-3", "", "qwen"}) {
        EXPECT_FALSE(list_price(other)) << other;
    }
}

TEST(Models, AnUnknownPriceIsAWarning) {
    const EngineConfig config =
        parsed("models: {a: {provider: openai, model: m, base_url: 'http://localhost:1'}}");
    EXPECT_NE(format(engine_warnings(config)).find("models.a: the price is not known"),
              std::string::npos);
}

TEST(Secrets, ComeFromAVariableOrAFileAndNeverAppearInErrors) {
    const auto value = read_secret("K", "", environment_of({{"K", " s3cret\n"}}));
    EXPECT_EQ(value->reveal(), "s3cret");
    const auto unset = read_secret("K", "", environment_of({}));
    EXPECT_EQ(unset.error().internal, "environment variable K is not set");
    const std::string path = ::testing::TempDir() + "hayate_secret_test";
    std::ofstream(path) << "\n  from-file  \n";
    EXPECT_EQ(read_secret("", path, environment_of({}))->reveal(), "from-file");
    std::ofstream(path) << " \n";
    EXPECT_FALSE(read_secret("", path, environment_of({})));
    EXPECT_TRUE(read_secret("", "", environment_of({}))->is_empty());
}

TEST(EngineConfig, KeysAreListed) {
    const std::vector<std::string> keys = engine_config_keys();
    for (const char* key : {"listen.port", "models.*.price.prompt", "auth.customer_token.issuer",
                            "limits.drain_time_ms", "local_model.slots"}) {
        EXPECT_EQ(std::ranges::count(keys, key), 1) << key;
    }
}

}  // namespace
}  // namespace hayate::config
