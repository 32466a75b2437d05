#pragma once
// QualityTable: the expected quality of each model for each intent and tier, learned from recorded
// outcomes: a mean that begins at a prior with the weight of some outcomes (the mean of a Beta
// distribution). Old outcomes fade: each has half the weight that it had 1,000 outcomes of its
// intent, tier and model ago. Its position among them is all that its weight depends on, so a table
// that is filled again from what was kept is the table that was. Not thread-safe: the owner locks.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/route/matrix_policy.hpp"

namespace hayate::route {

struct QualityOptions {
    double prior_weight = 20;  // so many outcomes weigh as much as the prior
    double half_life_outcomes = 1000;
};

/// What an outcome says of the model: quality from 0 (rejected, thumbs down) to 1 (approved), and
/// how much that tells. Weight 0: nothing.
struct Label {
    double quality = 0;
    double weight = 0;
};

class QualityTable {
  public:
    explicit QualityTable(QualityOptions options = {}) : options_(options) {}

    [[nodiscard]] double expected(std::string_view intent, Tier tier, std::string_view model,
                                  double prior) const;
    /// Records the next outcome and returns its position, from 1. A quality beyond 0 to 1 is
    /// clamped; what is no number, or weighs less than nothing, is not recorded and has position 0.
    int64_t record(std::string_view intent, Tier tier, std::string_view model, Label label);
    /// Records an outcome that had this position: of a table that is being filled again, in any
    /// order.
    void restore(std::string_view intent, Tier tier, std::string_view model, int64_t position,
                 Label label);
    /// The outcome at this position turned out to be another one: takes back what it said, as far
    /// as it has not faded, and puts the other in its place. Unknown ones are ignored.
    void relabel(std::string_view intent, Tier tier, std::string_view model, int64_t position,
                 Label from, Label to);

    struct Row {
        std::string intent;
        Tier tier = Tier::kMedium;
        std::string model;
        double weight = 0;  // of the outcomes that have not faded
        int64_t count = 0;  // of all outcomes ever
    };
    /// Ordered by intent, tier and model.
    [[nodiscard]] std::vector<Row> rows() const;

  private:
    struct Outcomes {
        double sum = 0;
        double weight = 0;
        int64_t count = 0;
    };
    using Key = std::tuple<std::string, Tier, std::string>;

    [[nodiscard]] double kept_after(int64_t outcomes) const;
    Outcomes* find_or_make(std::string_view intent, Tier tier, std::string_view model);

    QualityOptions options_;
    std::map<Key, Outcomes> outcomes_;
};

}  // namespace hayate::route
