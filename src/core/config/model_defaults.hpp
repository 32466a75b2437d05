#pragma once
// What a configuration need not say about models: vendors' addresses, list prices, and the models
// themselves.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/config/engine_config.hpp"
#include "core/config/files.hpp"

namespace hayate::config {

inline constexpr std::string_view kAnthropicUrl = "https://api.anthropic.com";
inline constexpr std::string_view kOpenAiUrl = "https://api.openai.com/v1";
inline constexpr std::string_view kAnthropicVersion = "2023-06-01";

/// List price of a well-known model id, also with a date or behind a prefix
/// ("anthropic.claude-3-haiku-20240307-v1:0").
[[nodiscard]] std::optional<PriceConfig> list_price(std::string_view model);

/// Fills what the file left out: address, key variable and version of a vendor, and the price.
void fill_defaults(ModelConfig& model, const KeyPlaces& places);

/// The models of a server whose file names none: "fast" and "strong". ANTHROPIC_API_KEY is looked
/// at first, then OPENAI_API_KEY or OPENAI_BASE_URL; with none of them the models run in the
/// process. Ids can be changed by ANTHROPIC_MODEL_FAST, ANTHROPIC_MODEL_STRONG, OPENAI_MODEL_FAST,
/// OPENAI_MODEL_STRONG, and the vendor's address by ANTHROPIC_BASE_URL.
[[nodiscard]] std::map<std::string, ModelConfig> default_models(const Environment& environment);

}  // namespace hayate::config
