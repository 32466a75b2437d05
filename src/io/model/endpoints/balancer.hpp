#pragma once
// Balancer: which of a model's endpoints gets the next call, and whether a further one may be made.
// Circuit breaker and outlier ejection per endpoint, power of two choices among the rest, a budget
// for retries and one for hedges. Pure: the clock is passed in, the random numbers have a seed. Not
// thread-safe: the owner locks, once at the start and once at the end of a call, so that every
// shard knows at once that an endpoint is broken.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/observe/sketch.hpp"

namespace hayate::model {

struct BalancerOptions {
    /// Failures in a row, or a success rate below the least one, eject an endpoint as long as at
    /// most half are ejected.
    int failures_to_eject = 3;
    double success_rate_min = 0.5;  // over at least ten calls of about ten seconds
    /// So many failures in a row open the breaker even of the last endpoint: then a call fails at
    /// once instead of waiting for nothing.
    int failures_to_open = 6;
    Duration open_time = std::chrono::seconds(1);  // until one call may try it; doubles each time
    Duration open_time_max = std::chrono::seconds(8);
    double retry_share = 0.2;   // of the calls of about ten seconds
    int retry_floor = 3;        // so many retries are always allowed in that time
    double hedge_share = 0.05;  // of all calls; 0: no hedges
};

/// How a call of an endpoint went, as far as the endpoint is to blame.
enum class CallOutcome : uint8_t {
    kOk,
    kFailed,   // refused, cut, or silent
    kLimited,  // told to come later
    kRefused,  // the endpoint does not take our key, or does not know the model
    kNeutral,  // cancelled, or the caller's fault
};

class Balancer {
  public:
    Balancer(size_t endpoints, uint64_t seed, BalancerOptions options = {});

    struct Pick {
        size_t endpoint = 0;
        bool is_probe = false;  // the one call that tries an endpoint whose breaker is open
    };
    /// A client's call begins: feeds the budgets.
    void count_call(TimePoint now);
    /// Chooses an endpoint, if possible none of `tried`, and counts a call under way on it. Empty
    /// when every breaker is open or every endpoint wants to be left alone for now.
    [[nodiscard]] std::optional<Pick> pick(const std::vector<size_t>& tried, TimePoint now);
    /// True when `pick` would give an endpoint that is healthy and not in `tried`.
    [[nodiscard]] bool has_other(const std::vector<size_t>& tried, TimePoint now) const;
    /// When the next endpoint may be tried; for Retry-After.
    [[nodiscard]] TimePoint next_chance() const;

    /// The first token came after `first_ms`: feeds the choice and the hedge delay.
    void first_token(size_t endpoint, double first_ms, TimePoint now);
    /// `retry_after` is what the endpoint asked for.
    void report(Pick pick, CallOutcome outcome, TimePoint now,
                std::optional<milliseconds> retry_after = std::nullopt);
    /// The call under way on it has ended, whatever was reported.
    void release(Pick pick);

    /// Takes from the budget; false when it is used up.
    [[nodiscard]] bool try_retry(TimePoint now);
    [[nodiscard]] bool try_hedge();
    /// The live 95 % quantile of the time to the first token; empty until 20 calls are known.
    [[nodiscard]] std::optional<Duration> hedge_delay() const;
    /// From 0 to 1, for jitter.
    [[nodiscard]] double fraction();

    [[nodiscard]] bool is_open(size_t endpoint) const { return endpoints_.at(endpoint).is_open; }
    [[nodiscard]] int in_flight(size_t endpoint) const { return endpoints_.at(endpoint).in_flight; }

  private:
    /// A count that fades with a time constant of ten seconds.
    struct Fading {
        double value = 0;
        TimePoint at;
        void fade(TimePoint now);
        void add(TimePoint now) {
            fade(now);
            value += 1;
        }
    };
    struct Endpoint {
        bool is_open = false;
        bool is_probing = false;
        int failures = 0;  // in a row
        Fading good;
        Fading bad;
        Duration open_time{};
        TimePoint open_until;
        TimePoint leave_alone_until;
        int in_flight = 0;
        double latency_ms = 0;  // 0: unknown
        TimePoint latency_at;
    };

    [[nodiscard]] bool is_closed(size_t endpoint, TimePoint now) const;
    [[nodiscard]] double load(const Endpoint& endpoint, TimePoint now) const;
    void fail(Endpoint& endpoint, bool is_probe, TimePoint now);
    [[nodiscard]] bool should_open(Endpoint& endpoint, TimePoint now) const;
    void open(Endpoint& endpoint, TimePoint now) const;
    void close(Endpoint& endpoint) const;
    uint64_t random();

    BalancerOptions options_;
    std::vector<Endpoint> endpoints_;
    uint64_t random_state_;
    Fading calls_;
    Fading retries_;
    double hedges_left_ = 0;
    observe::Sketch first_ms_;
};

}  // namespace hayate::model
