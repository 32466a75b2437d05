#pragma once
// Context: a model's memory (the KV cache) and its compute. One thread at a time: the inference
// thread.

#include <atomic>
#include <memory>
#include <span>

#include "core/base/result.hpp"
#include "io/model/llama/batch_machine.hpp"
#include "io/model/llama/layer_tap.hpp"
#include "io/model/llama/weights.hpp"

struct ggml_threadpool;
struct llama_batch;  // NOLINT(readability-identifier-naming)
struct llama_context;

namespace hayate::model::llama {

/// The compute threads, shared by all models since one step runs at a time. The calling thread
/// counts as one.
class ComputeThreads {
  public:
    explicit ComputeThreads(int count);
    ~ComputeThreads();
    ComputeThreads(const ComputeThreads&) = delete;
    ComputeThreads& operator=(const ComputeThreads&) = delete;

    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] ggml_threadpool* pool() const { return pool_; }

  private:
    int count_;
    ggml_threadpool* pool_ = nullptr;  // null for one thread
};

class Context {
  public:
    struct Options {
        int cells = 0;      // memory, in tokens, of all sequences together
        int sequences = 1;  // ids 0..sequences-1
        int rows_max = 256;
        const ComputeThreads* threads = nullptr;
        /// True ends a running decode at its next operation.
        const std::atomic<bool>* interrupt = nullptr;
    };
    [[nodiscard]] static Result<std::unique_ptr<Context>> make(
        std::shared_ptr<const Weights> weights, const Options& options);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void apply(std::span<const MemoryAction> actions);

    enum class Outcome : uint8_t { kDone, kNoRoom, kInterrupted, kFailed };
    /// Puts the rows into memory and computes the logits that they ask for, and keeps what `layers`
    /// gave out for the same rows. Anything but kDone leaves the memory as it was.
    [[nodiscard]] Outcome decode(std::span<const Row> rows, std::span<const int> layers = {});
    /// After a decode that is done: of the row at `index`, which asked for them. Valid until the
    /// next decode.
    [[nodiscard]] std::span<const float> logits(int index) const;
    /// Likewise, the output of a layer that was asked for; empty if it cannot be had.
    [[nodiscard]] std::span<const float> state(int layer, int index) const {
        return tap_->state(layer, index);
    }
    [[nodiscard]] llama_context* get() const { return context_; }

  private:
    Context(std::shared_ptr<const Weights> weights, std::unique_ptr<LayerTap> tap,
            llama_context* context, int rows_max);
    void undo(std::span<const Row> rows);

    std::shared_ptr<const Weights> weights_;
    std::unique_ptr<LayerTap> tap_;  // its address is known to the context
    llama_context* context_;
    std::unique_ptr<llama_batch> batch_;
};

}  // namespace hayate::model::llama
