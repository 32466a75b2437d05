#pragma once
// Loading one model: file, memory, prompt maker and runner. Blocks for seconds; called on the
// loading thread.

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "io/model/llama/chat_prompt.hpp"
#include "io/model/llama/runner.hpp"

namespace hayate::model::llama {

/// What any thread may use once a model is loaded. Const.
struct Vocabulary {
    std::shared_ptr<const Weights> weights;
    ChatPrompt prompt;
    int context_tokens = 0;
};

struct LoadedModel {
    std::shared_ptr<const Vocabulary> vocabulary;
    std::unique_ptr<Runner> runner;
};

struct LoadOptions {
    ModelSpec spec;
    EngineOptions engine;
    const ComputeThreads* threads = nullptr;
    const std::atomic<bool>* interrupt = nullptr;  // ends a running step
    std::function<bool()> is_stopping;             // ends the load
};

/// Errors as of Weights::load and Context::make.
[[nodiscard]] Result<LoadedModel> load_model(const LoadOptions& options);

}  // namespace hayate::model::llama
