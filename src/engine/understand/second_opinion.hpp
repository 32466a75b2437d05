#pragma once
// SecondOpinion: for messages that n-grams leave ambiguous, what they mean, by the sentence vector
// that retrieval makes anyway. A softmax head on it and the nearest example of each intent are
// added to the n-gram scores in the proportions that cross-validation found best; the neighbours
// also tell what is out of scope. Who makes vectors is injected: this room does no inference.

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

/// What each of two scores of the same message counts.
struct Mixture {
    float first = 1;
    float second = 0;
};

/// The mixture under which the truths of two sets of scores of the same messages are likeliest.
[[nodiscard]] Mixture fit_mixture(const HeldOut& first, const HeldOut& second);
[[nodiscard]] HeldOut mix_scores(const HeldOut& first, const HeldOut& second,
                                 const Mixture& mixture);

/// What the n-grams' score, the head's, and the similarity of the nearest example count.
struct Proportions {
    float words = 1;
    float head = 0;
    float nearest = 0;
};

class SecondOpinion {
  public:
    SecondOpinion(Weights head, Neighbours neighbours, const Proportions& proportions,
                  const Calibration& calibration)
        : head_(std::move(head)),
          neighbours_(std::move(neighbours)),
          proportions_(proportions),
          calibration_(calibration) {}

    /// `workspace` holds the prediction of the message that `vector` stands for.
    [[nodiscard]] Prediction reconsider(std::span<const float> vector, Workspace& workspace) const;
    [[nodiscard]] const Calibration& calibration() const { return calibration_; }
    /// How many examples a message is compared with; 0 when there are too many for that.
    [[nodiscard]] size_t neighbours() const { return neighbours_.size(); }

  private:
    Weights head_;
    Neighbours neighbours_;
    Proportions proportions_;
    Calibration calibration_;
};

}  // namespace hayate::understand
