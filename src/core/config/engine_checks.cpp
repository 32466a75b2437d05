#include "core/config/engine_checks.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/nearest.hpp"
#include "core/config/addresses.hpp"
#include "core/config/files.hpp"

namespace hayate::config {
namespace {

constexpr size_t kNameBytesMax = 64;
constexpr size_t kEndpointsMax = 32;
constexpr std::string_view kKeyNameHelp =
    "expected the name of an environment variable (letters, digits, _), never the key itself";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_variable_name(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c); });
}

/// Names become parts of URLs, log lines and metrics.
bool is_model_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameBytesMax && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '-';
    });
}

/// Collects the problems of one configuration.
class Checker {
  public:
    explicit Checker(const EngineConfig& config) : config_(config) {}
    void require(bool is_right, const std::string& key, std::string_view text) {
        if (!is_right) problems_.push_back(config_.places.problem(key, std::string(text)));
    }
    [[nodiscard]] Problems take() { return std::move(problems_); }

    void check_listen(const std::string& key, const ListenConfig& listen) {
        require(is_address(listen.address), key + ".address",
                "expected an IP address such as 127.0.0.1, 0.0.0.0 or ::1");
    }
    void check_model(const ModelConfig& model);
    void check_vendor(const std::string& key, const ModelConfig& model);
    void check_customer_token();

  private:
    const EngineConfig& config_;
    Problems problems_;
};

void Checker::check_model(const ModelConfig& model) {
    const std::string key = "models." + model.name;
    require(is_model_name(model.name), key,
            "expected a name of letters, digits, - and _, at most 64");
    // A wrong provider has been reported where it stands.
    require(!model.provider.empty() || config_.places.has(key + ".provider"), key,
            "provider is missing: local, openai, anthropic or simulated");
    const bool has_pinned_file = model.name == "fast" || model.name == "strong";
    require(model.provider != "local" || !model.file.empty() || has_pinned_file, key,
            "file is missing: only the local models 'fast' and 'strong' have one of their own");
    const bool has_vendor = model.provider == "openai" || model.provider == "anthropic";
    if (has_vendor) check_vendor(key, model);
    require(has_vendor || model.endpoints.empty(), key + ".endpoints",
            "only a model of the provider openai or anthropic has endpoints");
    const bool has_price = config_.places.has(key + ".price");
    for (const std::string part : {".price.prompt", ".price.completion"}) {
        require(!has_price || config_.places.has(key + part), key + ".price",
                fmt::format("{} is missing", part.substr(part.rfind('.') + 1)));
    }
}

void Checker::check_vendor(const std::string& key, const ModelConfig& model) {
    require(!model.model.empty(), key, "model is missing: the provider's model id");
    require(model.base_url.empty() || model.endpoints.empty(), key,
            "base_url and endpoints are both given: keep one");
    for (const std::string& endpoint : model.endpoints) {
        const std::string problem = base_url_problem(endpoint);
        require(problem.empty(), key + ".endpoints", problem);
    }
    const std::set<std::string> different(model.endpoints.begin(), model.endpoints.end());
    require(different.size() == model.endpoints.size(), key + ".endpoints",
            "the same address twice: it would still be one server");
    if (!model.endpoints.empty()) {
        require(model.endpoints.size() <= kEndpointsMax, key + ".endpoints",
                fmt::format("at most {}", kEndpointsMax));
    } else if (model.base_url.empty()) {
        require(false, key, "base_url is missing, for example https://api.openai.com/v1");
    } else {
        const std::string problem = base_url_problem(model.base_url);
        require(problem.empty(), key + ".base_url", problem);
    }
    require(model.key_env.empty() || model.key_file.empty(), key,
            "key_env and key_file are both given: keep one");
    require(model.key_env.empty() || is_variable_name(model.key_env), key + ".key_env",
            kKeyNameHelp);
}

void Checker::check_customer_token() {
    const CustomerTokenConfig& token = config_.auth.customer_token;
    const std::string key = "auth.customer_token";
    const int given = static_cast<int>(!token.hs256_secret_env.empty()) +
                      static_cast<int>(!token.hs256_secret_file.empty()) +
                      static_cast<int>(!token.rs256_public_key_file.empty());
    require(given <= 1, key,
            "keep one of hs256_secret_env, hs256_secret_file and rs256_public_key_file");
    require(given > 0 || (token.issuer.empty() && token.audience.empty()), key,
            "issuer and audience need a secret or a public key to check with");
    require(token.hs256_secret_env.empty() || is_variable_name(token.hs256_secret_env),
            key + ".hs256_secret_env", kKeyNameHelp);
}

bool do_overlap(const ListenConfig& a, const ListenConfig& b) {
    const auto is_same = [](const std::string& x, const std::string& y) {
        return x == y || is_any_address(x) || is_any_address(y) ||
               ((x == "localhost") != (y == "localhost") && is_loopback(x) && is_loopback(y));
    };
    return a.port == b.port && a.port != 0 && is_same(a.address, b.address);
}

}  // namespace

