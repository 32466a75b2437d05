#include "engine/understand/understander.hpp"

namespace hayate::understand {

Understander::Understander(std::shared_ptr<const EntityFinder> finder, TrainedIntents intents,
                           std::vector<float> bases)
    : finder_(std::move(finder)), intents_(std::move(intents)), bases_(std::move(bases)) {}

void Understander::understand(std::string_view message, size_t turns, Understood& result) const {
    result.units.read(message);
    result.language = text::language_of(result.units.text());
    finder_->find(result.units, result.matches, result.entities);
    if (!has_intents()) return;
    placeholders_of(result.entities, result.placeholders);
    result.prediction =
        intents_.classifier->classify(result.units, result.placeholders, result.workspace);
    weigh(turns, result);
}

void Understander::reconsider(std::span<const float> vector, size_t turns,
                              Understood& result) const {
    if (!intents_.second_opinion) return;
    result.prediction = intents_.second_opinion->reconsider(vector, result.workspace);
    weigh(turns, result);
}

void Understander::weigh(size_t turns, Understood& result) const {
    result.complexity = complexity_of(result.prediction.probabilities, bases_, result.units,
                                      result.entities, turns);
}

}  // namespace hayate::understand
