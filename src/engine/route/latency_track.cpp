#include "engine/route/latency_track.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hayate::route {
namespace {

constexpr double kSpreadMin = 0.08;
constexpr double kSpreadMax = 1.5;
/// One call alone never proves a change, however late it is.
constexpr double kScoreMax = 3;
/// And it moves the estimated change by a factor of 20 at most.
constexpr double kLogRatioMax = 3;
constexpr size_t kPendingMax = 32;
constexpr int kPriorPoints = 19;

/// The standard normal quantile of (i + 0.5) / 19 for i = 9..18; the others are their negatives.
constexpr std::array<double, 10> kNormalPoints{0.0,    0.1323, 0.2670, 0.4067, 0.5549,
                                               0.7165, 0.8994, 1.1190, 1.4122, 1.9379};

double normal_point(int i) {
    return i >= 9 ? kNormalPoints.at(static_cast<size_t>(i - 9))
                  : -kNormalPoints.at(static_cast<size_t>(9 - i));
}

}  // namespace

size_t LatencyTrack::bucket_of(int prompt_tokens) {
    const auto tokens = static_cast<unsigned>(std::max(prompt_tokens, 0));
    return std::min(static_cast<size_t>(std::bit_width(tokens)), kBuckets - 1);
}

LatencyTrack::LatencyTrack(double prior_median, double prior_spread, TrackOptions options)
    : prior_median_(prior_median),
      prior_spread_(std::clamp(prior_spread, kSpreadMin, kSpreadMax)),
      options_(options) {}

void LatencyTrack::seed(Bucket& into) const {
    for (int i = 0; i < kPriorPoints; ++i) {
        const double value = prior_median_ * level_ * std::exp(prior_spread_ * normal_point(i));
        into.sketch.add(value, options_.prior_weight / kPriorPoints);
    }
}

void LatencyTrack::refresh(Bucket& bucket) {
    bucket.median = bucket.sketch.quantile(0.5);
    // A normal distribution has 80 % within 1.2816 standard deviations.
    const double wide = std::log(bucket.sketch.quantile(0.9) / bucket.sketch.quantile(0.1));
    bucket.spread = std::clamp(wide / (2 * 1.2816), kSpreadMin, kSpreadMax);
}

LatencyTrack::Bucket& LatencyTrack::at(size_t bucket) {
    Bucket& found = buckets_.at(std::min(bucket, kBuckets - 1));
    if (found.sketch.is_empty()) {
        seed(found);
        refresh(found);
    }
    return found;
}

double LatencyTrack::quantile(size_t bucket, double q) { return at(bucket).sketch.quantile(q); }

void LatencyTrack::store(const Pending& value) {
    Bucket& bucket = at(value.bucket);
    double keep = std::exp2(-1 / options_.half_life_calls);
    if (bucket.last != TimePoint() && value.at > bucket.last) {
        keep *= std::exp2(-base::to_ms(value.at - bucket.last) / base::to_ms(options_.half_life));
    }
    bucket.last = std::max(bucket.last, value.at);
    bucket.sketch.fade(keep);
    bucket.sketch.add(value.value);
    refresh(bucket);
}

void LatencyTrack::add(size_t bucket, double value, TimePoint now) {
    detect(at(bucket), value, false);
    add_known_late(bucket, value, now);
}

void LatencyTrack::add_known_late(size_t bucket, double value, TimePoint now) {
    pending_.push_back({bucket, value, now});
    const bool is_suspicious = std::max(rise_.sum, fall_.sum) > options_.change_threshold / 2;
    if (is_suspicious && pending_.size() < kPendingMax) return;
    for (const Pending& held : pending_) store(held);
    pending_.clear();
}

void LatencyTrack::add_lower_bound(size_t bucket, double bound) { detect(at(bucket), bound, true); }

void LatencyTrack::feed(Side& side, double score, double log_ratio, double allowance) {
    side.sum += score - allowance;
    side.log_ratios += log_ratio;
    ++side.calls;
    if (side.sum <= 0) side = {};
}

bool LatencyTrack::detect(Bucket& bucket, double value, bool is_bound) {
    if (!(value > 0) || !(bucket.median > 0)) return false;
    const double log_ratio =
        std::clamp(std::log(value / bucket.median), -kLogRatioMax, kLogRatioMax);
    const double score = std::clamp(log_ratio / bucket.spread, -kScoreMax, kScoreMax);
    feed(rise_, score, log_ratio, options_.change_allowance);
    if (!is_bound) feed(fall_, -score, log_ratio, options_.change_allowance);
    for (Side* side : {&rise_, &fall_}) {
        if (side->sum < options_.change_threshold) continue;
        apply_change(std::exp(side->log_ratios / side->calls));
        return true;
    }
    return false;
}

/// The values under suspicion stay pending: they belong to the new distribution, and are stored
/// unchanged by the next call of `add_known_late`.
void LatencyTrack::apply_change(double factor) {
    for (Bucket& bucket : buckets_) {
        if (bucket.sketch.is_empty()) continue;
        bucket.sketch.multiply(factor);
        const double weight = bucket.sketch.weight();
        if (weight > options_.weight_after_change)
            bucket.sketch.fade(options_.weight_after_change / weight);
        refresh(bucket);
    }
    level_ = std::clamp(level_ * factor, 1e-3, 1e3);
    rise_ = {};
    fall_ = {};
    ++changes_;
}

}  // namespace hayate::route
