#pragma once
// A model behind any OpenAI-compatible chat-completions endpoint.

#include <memory>
#include <string>

#include "io/model/remote/remote_model.hpp"

namespace hayate::model {

struct OpenAiOptions : RemoteOptions {
    /// The field that limits the answer. Empty: "max_completion_tokens" at api.openai.com, whose
    /// newer models refuse the older name, and "max_tokens" everywhere else.
    std::string max_tokens_name;
};

/// The base URL includes the version; empty: "https://api.openai.com/v1". kBadRequest says which
/// option is wrong.
[[nodiscard]] Result<std::shared_ptr<RemoteModel>> make_openai_model(OpenAiOptions options);

}  // namespace hayate::model
