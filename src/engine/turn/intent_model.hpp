#pragma once
// What a language model is asked when examples leave open which intent a message has, and what its
// answer counts for. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/assistant_config.hpp"
#include "engine/turn/approach.hpp"
#include "io/model/model.hpp"

namespace hayate::turn {

/// The message is still open, the polite answer would not take it, and there is a model to ask.
[[nodiscard]] bool is_for_classifier(const understand::Reading& reading, const Approach& approach,
                                     const config::AssistantConfig& assistant);

/// The question to the model. Made once a release: what is the same for every message is put
/// together and counted once. Immutable.
class IntentQuestion {
  public:
    explicit IntentQuestion(const config::AssistantConfig& assistant);

    /// All intents, each by its description or a few examples. The same for every message, so that
    /// a model that keeps prefixes has read it.
    [[nodiscard]] const std::string& system_prompt() const { return system_prompt_; }

    /// Asks which of `candidates` the message is; empty: which of all intents, or none of them. The
    /// message is fenced: it is data, and cannot close its fence.
    [[nodiscard]] model::ModelRequest request(std::span<const std::string> candidates,
                                              std::string_view message) const;
    /// The estimated length of that request, which need not be made for it. In tokens.
    [[nodiscard]] int prompt_tokens(std::span<const std::string> candidates,
                                    std::string_view message) const;

    /// The name that the answer consists of: a candidate, or of no candidates any intent or
    /// config::kNoIntent. Whoever says anything else has not decided.
    [[nodiscard]] std::optional<std::string> answered(std::span<const std::string> candidates,
                                                      std::string_view answer) const;

  private:
    [[nodiscard]] std::span<const std::string> offered(
        std::span<const std::string> candidates) const;

    std::vector<std::string> names_;  // of all intents, and of none
    std::string system_prompt_;
    int system_tokens_;
    int max_tokens_;
};

}  // namespace hayate::turn
