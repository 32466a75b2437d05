#include "io/model/endpoints/balancer.hpp"

#include <algorithm>
#include <cmath>

namespace hayate::model {
namespace {

constexpr double kWindowMs = 10'000;
constexpr double kVolume = 10;          // calls before a success rate means anything
constexpr double kHedgesSaved = 3;      // unused hedges that may be made up for at once
constexpr double kLatencyWeight = 0.2;  // of a new first-token time in the moving average
constexpr double kSketchKeep = 0.9965;  // half-life of 200 calls
constexpr double kHedgeCallsMin = 20;
constexpr milliseconds kLimitedTime{1'000};  // when the endpoint does not say
constexpr milliseconds kLimitedTimeMax{60'000};
constexpr milliseconds kRefusedTime{30'000};

bool is_in(const std::vector<size_t>& all, size_t one) {
    return std::ranges::find(all, one) != all.end();
}

}  // namespace

void Balancer::Fading::fade(TimePoint now) {
    if (at != TimePoint() && now > at) value *= std::exp(-base::to_ms(now - at) / kWindowMs);
    at = std::max(at, now);
}

Balancer::Balancer(size_t endpoints, uint64_t seed, BalancerOptions options)
    : options_(options), endpoints_(endpoints), random_state_(seed) {
    for (Endpoint& endpoint : endpoints_) endpoint.open_time = options_.open_time;
}

/// SplitMix64 (Steele et al. 2014).
uint64_t Balancer::random() {
    uint64_t z = (random_state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

double Balancer::fraction() { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

void Balancer::count_call(TimePoint now) {
    calls_.add(now);
    hedges_left_ = std::min(hedges_left_ + options_.hedge_share, kHedgesSaved);
}

bool Balancer::is_closed(size_t endpoint, TimePoint now) const {
    const Endpoint& one = endpoints_[endpoint];
    return !one.is_open && one.leave_alone_until <= now;
}

/// What a call would have to expect here: the usual time to the first token for each call ahead of
/// it. What is known fades, so that an endpoint that was slow is tried again.
double Balancer::load(const Endpoint& endpoint, TimePoint now) const {
    const double age_ms =
        std::max(0.0, base::to_ms(now - std::max(endpoint.latency_at, TimePoint())));
    const double latency = endpoint.latency_ms * std::exp(-age_ms / kWindowMs);
    return (endpoint.in_flight + 1) * std::max(latency, 0.01);
}

bool Balancer::has_other(const std::vector<size_t>& tried, TimePoint now) const {
    for (size_t i = 0; i < endpoints_.size(); ++i) {
        if (is_closed(i, now) && !is_in(tried, i)) return true;
    }
    return false;
}

std::optional<Balancer::Pick> Balancer::pick(const std::vector<size_t>& tried, TimePoint now) {
    std::vector<size_t> closed;
    for (size_t i = 0; i < endpoints_.size(); ++i) {
        Endpoint& one = endpoints_[i];
        const bool is_due = one.is_open && !one.is_probing && one.open_until <= now;
        if (is_due && tried.empty()) {
            one.is_probing = true;
            ++one.in_flight;
            return Pick{.endpoint = i, .is_probe = true};
        }
        if (is_closed(i, now)) closed.push_back(i);
    }
    if (has_other(tried, now)) {
        std::erase_if(closed, [&](size_t i) { return is_in(tried, i); });
    }
    if (closed.empty()) return std::nullopt;
    const size_t a = closed[random() % closed.size()];
    const size_t b = closed[random() % closed.size()];
    const size_t best = load(endpoints_[b], now) < load(endpoints_[a], now) ? b : a;
    ++endpoints_[best].in_flight;
    return Pick{.endpoint = best, .is_probe = false};
}

TimePoint Balancer::next_chance() const {
    TimePoint next = TimePoint::max();
    for (const Endpoint& one : endpoints_) {
        next = std::min(next, one.is_open ? one.open_until : one.leave_alone_until);
    }
    return next;
}

void Balancer::first_token(size_t endpoint, double first_ms, TimePoint now) {
    Endpoint& one = endpoints_.at(endpoint);
    const bool is_first = one.latency_ms <= 0;
    one.latency_ms =
        is_first ? first_ms : one.latency_ms + kLatencyWeight * (first_ms - one.latency_ms);
    one.latency_at = now;
    first_ms_.fade(kSketchKeep);
    first_ms_.add(first_ms);
}

void Balancer::release(Pick pick) {
    Endpoint& one = endpoints_.at(pick.endpoint);
    --one.in_flight;
    if (pick.is_probe) one.is_probing = false;
}

void Balancer::report(Pick pick, CallOutcome outcome, TimePoint now,
                      std::optional<milliseconds> retry_after) {
    Endpoint& one = endpoints_.at(pick.endpoint);
    switch (outcome) {
        case CallOutcome::kOk:
            one.failures = 0;
            one.good.add(now);
            if (pick.is_probe) close(one);
            break;
        case CallOutcome::kFailed:
            fail(one, pick.is_probe, now);
            break;
        case CallOutcome::kLimited:
            one.leave_alone_until =
                now + std::min(retry_after.value_or(kLimitedTime), kLimitedTimeMax);
            break;
        case CallOutcome::kRefused:
            one.leave_alone_until = now + kRefusedTime;
            break;
        case CallOutcome::kNeutral:
            break;
    }
    if (outcome == CallOutcome::kFailed && retry_after) {
        one.leave_alone_until = now + std::min(*retry_after, kLimitedTimeMax);
    }
}

bool Balancer::should_open(Endpoint& endpoint, TimePoint now) const {
    if (endpoint.failures >= options_.failures_to_open) return true;
    endpoint.good.fade(now);
    endpoint.bad.fade(now);
    const double calls = endpoint.good.value + endpoint.bad.value;
    const bool is_outlier =
        endpoint.failures >= options_.failures_to_eject ||
        (calls >= kVolume && endpoint.good.value < options_.success_rate_min * calls);
    const auto open = std::ranges::count_if(endpoints_, &Endpoint::is_open);
    return is_outlier && static_cast<size_t>(open) + 1 <= endpoints_.size() / 2;
}

void Balancer::fail(Endpoint& endpoint, bool is_probe, TimePoint now) {
    ++endpoint.failures;
    endpoint.bad.add(now);
    if (is_probe) {
        endpoint.open_time = std::min(2 * endpoint.open_time, options_.open_time_max);
        open(endpoint, now);
    } else if (!endpoint.is_open && should_open(endpoint, now)) {
        open(endpoint, now);
    }
}

void Balancer::open(Endpoint& endpoint, TimePoint now) const {
    endpoint.is_open = true;
    endpoint.open_until = now + endpoint.open_time;
}

void Balancer::close(Endpoint& endpoint) const {
    endpoint.is_open = false;
    endpoint.open_time = options_.open_time;
    endpoint.failures = 0;
    endpoint.good = {};
    endpoint.bad = {};
}

bool Balancer::try_retry(TimePoint now) {
    calls_.fade(now);
    retries_.fade(now);
    const double allowed =
        std::max<double>(options_.retry_floor, options_.retry_share * calls_.value);
    if (retries_.value + 1 > allowed) return false;
    retries_.value += 1;
    return true;
}

bool Balancer::try_hedge() {
    if (hedges_left_ < 1) return false;
    hedges_left_ -= 1;
    return true;
}

std::optional<Duration> Balancer::hedge_delay() const {
    if (first_ms_.weight() < kHedgeCallsMin) return std::nullopt;
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double, std::milli>(first_ms_.quantile(0.95)));
}

}  // namespace hayate::model
