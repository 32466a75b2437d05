#pragma once
// LlamaModel: a model of the Engine behind the Model interface. Thread-safe like every Model; a
// stream belongs to the shard that started it, and the engine reaches it only through a mailbox.

#include <memory>
#include <string_view>

#include "io/model/llama/engine.hpp"
#include "io/model/model.hpp"

namespace hayate::model::llama {

class LlamaModel final : public Model {
  public:
    LlamaModel(std::shared_ptr<Engine> engine, ModelIndex model);

    /// Does not wait: the request is in the engine's queue when this returns. Errors as of
    /// Engine::submit; a deadline that passes in the queue comes out of the stream as kBusy.
    Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request,
                                                     CancelToken token) override;
    /// False while the weights are absent, loading or unusable.
    [[nodiscard]] bool is_ready() const override;
    [[nodiscard]] Pace pace() const override;
    /// kUnavailable while it is not ready.
    Task<Status> probe(CancelToken token) override;

    [[nodiscard]] Result<int> count_tokens(std::string_view text) const;
    [[nodiscard]] ModelStats stats() const { return engine_->stats(model_); }

  private:
    std::shared_ptr<Engine> engine_;
    ModelIndex model_;
};

}  // namespace hayate::model::llama
