#pragma once
// From the configuration's models to running ones.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"
#include "engine/route/route.hpp"

namespace hayate::cli {

/// Where a local model's weights are: as configured, else the pinned file of its role in the cache.
[[nodiscard]] std::string weights_path(const config::ModelConfig& config,
                                       const config::LocalModelConfig& local);

/// Keeps what the models share (the local engine) alive. Destroyed after the shards have stopped.
class Models {
  public:
    /// Never fails for what can heal (missing weights, an unreachable provider); a model that
    /// cannot be made at all (a key that cannot be read) is logged and left out.
    Models(const config::EngineConfig& config, const config::AssistantConfig* assistant);
    ~Models();
    Models(const Models&) = delete;
    Models& operator=(const Models&) = delete;

    /// A release of this assistant is about to serve: local models read the system prompts that are
    /// new to them, in the background. Returns at once. Thread-safe.
    void prepare_for(const config::AssistantConfig& assistant) const;
    /// Ends local inference. Idempotent; call it while the shards still run.
    void stop();

    [[nodiscard]] const route::Router& router() const { return *router_; }
    /// What kept a model of the configuration from being made; null when nothing did.
    [[nodiscard]] const Error* why_left_out(const std::string& name) const;
    /// What is not ready yet, for /readyz; empty when the first local model can answer.
    [[nodiscard]] std::vector<std::string> waiting_for() const;

  private:
    struct Local;
    std::unique_ptr<Local> local_;
    std::unique_ptr<route::Router> router_;
    std::map<std::string, Error> left_out_;
};

}  // namespace hayate::cli
