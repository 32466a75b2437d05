#pragma once
// Sketch: the quantiles of a stream in a few hundred bytes. DDSketch (Masson, Rim, Lee 2019): a
// value x > 0 is counted in bucket ceil(log_gamma x) with gamma = (1 + a) / (1 - a), so that every
// quantile is right within the relative error a = 1 %. Older values may count less (`fade`),
// sketches add up (`merge`), and all values can be multiplied at once (`multiply`). Not
// thread-safe.

#include <cstdint>
#include <vector>

namespace hayate::observe {

class Sketch {
  public:
    static constexpr double kRelativeError = 0.01;
    /// What lies outside counts as the nearest end; so do NaN (the lower) and infinity.
    static constexpr double kValueMin = 1e-4;
    static constexpr double kValueMax = 1e9;

    /// `weight` > 0: for how many values it stands.
    void add(double value, double weight = 1);
    /// What is in the sketch keeps the share `keep` (0 to 1) of its weight. Constant time.
    void fade(double keep);
    /// `share` is what the other's values count here.
    void merge(const Sketch& other, double share = 1);
    /// Every value in the sketch becomes `factor` times as large, within the relative error.
    /// Constant time.
    void multiply(double factor);
    void clear();

    /// The value below which the share `q` (0 to 1) of the weight lies; 0 when empty. Time grows
    /// with log(largest / smallest value): at most a few hundred steps.
    [[nodiscard]] double quantile(double q) const;
    /// The sum of the weights that are left.
    [[nodiscard]] double weight() const { return total_ / unit_; }
    [[nodiscard]] bool is_empty() const { return counts_.empty(); }

    /// The bucket that counts `value`, and what is shown for a value of that bucket.
    [[nodiscard]] static int32_t bucket_of(double value);
    [[nodiscard]] static double value_of(int32_t bucket);

  private:
    double& count_at(int32_t bucket);
    void rescale();

    std::vector<double> counts_;  // of the buckets first_, first_ + 1, ...; in units of unit_
    int32_t first_ = 0;
    double total_ = 0;
    double unit_ = 1;  // the weight of a new value: it grows, where the old ones would shrink
};

}  // namespace hayate::observe
