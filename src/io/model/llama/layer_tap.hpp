#pragma once
// LayerTap: keeps what chosen layers of a model give out while it computes. llama.cpp asks of each
// tensor whether it is wanted, computes up to it, and shows it; without a wish it computes as ever.

#include <span>
#include <vector>

struct ggml_tensor;

namespace hayate::model::llama {

class LayerTap {
  public:
    /// Of the next computation: the output of these layers, for the rows that are marked. The last
    /// layer cannot be had: it computes only the rows that want logits, in an order of its own.
    void watch(std::span<const int> layers, std::vector<bool> is_row_wanted);
    /// The state of a marked row; empty if that computation did not have this layer. Valid until
    /// the next `watch`.
    [[nodiscard]] std::span<const float> state(int layer, int row) const;

    /// A ggml_backend_sched_eval_callback; `tap` is a LayerTap.
    static bool on_tensor(ggml_tensor* tensor, bool is_asked, void* tap);

  private:
    struct Layer {
        int index = 0;
        size_t width = 0;           // of a state; 0: not seen
        std::vector<float> states;  // of all rows, one after the other; only the marked are filled
    };
    [[nodiscard]] Layer* find(const ggml_tensor& tensor);
    void keep(const ggml_tensor& tensor, Layer& layer) const;

    std::vector<Layer> layers_;
    std::vector<bool> is_row_wanted_;
};

}  // namespace hayate::model::llama
