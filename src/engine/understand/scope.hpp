#pragma once
// Whether a message is the assistant's business at all, from what speaks for it: that some intent
// fits (energy), and that it lies nearer to what the assistant deals with than to what it does not
// (lean). Pure.

#include <vector>

namespace hayate::understand {

struct ScopeEvidence {
    float energy = 0;  // energy_of(scores)
    float lean = 0;    // Neighbours::lean; 0 where nothing is known of it
};

/// A message is in scope when its margin is not negative. With messages out of scope to learn from,
/// margins are log odds beside the threshold's, so that those of different rules can be compared.
struct ScopeRule {
    float per_energy = 1;
    float per_lean = 0;
    float threshold = 0;

    [[nodiscard]] float margin(const ScopeEvidence& evidence) const {
        return per_energy * evidence.energy + per_lean * evidence.lean - threshold;
    }
};

/// From messages that the scoring model was not trained on. With some out of scope, what the
/// evidence is worth is learned by logistic regression, both sides of equal weight, and the
/// threshold lies where the share of those found and the share of others kept are largest together,
/// but `kept_min` of the others are kept in any case. Without, energy alone decides, in units of
/// `temperature`, and exactly that many are kept.
[[nodiscard]] ScopeRule fit_scope(const std::vector<ScopeEvidence>& in_scope,
                                  const std::vector<ScopeEvidence>& out_of_scope, double kept_min,
                                  float temperature);

/// The margin's threshold alone, of values that are high in scope.
[[nodiscard]] float fit_scope_threshold(std::vector<float> in_scope,
                                        std::vector<float> out_of_scope, double kept_min);

}  // namespace hayate::understand
