#pragma once
// MatrixPolicy: the assistant's table of models per intent and tier of complexity. It says which
// models are allowed and, until outcomes have been recorded, how good each is believed to be. Plain
// values; the default is the seed's: simple questions to the fast model, complex ones to the strong
// one, those between to the strong one unless less than a second is left.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"

namespace hayate::route {

enum class Tier : uint8_t { kLow, kMedium, kHigh };
/// "L", "M", "H".
[[nodiscard]] std::string_view name_of(Tier tier);

struct MatrixRow {
    /// Allowed models by tier, preferred first. Others are never used.
    std::array<std::vector<std::string>, 3> models;
    /// Expected quality by model, 0 to 1, where it is known; else the place in the list decides:
    /// 0.90, 0.80, 0.70, ...
    std::map<std::string, double> quality;
    double quality_weight = 0.7;  // of the Score that is shown
    double speed_weight = 0.7;

    /// 0: not known.
    [[nodiscard]] double known_quality(std::string_view model) const;
    [[nodiscard]] const std::vector<std::string>& of(Tier tier) const {
        return models.at(static_cast<size_t>(tier));
    }
};

struct MatrixPolicy {
    double low_below = 0.3;
    double high_above = 0.6;
    /// In the medium tier the order is turned round when less is left, as long as the model's speed
    /// is not known from calls.
    milliseconds short_budget{1000};
    MatrixRow fallback;  // for an intent without a row, or none
    std::map<std::string, MatrixRow> intents;

    [[nodiscard]] Tier tier_of(double complexity) const;
    [[nodiscard]] const MatrixRow& row_of(std::string_view intent) const;
    /// What is believed of `model` at place `place` of the list before any outcome.
    [[nodiscard]] static double prior_quality(const MatrixRow& row, std::string_view model,
                                              size_t place);
};

/// The seed's matrix over the models that an assistant prefers: the first is the strong one, the
/// last the fast one. Greeting, FAQ and order status are answered by the fast one whatever their
/// complexity; the weights are those of the seed's table.
[[nodiscard]] MatrixPolicy seed_policy(const std::vector<std::string>& strong_to_fast);

}  // namespace hayate::route