Problems check_values(const EngineConfig& config) {
    Checker checker(config);
    checker.check_listen("listen", config.listen);
    checker.check_listen("admin", config.admin);
    checker.require(!config.data.empty(), "data", "expected a folder");
    for (const auto& entry : config.models) checker.check_model(entry.second);
    for (const std::string& origin : config.auth.allowed_origins) {
        const std::string problem = origin_problem(origin);
        checker.require(problem.empty(), "auth.allowed_origins",
                        fmt::format("\"{}\": {}", origin, problem));
    }
    checker.check_customer_token();
    return checker.take();
}

Problems check_files(const EngineConfig& config) {
    Problems problems;
    // The path is not repeated: where a key file belongs, people have pasted the key.
    const auto look = [&](const std::string& key, const std::string& path) {
        if (path.empty()) return;
        const std::optional<std::string> problem = file_problem(path);
        if (problem) problems.push_back(config.places.problem(key, *problem));
    };
    for (const auto& [name, model] : config.models) {
        look("models." + name + ".key_file", model.key_file);
        if (model.provider == "local") look("models." + name + ".file", model.file);
    }
    const CustomerTokenConfig& token = config.auth.customer_token;
    look("auth.customer_token.hs256_secret_file", token.hs256_secret_file);
    look("auth.customer_token.rs256_public_key_file", token.rs256_public_key_file);
    return problems;
}

Problems check_engine(const EngineConfig& config, const ServerFacts& facts) {
    Checker checker(config);
    checker.require(!do_overlap(config.listen, config.admin), "admin.port",
                    "the public and the admin listener have the same address and port");
    if (!is_loopback(config.listen.address)) {
        checker.require(config.auth.api_keys != "off", "auth.api_keys",
                        "off is refused beyond loopback: anybody could spend the models' money");
        checker.require(facts.has_api_key, "listen.address",
                        "refused beyond loopback while there is no API key; make one with "
                        "`hayate keys create`");
        checker.require(!config.auth.demo_sign_in, "auth.demo_sign_in",
                        "refused beyond loopback: anybody could sign in as any customer; "
                        "set it to false");
    }
    checker.require(is_loopback(config.admin.address) || facts.has_admin_key, "admin.address",
                    "refused beyond loopback while there is no API key with the role admin");
    const bool wants_local = std::ranges::any_of(
        config.models, [](const auto& entry) { return entry.second.provider == "local"; });
    checker.require(config.local_model.enabled || !wants_local, "local_model.enabled",
                    "is false, but a model has the provider local");
    checker.require(!config.models.empty() || !config.assistant.empty(), "models",
                    "no model and no assistant: nothing could be answered");
    return checker.take();
}

Problems engine_warnings(const EngineConfig& config) {
    Checker checker(config);
    for (const auto& [name, model] : config.models) {
        const std::string key = "models." + name;
        checker.require(model.price.is_known, key,
                        "the price is not known, so costs count as 0; add price: {prompt: ..., "
                        "completion: ...}");
        const bool has_key = !model.key_env.empty() || !model.key_file.empty();
        const auto warn_plain = [&](const std::string& part, const std::string& url) {
            const bool is_plain = url.starts_with("http://");
            checker.require(!is_plain || !has_key || is_loopback_url(url), key + part,
                            "the key travels unencrypted over http://");
        };
        warn_plain(".base_url", model.base_url);
        for (const std::string& url : model.endpoints) warn_plain(".endpoints", url);
    }
    return checker.take();
}

/// Models are alternatives, so one that the engine lacks is left out; a misspelt one, or none at
/// all, is a mistake.
Problems check_together(const EngineConfig& config, const AssistantConfig& assistant) {
    Problems problems;
    std::vector<std::string> known;
    known.reserve(config.models.size());
    for (const auto& entry : config.models) known.push_back(entry.first);
    bool has_model = false;
    for (const std::string& model : assistant.models) {
        const bool is_known = config.models.contains(model);
        has_model = has_model || is_known;
        const std::string hint = is_known ? "" : base::did_you_mean(model, known);
        if (hint.empty()) continue;
        problems.push_back(assistant.places.problem(
            "models", fmt::format("there is no model '{}'{}", model, hint)));
    }
    for (const auto& [name, intent] : assistant.intents.intents) {
        for (const auto* row : {&intent.models.low, &intent.models.medium, &intent.models.high}) {
            for (const std::string& model : *row) {
                if (std::ranges::count(assistant.models, model) > 0) continue;
                problems.push_back(intent.places.problem(
                    "models", fmt::format("'{}' is not one of the assistant's models{}", model,
                                          base::did_you_mean(model, assistant.models))));
            }
        }
    }
    // A server that was told to do without models has none.
    if (!has_model && problems.empty() && !assistant.models.empty() && !known.empty()) {
        problems.push_back(assistant.places.problem(
            "models",
            fmt::format("the server has none of these models; it has {}", fmt::join(known, ", "))));
    }
    append(problems, check_classifier(assistant, known));
    if (config.models.contains(assistant.id)) {
        problems.push_back(
            config.places.problem("models." + assistant.id,
                                  "is also the assistant's id: the name must choose one of them"));
    }
    return problems;
}

}  // namespace hayate::config
