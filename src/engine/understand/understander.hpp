#pragma once
// Understander: the first step of a turn. Language, entities, intent and complexity of a message,
// in some 4 microseconds and without allocating; about a millisecond more for a second opinion,
// which only ambiguous messages get.
//
// Immutable and thread-safe: reload and catalog changes build another one and swap the pointer.
// Each thread brings its own Understood, which is both the result and the memory it is made in.

#include <memory>
#include <vector>

#include "core/text/language.hpp"
#include "engine/understand/classifier.hpp"
#include "engine/understand/complexity.hpp"
#include "engine/understand/entities.hpp"
#include "engine/understand/training.hpp"

namespace hayate::understand {

/// What is understood of a message. Reused from message to message; views live until the next one.
struct Understood {
    text::Units units;
    text::Language language = text::Language::kOther;
    std::vector<Entity> entities;
    Prediction prediction;
    Complexity complexity;

    // Memory to work with.
    Workspace workspace;
    std::vector<text::NameFinder::Match> matches;
    std::vector<Placeholder> placeholders;
};

class Understander {
  public:
    /// `bases`: the base complexity of each of the classifier's labels. Without a classifier only
    /// language and entities are understood.
    Understander(std::shared_ptr<const EntityFinder> finder, TrainedIntents intents,
                 std::vector<float> bases);

    /// `turns`: so many exchanges came before in this conversation.
    void understand(std::string_view message, size_t turns, Understood& result) const;

    /// Improves on an ambiguous result with the message's sentence vector; does nothing without a
    /// trained head.
    void reconsider(std::span<const float> vector, size_t turns, Understood& result) const;

    [[nodiscard]] bool has_intents() const { return intents_.classifier != nullptr; }
    [[nodiscard]] bool has_second_opinion() const { return intents_.second_opinion != nullptr; }
    [[nodiscard]] const std::shared_ptr<const EntityFinder>& finder() const { return finder_; }
    [[nodiscard]] const TrainedIntents& intents() const { return intents_; }
    [[nodiscard]] const std::string& label(uint32_t index) const {
        return intents_.classifier->labels()[index];
    }

  private:
    void weigh(size_t turns, Understood& result) const;

    std::shared_ptr<const EntityFinder> finder_;
    TrainedIntents intents_;
    std::vector<float> bases_;
};

}  // namespace hayate::understand
