#pragma once
// LatencyEstimate: when a model's first token and its whole answer will have come, with 95 %
// confidence. Quantiles of time to first token and of time per token (LatencyTrack) give the base,
// the former as a multiple of what the prior says for a prompt of this length: where reading takes
// most of the time, 260 tokens and 500 are not alike.
// The 95 % quantile of their sum is less than the sum of their 95 % quantiles, since both are
// rarely slow at once: the distances from the medians are added as squares. The base is multiplied
// by a correction that is learned online: each late answer raises it, each timely one lowers it a
// little, so that in the long run 5 % are late whatever the distribution does (adaptive conformal
// inference: Gibbs, Candès 2021; as a quantile tracker: Angelopoulos et al. 2023).
//
// Calls under way count too: one that has taken longer than predicted is known to be late before it
// ends. Without that a model that hangs would look as fast as before, since nothing ends.
//
// Pure; the owner locks. Answers are compared with what would be predicted when they end, not with
// what was predicted when they began: otherwise a hundred calls that began before a slowdown would
// each raise the correction again.

#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "core/base/deadline.hpp"
#include "engine/route/latency_track.hpp"

namespace hayate::route {

/// What is believed of a model before it has answered.
struct LatencyPrior {
    double first_ms = 400;       // median, besides reading the prompt
    double prompt_token_ms = 0;  // reading, for each token of the prompt
    double token_ms = 12;        // median time for each token of the answer
    double spread = 0.3;         // standard deviation of the logarithm of both
};

struct EstimateOptions {
    TrackOptions track;
    double quantile = 0.95;
    double correction_step = 0.05;  // of the logarithm; larger follows faster and wavers more
    Duration correction_half_life = std::chrono::minutes(2);  // while the model is not called
};

/// The work whose duration is asked for.
struct CallShape {
    int prompt_tokens = 0;
    int answer_tokens = 0;  // expected
};

struct Prediction {
    double first_ms = 0;          // until the first token, in 95 % of the calls at most
    double typical_first_ms = 0;  // the median
    double total_ms = 0;          // until the last
    double typical_total_ms = 0;
    double prior_total_ms = 0;  // the median as believed before the first call
    bool looks_faster = false;  // the last calls were, but too few to be sure
};

/// How a call went. `tokens` are those written.
struct CallEnd {
    double first_ms = 0;  // 0: no token came
    double total_ms = 0;
    int64_t tokens = 0;
    bool is_whole = true;  // false: stopped or cut, so the whole is not known
};

class LatencyEstimate {
  public:
    using CallId = uint64_t;
    explicit LatencyEstimate(const LatencyPrior& prior, EstimateOptions options = {});

    [[nodiscard]] Prediction predict(const CallShape& shape, TimePoint now);
    /// Notices the calls that are late by now. Called by the owner before a prediction that is to
    /// decide something.
    void check_overdue(TimePoint now);

    /// `wait_ms` is the wait for a place that was announced: it is not the model's speed.
    [[nodiscard]] CallId begin(const CallShape& shape, TimePoint now, double wait_ms = 0);
    void first_token(CallId call, TimePoint now);
    /// Unknown ids are ignored.
    void end(CallId call, CallEnd how, TimePoint now);
    [[nodiscard]] size_t in_flight() const { return calls_.size(); }
    [[nodiscard]] int64_t observed() const { return observed_; }
    /// Sudden changes of speed found.
    [[nodiscard]] int changes() const { return first_.changes() + token_.changes(); }

  private:
    /// The learned correction of one prediction, as the logarithm of a factor.
    struct Correction {
        double log_factor = 0;
        TimePoint last;
    };
    struct Call {
        CallShape shape;
        size_t bucket = 0;
        TimePoint begun;
        double wait_ms = 0;
        TimePoint due;
        double overdue_factor = 1;  // doubles each time the call is found late
        bool has_first = false;
        bool is_first_late = false;
        bool is_total_late = false;
    };

    [[nodiscard]] double factor(const Correction& correction, TimePoint now) const;
    void learn(Correction& correction, bool is_late, TimePoint now) const;
    [[nodiscard]] double prior_first(const CallShape& shape) const;
    [[nodiscard]] double base_first(const CallShape& shape, double quantile);
    [[nodiscard]] double base_total(const CallShape& shape);
    [[nodiscard]] double median_total(const CallShape& shape);
    void schedule(CallId id, Call& call, double due_ms);
    void unschedule(CallId id, const Call& call);
    [[nodiscard]] double without_wait(const Call& call, double first_ms);
    void note_late(CallId id, Call& call, TimePoint now);
    void learn_first(Call& call, double first_ms, TimePoint now);
    void learn_total(const Call& call, const CallEnd& how, TimePoint now);

    LatencyPrior prior_;
    EstimateOptions options_;
    LatencyTrack first_;  // over prior_first
    LatencyTrack token_;
    Correction first_correction_;
    Correction total_correction_;
    std::map<CallId, Call> calls_;
    std::set<std::pair<TimePoint, CallId>> due_;
    CallId next_id_ = 1;
    int64_t observed_ = 0;
};

}  // namespace hayate::route
