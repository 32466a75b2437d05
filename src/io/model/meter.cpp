#include "io/model/meter.hpp"

namespace hayate::model {

ModelMeter::ModelMeter(observe::Metrics& metrics)
    : calls_(metrics.counter("hayate_model_calls_total", "Model calls, by outcome.",
                             {"model", "outcome"})),
      tokens_(metrics.counter("hayate_model_tokens_total", "Tokens read and written.",
                              {"model", "kind"})),
      cost_(metrics.counter("hayate_cost_micro_dollars_total", "What the model calls cost.",
                            {"model"})) {}

void ModelMeter::record(const ModelEntry& entry, const Usage& usage, std::string_view outcome) {
    calls_.at({entry.name, outcome}).add();
    tokens_.at({entry.name, "prompt"}).add(usage.prompt_tokens);
    tokens_.at({entry.name, "completion"}).add(usage.completion_tokens);
    cost_.at({entry.name}).add(cost_micros(entry.price, usage));
}

}  // namespace hayate::model
