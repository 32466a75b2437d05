#pragma once
// An assistant's understanding, made of names (names.hpp) and of the examples in its folder.

#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "core/config/assistant_config.hpp"
#include "engine/gate/features.hpp"
#include "engine/understand/product_cues.hpp"
#include "engine/understand/understander.hpp"
#include "io/model/state_probe.hpp"
#include "tl/expected.hpp"

namespace hayate::cli {

using FinderPtr = std::shared_ptr<const understand::EntityFinder>;

/// Finds these names, and the assistant's order numbers.
[[nodiscard]] FinderPtr make_finder(const config::AssistantConfig& assistant,
                                    std::vector<understand::EntityName> names);

/// The words that the folder's vocabulary adds to the general cues of product questions. Blocks.
[[nodiscard]] Result<std::vector<understand::CuePhrase>> load_cues(const std::string& folder);

/// Trains on the assistant's examples. Blocks for a fraction of a second, with sentence vectors for
/// a millisecond an example more. `vector_of` may be empty. An assistant without intents gets an
/// understanding of names and numbers alone.
[[nodiscard]] std::shared_ptr<const understand::Understander> train_assistant(
    const config::AssistantConfig& assistant, FinderPtr finder,
    const understand::SentenceVector& vector_of);

/// The same from intents that were trained already.
[[nodiscard]] std::shared_ptr<const understand::Understander> make_understander(
    const config::AssistantConfig& assistant, FinderPtr finder, understand::TrainedIntents trained);

/// When the assistant's own examples cannot be told apart well enough: what to put right, naming
/// the intents and examples that are taken for others. Empty: all is well.
[[nodiscard]] config::Problems check_accuracy(const config::AssistantConfig& assistant,
                                              const understand::Understander& understander);

/// The gate's weights: learned ones from the folder's gate.txt, else the documented priors.
[[nodiscard]] tl::expected<gate::Weights, config::Problems> gate_weights_of(
    const config::AssistantConfig& assistant);
/// The probes of the folder's probes/; two for one model are a problem.
[[nodiscard]] tl::expected<model::StateProbes, config::Problems> probes_of(
    const config::AssistantConfig& assistant);

/// Why second opinions do not compare a message with the examples; empty when they do, or when
/// there are none.
[[nodiscard]] std::string why_no_neighbours(const understand::TrainedIntents& trained);

/// The embedder's vectors, or an empty function when its weights are not there.
[[nodiscard]] understand::SentenceVector load_sentence_vectors();

}  // namespace hayate::cli
