#pragma once
// Distributions of delays and lengths, as people write them on a command line: "200",
// "constant:200", "uniform:100,300", "normal:200,40", "lognormal:200,0.4" (median and sigma),
// "exponential:200" (mean). Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hayate::model {

/// A small, fast generator with a reproducible sequence (SplitMix64, Steele et al. 2014). Usable
/// with <random>.
class Random {
  public:
    using result_type = uint64_t;
    explicit Random(uint64_t seed) : state_(seed) {}
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return UINT64_MAX; }
    result_type operator()();
    /// From 0 (included) to 1 (excluded).
    [[nodiscard]] double fraction();

  private:
    uint64_t state_;
};

class Distribution {
  public:
    /// Always `value`.
    explicit Distribution(double value = 0) : first_(value) {}

    /// Never negative: what falls below zero counts as zero.
    [[nodiscard]] double sample(Random& random) const;
    [[nodiscard]] bool is_zero() const { return kind_ == Kind::kConstant && first_ == 0; }

  private:
    enum class Kind : uint8_t { kConstant, kUniform, kNormal, kLognormal, kExponential };
    friend Result<Distribution> parse_distribution(std::string_view text);

    Kind kind_ = Kind::kConstant;
    double first_ = 0;
    double second_ = 0;
};

/// kBadRequest with an external text that shows what would be right.
[[nodiscard]] Result<Distribution> parse_distribution(std::string_view text);

}  // namespace hayate::model
