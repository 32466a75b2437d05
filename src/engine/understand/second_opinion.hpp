#pragma once
// SecondOpinion: for messages that n-grams leave ambiguous, what they mean. A softmax head on the
// sentence vector that retrieval makes anyway, added to the n-gram scores in the proportion that
// cross-validation found best; and whether its neighbours are in scope, when the assistant says
// what is not. Who makes vectors is injected: this room does no inference.

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/understand/calibration.hpp"
#include "engine/understand/classifier.hpp"
#include "engine/understand/neighbours.hpp"

namespace hayate::understand {

/// Numbers that say what a text means; always equally many. Blocks for about a millisecond.
using SentenceVector = std::function<std::vector<float>(std::string_view)>;

/// score = words * n-gram score + meaning * score of the head.
struct Mixture {
    float words = 1;
    float meaning = 0;
};

/// The mixture under which the truths of two sets of scores of the same messages are likeliest.
[[nodiscard]] Mixture fit_mixture(const HeldOut& words, const HeldOut& meaning);
[[nodiscard]] HeldOut mix_scores(const HeldOut& words, const HeldOut& meaning,
                                 const Mixture& mixture);

class SecondOpinion {
  public:
    SecondOpinion(Weights head, Neighbours neighbours, const Mixture& mixture,
                  const Calibration& calibration)
        : head_(std::move(head)),
          neighbours_(std::move(neighbours)),
          mixture_(mixture),
          calibration_(calibration) {}

    /// `workspace` holds the prediction of the message that `vector` stands for.
    [[nodiscard]] Prediction reconsider(std::span<const float> vector, Workspace& workspace) const;
    [[nodiscard]] const Calibration& calibration() const { return calibration_; }

  private:
    Weights head_;
    Neighbours neighbours_;
    Mixture mixture_;
    Calibration calibration_;
};

}  // namespace hayate::understand
