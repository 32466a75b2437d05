#include "io/model/llama/loader.hpp"

#include <algorithm>
#include <utility>

namespace hayate::model::llama {
namespace {

constexpr int kFixedMax = 4;

BatchMachine::Options machine_options(const ModelSpec& spec, const Weights& weights) {
    const int context_tokens = std::min(spec.context_tokens, weights.context_tokens_max());
    return {.slots = spec.slots,
            .context_tokens = context_tokens,
            .prefixes = {
                .sequences = spec.slots + spec.kept_prefixes + kFixedMax,
                // Every slot can fill its context; one more context is for fixed and kept prefixes.
                .cells = (spec.slots + 1) * context_tokens,
                .fixed_max = kFixedMax,
                .can_trim = weights.can_trim()}};
}

}  // namespace

Result<LoadedModel> load_model(const LoadOptions& options) {
    auto weights = Weights::load(options.spec.path, options.is_stopping);
    if (!weights) return fail(std::move(weights.error()));
    const BatchMachine::Options machine = machine_options(options.spec, **weights);
    auto context = Context::make(*weights, {.cells = machine.prefixes.cells,
                                            .sequences = machine.prefixes.sequences,
                                            .rows_max = Runner::rows_max(options.spec.slots),
                                            .threads = options.threads,
                                            .interrupt = options.interrupt});
    if (!context) return fail(std::move(context.error()));
    auto vocabulary = std::make_shared<const Vocabulary>(
        Vocabulary{*weights, ChatPrompt(*weights), machine.context_tokens});
    auto runner =
        std::make_unique<Runner>(Runner::Options{.name = "model." + options.spec.name,
                                                 .machine = machine,
                                                 .slots = options.spec.slots,
                                                 .shared_step = options.engine.shared_step,
                                                 .alone_step = options.engine.alone_step},
                                 *weights, std::move(*context));
    return LoadedModel{std::move(vocabulary), std::move(runner)};
}

}  // namespace hayate::model::llama
