#pragma once
// What the outcomes of turns teach the route about the models' quality.

#include <vector>

#include "engine/route/selector.hpp"
#include "io/store/outcome.hpp"

namespace hayate::route {

/// What an outcome says of the model that answered. A thumb takes the place of the gate's verdict:
/// the gate guesses, the customer knows.
[[nodiscard]] Label label_of(store::Verdict verdict, store::Thumb thumb);
/// What it says of a model whose answer the gate threw away.
[[nodiscard]] Label label_of_rejected();

/// At the start: fills the memory with what was kept.
void restore_lessons(Selector& memory, const std::vector<store::Lesson>& lessons);
/// A thumb was given, changed or taken back: what it said before is forgotten.
void learn_thumb(Selector& memory, const store::Thumbed& thumbed);

}  // namespace hayate::route
