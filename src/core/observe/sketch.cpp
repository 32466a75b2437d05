#include "core/observe/sketch.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::observe {
namespace {

constexpr double kGamma = (1 + Sketch::kRelativeError) / (1 - Sketch::kRelativeError);
constexpr double kUnitMax = 1e100;
constexpr double kKeepMin = 1e-9;

double log_gamma() {
    static const double value = std::log(kGamma);
    return value;
}

}  // namespace

int32_t Sketch::bucket_of(double value) {
    // The comparison is false for NaN.
    const double inside = value > kValueMin ? std::min(value, kValueMax) : kValueMin;
    return static_cast<int32_t>(std::ceil(std::log(inside) / log_gamma()));
}

double Sketch::value_of(int32_t bucket) {
    return 2 * std::exp(bucket * log_gamma()) / (kGamma + 1);
}

double& Sketch::count_at(int32_t bucket) {
    if (counts_.empty()) first_ = bucket;
    if (bucket < first_) {
        counts_.insert(counts_.begin(), static_cast<size_t>(first_ - bucket), 0.0);
        first_ = bucket;
    }
    const auto at = static_cast<size_t>(bucket - first_);
    if (at >= counts_.size()) counts_.resize(at + 1, 0.0);
    return counts_[at];
}

void Sketch::add(double value, double weight) {
    if (!(weight > 0)) return;
    count_at(bucket_of(value)) += unit_ * weight;
    total_ += unit_ * weight;
}

void Sketch::fade(double keep) {
    unit_ /= std::clamp(keep, kKeepMin, 1.0);
    if (unit_ > kUnitMax) rescale();
}

void Sketch::rescale() {
    for (double& count : counts_) count /= unit_;
    total_ /= unit_;
    unit_ = 1;
}

void Sketch::merge(const Sketch& other, double share) {
    if (other.is_empty() || !(share > 0)) return;
    const double factor = share * unit_ / other.unit_;
    const auto last = other.first_ + static_cast<int32_t>(other.counts_.size()) - 1;
    count_at(other.first_);
    count_at(last);
    for (size_t i = 0; i < other.counts_.size(); ++i) {
        const auto at = static_cast<size_t>(other.first_ - first_) + i;
        counts_[at] += other.counts_[i] * factor;
    }
    total_ += other.total_ * factor;
}

void Sketch::multiply(double factor) {
    if (!(factor > 0) || is_empty()) return;
    const auto shift = static_cast<int32_t>(std::lround(std::log(factor) / log_gamma()));
    const auto width = static_cast<int32_t>(counts_.size());
    first_ = std::clamp(first_ + shift, bucket_of(kValueMin),
                        std::max(bucket_of(kValueMin), bucket_of(kValueMax) - width + 1));
}

void Sketch::clear() {
    counts_.clear();
    total_ = 0;
    unit_ = 1;
}

double Sketch::quantile(double q) const {
    if (is_empty()) return 0;
    const double rank = std::clamp(q, 0.0, 1.0) * total_;
    double below = 0;
    size_t last = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
        if (counts_[i] <= 0) continue;
        last = i;
        below += counts_[i];
        if (below >= rank && below > 0) break;
    }
    return value_of(first_ + static_cast<int32_t>(last));
}

}  // namespace hayate::observe
