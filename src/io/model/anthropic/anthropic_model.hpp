#pragma once
// A model behind the Anthropic Messages API.

#include <memory>
#include <string>

#include "io/model/remote/remote_model.hpp"

namespace hayate::model {

struct AnthropicOptions : RemoteOptions {
    /// The anthropic-version header, fixed per model: from 2026-10-21 on, sampling fields are
    /// refused and so not sent.
    std::string version = "2023-06-01";
    /// Marks the system prompt for the provider's prefix cache: writing costs 25 % more, reading 90
    /// % less, and the first token comes sooner. Right as long as the system prompt is the same for
    /// every customer.
    bool caches_system = true;
};

/// The base URL is without the version; empty: "https://api.anthropic.com". kBadRequest says which
/// option is wrong. A request's openai_passthrough is not used: its other fields must be filled in.
[[nodiscard]] Result<std::shared_ptr<RemoteModel>> make_anthropic_model(AnthropicOptions options);

}  // namespace hayate::model
