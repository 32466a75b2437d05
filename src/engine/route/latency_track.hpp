#pragma once
// LatencyTrack: how one quantity of one model (time to the first token, time per token) is
// distributed now, by length of the prompt. Fading sketches follow slow changes. A sudden one is
// found by a two-sided CUSUM on log(value / median), in units of the spread, over all prompt
// lengths together: a threefold slowdown takes about four calls. Then every sketch, also those of
// lengths that were not seen lately, is multiplied by the change and keeps little weight. Pure;
// the owner locks.

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/observe/sketch.hpp"

namespace hayate::route {

struct TrackOptions {
    double half_life_calls = 200;  // of one prompt length
    Duration half_life = std::chrono::minutes(10);
    double prior_weight = 4;         // for so many calls the prior stands
    double weight_after_change = 8;  // what a sketch keeps when a change is found
    double change_allowance = 0.5;   // CUSUM, in spreads: smaller changes are not one
    double change_threshold = 7;     // without a change: one false alarm in thousands
};

class LatencyTrack {
  public:
    /// Prompts of 2^(i-1) to 2^i - 1 tokens are in bucket i; the last holds all longer ones.
    static constexpr size_t kBuckets = 18;
    [[nodiscard]] static size_t bucket_of(int prompt_tokens);

    /// What is believed before the first call: a median, and the standard deviation of the
    /// logarithm.
    LatencyTrack(double prior_median, double prior_spread, TrackOptions options = {});

    [[nodiscard]] double quantile(size_t bucket, double q);
    void add(size_t bucket, double value, TimePoint now);
    /// A value that is not known yet, but is larger than `bound`: counts for the detection of a
    /// slowdown. The value itself then follows with `add_known_late`.
    void add_lower_bound(size_t bucket, double bound);
    void add_known_late(size_t bucket, double value, TimePoint now);

    /// Changes found so far.
    [[nodiscard]] int changes() const { return changes_; }
    /// The last calls were faster than expected, but too few to be sure.
    [[nodiscard]] bool looks_faster() const { return fall_.sum > options_.change_threshold / 3; }

  private:
    struct Bucket {
        observe::Sketch sketch;  // empty until the bucket is first asked for
        TimePoint last;
        double median = 0;
        double spread = 0;
    };
    /// One side of the CUSUM and the calls since it left zero.
    struct Side {
        double sum = 0;
        double log_ratios = 0;
        int calls = 0;
    };
    struct Pending {
        size_t bucket;
        double value;
        TimePoint at;
    };

    Bucket& at(size_t bucket);
    void seed(Bucket& into) const;
    void refresh(Bucket& bucket);
    void store(const Pending& value);
    /// True when a change was found and applied.
    bool detect(Bucket& bucket, double value, bool is_bound);
    static void feed(Side& side, double score, double log_ratio, double allowance);
    void apply_change(double factor);

    double prior_median_;
    double prior_spread_;
    TrackOptions options_;
    std::array<Bucket, kBuckets> buckets_;
    Side rise_;
    Side fall_;
    double level_ = 1;              // product of all changes: what the prior is worth now
    std::vector<Pending> pending_;  // values under suspicion of belonging to a new distribution
    int changes_ = 0;
};

}  // namespace hayate::route
