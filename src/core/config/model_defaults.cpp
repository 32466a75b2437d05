#include "core/config/model_defaults.hpp"

#include <array>

namespace hayate::config {
namespace {

struct ListPrice {
    std::string_view model;
    int64_t prompt_micros;
    int64_t completion_micros;
};

/// Published prices in micro-dollars per million tokens. `price` in the file always wins: vendors
/// change theirs.
constexpr std::array kListPrices{
    ListPrice{"claude-3-haiku", 250'000, 1'250'000},
    ListPrice{"claude-3-sonnet", 3'000'000, 15'000'000},
    ListPrice{"claude-3-5-haiku", 800'000, 4'000'000},
    ListPrice{"claude-3-5-sonnet", 3'000'000, 15'000'000},
    ListPrice{"gpt-4o-mini", 150'000, 600'000},
    ListPrice{"gpt-4o", 2'500'000, 10'000'000},
};

/// A date or version may follow ("-20240307", "-latest", "@2", ":0"), another word may not:
/// "gpt-4o-audio" is another model with another price.
bool ends_model_name(std::string_view rest) {
    if (rest.empty() || rest.front() == '@' || rest.front() == ':') return true;
    if (rest == "-latest") return true;
    return rest.size() > 1 && rest[0] == '-' && rest[1] >= '0' && rest[1] <= '9';
}

bool names_model(std::string_view id, std::string_view model) {
    const size_t at = id.rfind(model);
    if (at == std::string_view::npos) return false;
    const bool begins = at == 0 || id[at - 1] == '.' || id[at - 1] == '/';
    return begins && ends_model_name(id.substr(at + model.size()));
}

void fill_price(ModelConfig& model, const KeyPlaces& places) {
    if (places.has("models." + model.name + ".price")) {
        model.price.is_known = true;
    } else if (model.provider == "local" || model.provider == "simulated") {
        model.price = {.is_known = true};  // no tokens are bought
    } else if (const std::optional<PriceConfig> price = list_price(model.model)) {
        model.price = *price;
    }
}

struct VendorModel {
    std::string id_variable;
    std::string id;
};

ModelConfig vendor_model(std::string_view provider, const std::string& name, const VendorModel& id,
                         const Environment& environment) {
    ModelConfig model{.name = name, .provider = std::string(provider)};
    model.model = environment(id.id_variable).value_or(id.id);
    return model;
}

ModelConfig anthropic_model(const std::string& name, const VendorModel& id,
                            const Environment& environment) {
    ModelConfig model = vendor_model("anthropic", name, id, environment);
    model.base_url = environment("ANTHROPIC_BASE_URL").value_or(std::string(kAnthropicUrl));
    model.key_env = "ANTHROPIC_API_KEY";
    return model;
}

ModelConfig openai_model(const std::string& name, const VendorModel& id,
                         const Environment& environment) {
    ModelConfig model = vendor_model("openai", name, id, environment);
    model.base_url = environment("OPENAI_BASE_URL").value_or(std::string(kOpenAiUrl));
    if (environment("OPENAI_API_KEY")) model.key_env = "OPENAI_API_KEY";
    return model;
}

ModelConfig local_model(const std::string& name) { return {.name = name, .provider = "local"}; }

}  // namespace

std::optional<PriceConfig> list_price(std::string_view model) {
    for (const ListPrice& listed : kListPrices) {
        if (!names_model(model, listed.model)) continue;
        return PriceConfig{.prompt_micros = listed.prompt_micros,
                           .completion_micros = listed.completion_micros,
                           .is_known = true};
    }
    return std::nullopt;
}

/// Shares of good answers of the pinned local models, as read by hand: test/gate/README.md.
constexpr double kLocalFastQuality = 0.15;
constexpr double kLocalStrongQuality = 0.45;

void fill_defaults(ModelConfig& model, const KeyPlaces& places) {
    if (model.provider == "local" && model.file.empty() && model.quality == 0)
        model.quality = model.name == "strong" ? kLocalStrongQuality : kLocalFastQuality;
    if (model.provider == "anthropic") {
        if (model.base_url.empty() && model.endpoints.empty()) model.base_url = kAnthropicUrl;
        if (model.api_version.empty()) model.api_version = kAnthropicVersion;
        if (model.key_env.empty() && model.key_file.empty()) model.key_env = "ANTHROPIC_API_KEY";
    }
    fill_price(model, places);
}

std::map<std::string, ModelConfig> default_models(const Environment& environment) {
    std::array<ModelConfig, 2> models;
    if (environment("ANTHROPIC_API_KEY")) {
        models = {anthropic_model("fast", {"ANTHROPIC_MODEL_FAST", "claude-3-haiku-20240307"},
                                  environment),
                  anthropic_model("strong", {"ANTHROPIC_MODEL_STRONG", "claude-3-sonnet-20240229"},
                                  environment)};
    } else if (environment("OPENAI_API_KEY") || environment("OPENAI_BASE_URL")) {
        models = {openai_model("fast", {"OPENAI_MODEL_FAST", "gpt-4o-mini"}, environment),
                  openai_model("strong", {"OPENAI_MODEL_STRONG", "gpt-4o"}, environment)};
    } else {
        models = {local_model("fast"), local_model("strong")};
    }
    std::map<std::string, ModelConfig> by_name;
    for (ModelConfig& model : models) {
        fill_defaults(model, KeyPlaces());
        const std::string name = model.name;
        by_name.emplace(name, std::move(model));
    }
    return by_name;
}

}  // namespace hayate::config
