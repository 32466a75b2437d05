#include "engine/route/latency_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::route {
namespace {

constexpr double kCorrectionMin = -1.2;  // a factor of 0.3
constexpr double kCorrectionMax = 2.3;   // a factor of 10
constexpr double kMsMin = 0.01;

Duration from_ms(double ms) {
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double, std::milli>(std::min(ms, 1e9)));
}

}  // namespace

LatencyEstimate::LatencyEstimate(const LatencyPrior& prior, EstimateOptions options)
    : prior_(prior),
      options_(options),
      first_(1, prior.spread, options.track),
      token_(std::max(kMsMin, prior.token_ms), prior.spread, options.track) {}

double LatencyEstimate::factor(const Correction& correction, TimePoint now) const {
    if (correction.last == TimePoint() || now <= correction.last) {
        return std::exp(correction.log_factor);
    }
    const double age = base::to_ms(now - correction.last);
    const double kept = std::exp2(-age / base::to_ms(options_.correction_half_life));
    return std::exp(correction.log_factor * kept);
}

void LatencyEstimate::learn(Correction& correction, bool is_late, TimePoint now) const {
    const double old = std::log(factor(correction, now));
    const double step = (is_late ? 1.0 : 0.0) - (1 - options_.quantile);
    correction.log_factor =
        std::clamp(old + options_.correction_step * step, kCorrectionMin, kCorrectionMax);
    correction.last = std::max(correction.last, now);
}

double LatencyEstimate::prior_first(const CallShape& shape) const {
    return std::max(kMsMin,
                    prior_.first_ms + prior_.prompt_token_ms * std::max(shape.prompt_tokens, 0));
}

double LatencyEstimate::base_first(const CallShape& shape, double quantile) {
    return prior_first(shape) *
           first_.quantile(LatencyTrack::bucket_of(shape.prompt_tokens), quantile);
}

double LatencyEstimate::median_total(const CallShape& shape) {
    const size_t bucket = LatencyTrack::bucket_of(shape.prompt_tokens);
    return base_first(shape, 0.5) +
           std::max(shape.answer_tokens - 1, 0) * token_.quantile(bucket, 0.5);
}

double LatencyEstimate::base_total(const CallShape& shape) {
    const size_t bucket = LatencyTrack::bucket_of(shape.prompt_tokens);
    const double first = base_first(shape, options_.quantile) - base_first(shape, 0.5);
    const double tokens =
        std::max(shape.answer_tokens - 1, 0) *
        (token_.quantile(bucket, options_.quantile) - token_.quantile(bucket, 0.5));
    return median_total(shape) + std::hypot(first, tokens);
}

Prediction LatencyEstimate::predict(const CallShape& shape, TimePoint now) {
    Prediction prediction;
    prediction.first_ms = base_first(shape, options_.quantile) * factor(first_correction_, now);
    prediction.total_ms =
        std::max(prediction.first_ms, base_total(shape) * factor(total_correction_, now));
    prediction.typical_first_ms = base_first(shape, 0.5);
    prediction.typical_total_ms = median_total(shape);
    prediction.prior_total_ms =
        prior_first(shape) + std::max(shape.answer_tokens - 1, 0) * prior_.token_ms;
    prediction.looks_faster = first_.looks_faster() || token_.looks_faster();
    return prediction;
}

void LatencyEstimate::schedule(CallId id, Call& call, double due_ms) {
    call.due = call.begun + from_ms(call.wait_ms + due_ms * call.overdue_factor);
    due_.emplace(call.due, id);
}

void LatencyEstimate::unschedule(CallId id, const Call& call) { due_.erase({call.due, id}); }

LatencyEstimate::CallId LatencyEstimate::begin(const CallShape& shape, TimePoint now,
                                               double wait_ms) {
    const CallId id = next_id_++;
    Call& call = calls_[id];
    call.shape = shape;
    call.bucket = LatencyTrack::bucket_of(shape.prompt_tokens);
    call.begun = now;
    call.wait_ms = std::max(wait_ms, 0.0);
    schedule(id, call, predict(shape, now).first_ms);
    return id;
}

/// The wait may have been shorter than announced. What then is left says nothing, so it is taken
/// for as usual.
double LatencyEstimate::without_wait(const Call& call, double first_ms) {
    if (call.wait_ms <= 0) return first_ms;
    const double usual = std::min(first_ms, base_first(call.shape, 0.5));
    return std::max(first_ms - call.wait_ms, usual);
}

/// Late once, and again at twice the time, four times, ...
void LatencyEstimate::note_late(CallId id, Call& call, TimePoint now) {
    const double elapsed_ms = without_wait(call, base::to_ms(now - call.begun));
    if (!call.has_first) {
        first_.add_lower_bound(call.bucket, elapsed_ms / prior_first(call.shape));
        learn(first_correction_, true, now);
        call.is_first_late = true;
    }
    if (elapsed_ms >= predict(call.shape, now).total_ms) {
        learn(total_correction_, true, now);
        call.is_total_late = true;
    }
    call.overdue_factor *= 2;
    const Prediction due = predict(call.shape, now);
    schedule(id, call, call.has_first ? due.total_ms : due.first_ms);
}

void LatencyEstimate::check_overdue(TimePoint now) {
    // Bounded, so that a backlog cannot hold up a decision.
    for (int i = 0; i < 64 && !due_.empty() && due_.begin()->first <= now; ++i) {
        const CallId id = due_.begin()->second;
        due_.erase(due_.begin());
        note_late(id, calls_.at(id), now);
    }
}

void LatencyEstimate::learn_first(Call& call, double first_ms, TimePoint now) {
    if (call.has_first) return;
    call.has_first = true;
    if (call.is_first_late) {
        first_.add_known_late(call.bucket, first_ms / prior_first(call.shape), now);
        return;
    }
    const double predicted =
        base_first(call.shape, options_.quantile) * factor(first_correction_, now);
    learn(first_correction_, first_ms > predicted, now);
    first_.add(call.bucket, first_ms / prior_first(call.shape), now);
}

void LatencyEstimate::first_token(CallId id, TimePoint now) {
    const auto found = calls_.find(id);
    if (found == calls_.end() || found->second.has_first) return;
    Call& call = found->second;
    unschedule(id, call);
    learn_first(call, without_wait(call, base::to_ms(now - call.begun)), now);
    call.overdue_factor = 1;
    schedule(id, call, predict(call.shape, now).total_ms);
}

void LatencyEstimate::learn_total(const Call& call, const CallEnd& how, TimePoint now) {
    if (how.tokens > 1 && how.total_ms > how.first_ms) {
        token_.add(call.bucket, (how.total_ms - how.first_ms) / static_cast<double>(how.tokens - 1),
                   now);
    }
    if (!how.is_whole || call.is_total_late) return;
    const double predicted = base_total(call.shape) * factor(total_correction_, now);
    learn(total_correction_, how.total_ms > predicted, now);
}

void LatencyEstimate::end(CallId id, CallEnd how, TimePoint now) {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    Call& call = found->second;
    unschedule(id, call);
    if (how.first_ms <= 0 && call.due <= now) {
        // It ended without a word, and later than a first token was due: that much is known.
        note_late(id, call, now);
        unschedule(id, call);
    }
    if (how.first_ms > 0) {
        const double first_ms = without_wait(call, how.first_ms);
        how.total_ms -= how.first_ms - first_ms;
        how.first_ms = first_ms;
        ++observed_;
        learn_first(call, how.first_ms, now);
        learn_total(call, how, now);
    }
    calls_.erase(found);
}

}  // namespace hayate::route
