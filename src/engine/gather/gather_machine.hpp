#pragma once
// The decisions of a gather, without time or tasks of its own: which source starts when, until when
// it is waited for, what is missing and why. `gather` plays them; tests play them with a clock of
// their own. One shard.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/observe/trace.hpp"

namespace hayate::gather {

class GatherMachine {
  public:
    struct Part {
        std::string name;
        std::vector<std::string> needs{};  // names of parts that it starts after
        Duration timeout = std::chrono::seconds(1);
        bool is_required = false;                // and so is all that it needs
        std::optional<Duration> soft_wait = {};  // in place of the plan's
    };
    struct Limits {
        Duration soft_wait{};
        Deadline deadline = Deadline::never();
        TimePoint now;
    };
    /// Start this part; it is to be cancelled at `until`.
    struct StartAction {
        size_t part;
        Deadline until;
    };
    enum class End : uint8_t {
        kCame,
        kIsAnswer,  // it came, and nothing else is needed any more
        kLate,
        kFailed,
        kCancelled,  // the whole gather was
    };

    GatherMachine(std::vector<Part> parts, const Limits& limits);

    /// The parts that start at once.
    [[nodiscard]] std::vector<StartAction> begin();
    /// A started part has ended; returns what can start now. `why` explains kFailed and kLate, and
    /// kIsAnswer to those that are cancelled for it. Once `is_answered`, cancel what still runs.
    [[nodiscard]] std::vector<StartAction> ended(size_t part, End how, std::string why,
                                                 TimePoint now);

    /// Whether what the part brought counts: it came, and before the answer.
    [[nodiscard]] bool is_in(size_t part) const { return states_[part].phase == Phase::kIn; }
    [[nodiscard]] bool is_answered() const { return !answer_.empty(); }
    /// Every part has come, is missing, or was cancelled.
    [[nodiscard]] bool is_done() const;
    /// Name to reason. What was cancelled for an answer is not missing.
    [[nodiscard]] std::map<std::string, std::string> missing() const;
    /// One span a part, in milliseconds since `zero`.
    [[nodiscard]] std::vector<observe::Span> spans(TimePoint zero) const;

  private:
    enum class Phase : uint8_t { kWaiting, kRunning, kIn, kMissing, kCancelled };
    struct State {
        Phase phase = Phase::kWaiting;
        bool is_held = false;  // waited for beyond the soft wait
        TimePoint start;
        TimePoint end;
        std::string outcome;
        std::string detail;
    };

    void hold(size_t part);
    [[nodiscard]] std::optional<size_t> find(const std::string& name) const;
    [[nodiscard]] Deadline limit_of(size_t part, TimePoint now) const;
    /// Why the part can never start, if so.
    [[nodiscard]] std::string obstacle(size_t part) const;
    [[nodiscard]] bool is_ready(size_t part) const;
    void close(size_t part, Phase phase, std::string outcome, std::string detail, TimePoint now);
    bool drop_hopeless(TimePoint now);
    void drop_waiting(TimePoint now);
    std::vector<StartAction> start_ready(TimePoint now);

    std::vector<Part> parts_;
    std::vector<State> states_;
    Limits limits_;
    std::string answer_;  // why the gather was ended early
};

}  // namespace hayate::gather
