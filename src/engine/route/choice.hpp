#pragma once
// The decision itself, as a pure function. A model fits when it is good enough and sure enough to
// be within the time and the money left; of those that fit, the one whose answer is expected to be
// worth most is chosen. If nothing fits, no promise can be kept: then of all that are allowed and
// can be paid the one that is expected to be worth most, marked so. An answer is worth its quality,
// and a late one a part of that.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::route {

/// A time that is not known exactly.
struct Expected {
    double typical_ms = 0;  // the median
    double late_ms = 0;     // in 95 % of the calls at most
};
/// The chance of being done within `left_ms`, if the logarithm is normally distributed through the
/// two points of `expected`: 0.5 at the typical time, 0.95 at the late one.
[[nodiscard]] double chance_within(const Expected& expected, double left_ms);

/// What is known of one allowed model at this moment.
struct Candidate {
    std::string name;
    bool is_configured = true;
    bool is_ready = true;
    double quality = 0.5;   // expected, 0 to 1
    int answer_tokens = 0;  // expected
    Expected first;         // from now on, waiting for a place included
    Expected total;
    double wait_ms = 0;         // of that, waiting for a place
    double hoped_ms = 0;        // median of the whole as believed now or at first: the lower one
    bool is_uncertain = false;  // hardly called yet, or its last calls were faster than predicted
    int64_t cost_micros = 0;    // expected, of the whole answer
    double score = 0;           // of the seed's formula, for display
};

/// What is left. Empty: no limit.
struct Limits {
    /// The least chance of being in time with which a model fits. 0.95: its predicted 95 % quantile
    /// must be within the limits.
    double confidence = 0.95;
    /// A model that is expected to be right less often does not fit.
    double quality_min = 0;
    /// What an answer that comes too late is still worth, of its quality: 0 to 1.
    double late_worth = 0;
    std::optional<double> first_ms;
    std::optional<double> total_ms;
    std::optional<int64_t> money_micros;
};

struct ChoiceOptions {
    /// Expected qualities that differ by less count as equal: the order of the candidates decides.
    double quality_step = 0.03;
    /// Share of the turns that try a model that would not be chosen, so that what is believed of it
    /// does not go stale; ten times as many while it is uncertain.
    double exploration = 0.015;
};

enum class Verdict : uint8_t {
    kChosen,
    kExplored,  // chosen to learn about it
    kLeastBad,  // chosen because nothing fits
    kCheapest,  // chosen because nothing can be paid
    kWorse,     // a better one fits
    kNotConfigured,
    kNotReady,
    kTooDear,
    kNotGoodEnough,
    kFirstTooLate,  // the first token
    kTotalTooLate,
};
/// A short phrase: "a better one fits".
[[nodiscard]] std::string_view name_of(Verdict verdict);

struct Considered {
    Candidate candidate;
    double chance = 1;  // of being in time
    double worth = 0;   // quality, less what being late would take from it
    Verdict verdict = Verdict::kWorse;
};

struct Choice {
    size_t index = 0;         // in `considered`
    bool fits = false;        // good enough, and as the next one
    bool is_in_time = false;  // surely enough within the time, and within the money
    bool is_exploration = false;
    std::string reason;                  // for the trace: "strong fits: 1210 of 2400 ms"
    std::vector<Considered> considered;  // in the order of preference

    [[nodiscard]] const Candidate& chosen() const { return considered[index].candidate; }
};

/// `candidates` in the order of preference. `draw` from 0 (included) to 1 (excluded) decides
/// whether to explore; the same draw gives the same choice. Empty when no candidate is configured
/// and ready.
[[nodiscard]] std::optional<Choice> choose(std::vector<Candidate> candidates, const Limits& limits,
                                           double draw, const ChoiceOptions& options = {});

/// The seed's Score = (quality weight x quality) x (speed weight x 1 / latency) / cost, with
/// latency in seconds and cost in thousandths of a dollar. For display: it prefers the cheapest
/// whatever the deadline, so it is not the decision. A free model counts as one that costs a
/// micro-dollar.
struct ScoreWeights {
    double quality = 0.7;
    double speed = 0.7;
};
[[nodiscard]] double score(const ScoreWeights& weights, double quality, double latency_ms,
                           int64_t cost_micros);

}  // namespace hayate::route
