#pragma once
// QualityTable: the expected quality of each model for each intent and tier, learned from recorded
// outcomes: a mean that begins at a prior with the weight of some outcomes (the mean of a Beta
// distribution). Old outcomes fade. Not thread-safe: the owner locks.

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

class QualityTable {
  public:
    explicit QualityTable(QualityOptions options = {}) : options_(options) {}

    [[nodiscard]] double expected(std::string_view intent, Tier tier, std::string_view model,
                                  double prior) const;
    /// `quality` from 0 (rejected, thumbs down) to 1 (approved); beyond is clamped. `weight` is how
    /// much this kind of outcome tells: a customer's thumb more than a silent approval.
    void record(std::string_view intent, Tier tier, std::string_view model, double quality,
                double weight = 1);

    struct Row {
        std::string intent;
        Tier tier = Tier::kMedium;
        std::string model;
        double sum = 0;
        double weight = 0;
    };
    /// Everything learned, to be kept over a restart.
    [[nodiscard]] std::vector<Row> rows() const;
    void restore(const std::vector<Row>& rows);

  private:
    struct Outcomes {
        double sum = 0;
        double weight = 0;
    };
    using Key = std::tuple<std::string, Tier, std::string>;

    QualityOptions options_;
    std::map<Key, Outcomes> outcomes_;
};

}  // namespace hayate::route
