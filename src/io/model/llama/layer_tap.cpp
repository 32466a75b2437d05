#include "io/model/llama/layer_tap.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include <ggml-backend.h>
#include <ggml.h>

namespace hayate::model::llama {
namespace {

/// What llama.cpp calls the output of layer N, in every architecture.
constexpr std::string_view kOutputName = "l_out-";

}  // namespace

void LayerTap::watch(std::span<const int> layers, std::vector<bool> is_row_wanted) {
    layers_.resize(layers.size());
    for (size_t i = 0; i < layers.size(); ++i) {
        layers_[i].index = layers[i];
        layers_[i].width = 0;
    }
    is_row_wanted_ = std::move(is_row_wanted);
}

std::span<const float> LayerTap::state(int layer, int row) const {
    const auto found = std::ranges::find(layers_, layer, &Layer::index);
    if (found == layers_.end() || found->width == 0) return {};
    return std::span(found->states).subspan(static_cast<size_t>(row) * found->width, found->width);
}

bool LayerTap::on_tensor(ggml_tensor* tensor, bool is_asked, void* tap) {
    auto& self = *static_cast<LayerTap*>(tap);
    Layer* layer = self.find(*tensor);
    // Asked: whether it is wanted. Shown: whether to go on.
    if (is_asked || !layer) return is_asked ? layer != nullptr : true;
    self.keep(*tensor, *layer);
    return true;
}

LayerTap::Layer* LayerTap::find(const ggml_tensor& tensor) {
    if (layers_.empty()) return nullptr;
    std::string_view name(static_cast<const char*>(tensor.name));
    if (!name.starts_with(kOutputName)) return nullptr;
    name.remove_prefix(kOutputName.size());
    int index = -1;
    std::from_chars(name.data(), name.data() + name.size(), index);
    const auto found = std::ranges::find(layers_, index, &Layer::index);
    return found == layers_.end() ? nullptr : &*found;
}

void LayerTap::keep(const ggml_tensor& tensor, Layer& layer) const {
    const auto width = static_cast<size_t>(tensor.ne[0]);
    const auto rows = static_cast<size_t>(tensor.ne[1]);
    // The last layer has fewer rows; other types of number do not occur in it on a CPU.
    if (rows != is_row_wanted_.size() || tensor.type != GGML_TYPE_F32) return;
    layer.width = width;
    layer.states.resize(rows * width);
    for (size_t row = 0; row < rows; ++row) {
        if (!is_row_wanted_[row]) continue;
        ggml_backend_tensor_get(&tensor, &layer.states[row * width], row * tensor.nb[1],
                                width * sizeof(float));
    }
}

}  // namespace hayate::model::llama
