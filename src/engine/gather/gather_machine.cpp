#include "engine/gather/gather_machine.hpp"

#include <algorithm>
#include <utility>

namespace hayate::gather {
namespace {

Deadline earlier(Deadline a, TimePoint b) { return Deadline(std::min(a.at(), b)); }

}  // namespace

GatherMachine::GatherMachine(std::vector<Part> parts, const Limits& limits)
    : parts_(std::move(parts)), states_(parts_.size()), limits_(limits) {
    for (State& state : states_) state.start = state.end = limits_.now;
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (parts_[i].is_required) hold(i);
    }
}

/// What a required part needs is as required.
void GatherMachine::hold(size_t part) {
    if (std::exchange(states_[part].is_held, true)) return;
    for (const std::string& need : parts_[part].needs) {
        if (const auto other = find(need)) hold(*other);
    }
}

std::optional<size_t> GatherMachine::find(const std::string& name) const {
    const auto found = std::ranges::find(parts_, name, &Part::name);
    if (found == parts_.end()) return std::nullopt;
    return static_cast<size_t>(found - parts_.begin());
}

Deadline GatherMachine::limit_of(size_t part, TimePoint now) const {
    const Part& item = parts_[part];
    const Deadline own = earlier(limits_.deadline, now + item.timeout);
    if (states_[part].is_held) return own;
    return earlier(own, limits_.now + item.soft_wait.value_or(limits_.soft_wait));
}

std::string GatherMachine::obstacle(size_t part) const {
    for (const std::string& need : parts_[part].needs) {
        const auto other = find(need);
        if (!other) return "needs " + need + ", which is not fetched";
        if (states_[*other].phase == Phase::kMissing)
            return "needs " + need + ", which did not come";
    }
    return {};
}

bool GatherMachine::is_ready(size_t part) const {
    return std::ranges::all_of(parts_[part].needs, [&](const std::string& need) {
        const auto other = find(need);
        return other && states_[*other].phase == Phase::kIn;
    });
}

void GatherMachine::close(size_t part, Phase phase, std::string outcome, std::string detail,
                          TimePoint now) {
    State& state = states_[part];
    if (state.phase == Phase::kWaiting) state.start = now;
    state.phase = phase;
    state.end = now;
    state.outcome = std::move(outcome);
    state.detail = std::move(detail);
}

/// True when something was dropped, which may leave others without hope.
bool GatherMachine::drop_hopeless(TimePoint now) {
    bool has_dropped = false;
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (states_[i].phase != Phase::kWaiting) continue;
        std::string why = obstacle(i);
        if (why.empty() && is_ready(i) && limit_of(i, now).at() <= now) why = "too slow";
        if (why.empty()) continue;
        close(i, Phase::kMissing, "skipped", std::move(why), now);
        has_dropped = true;
    }
    return has_dropped;
}

std::vector<GatherMachine::StartAction> GatherMachine::start_ready(TimePoint now) {
    while (drop_hopeless(now)) {
    }
    std::vector<StartAction> actions;
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (states_[i].phase != Phase::kWaiting || !is_ready(i)) continue;
        states_[i].phase = Phase::kRunning;
        states_[i].start = now;
        actions.push_back({.part = i, .until = limit_of(i, now)});
    }
    // A plan that check_plan refuses must not hang a turn.
    const bool is_running = std::ranges::count(states_, Phase::kRunning, &State::phase) > 0;
    for (size_t i = 0; i < parts_.size() && !is_running; ++i) {
        if (states_[i].phase == Phase::kWaiting) {
            close(i, Phase::kMissing, "skipped", "needs itself in a circle", now);
        }
    }
    return actions;
}

std::vector<GatherMachine::StartAction> GatherMachine::begin() { return start_ready(limits_.now); }

std::vector<GatherMachine::StartAction> GatherMachine::ended(size_t part, End how, std::string why,
                                                             TimePoint now) {
    if (states_[part].phase != Phase::kRunning) return {};
    if (is_answered()) {
        close(part, Phase::kCancelled, "cancelled", answer_, now);
        return {};
    }
    switch (how) {
        case End::kCame:
            close(part, Phase::kIn, "ok", {}, now);
            break;
        case End::kIsAnswer:
            close(part, Phase::kIn, "ok", {}, now);
            answer_ = why.empty() ? parts_[part].name : std::move(why);
            drop_waiting(now);
            break;
        case End::kLate:
            close(part, Phase::kMissing, "timeout", std::move(why), now);
            break;
        case End::kFailed:
            close(part, Phase::kMissing, "error", std::move(why), now);
            break;
        case End::kCancelled:
            close(part, Phase::kMissing, "cancelled", "cancelled", now);
            break;
    }
    return is_answered() ? std::vector<StartAction>() : start_ready(now);
}

/// The answer is there: nothing else needs to start.
void GatherMachine::drop_waiting(TimePoint now) {
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (states_[i].phase == Phase::kWaiting) {
            close(i, Phase::kCancelled, "cancelled", answer_, now);
        }
    }
}

bool GatherMachine::is_done() const {
    return std::ranges::none_of(states_, [](const State& state) {
        return state.phase == Phase::kWaiting || state.phase == Phase::kRunning;
    });
}

std::map<std::string, std::string> GatherMachine::missing() const {
    std::map<std::string, std::string> all;
    for (size_t i = 0; i < parts_.size(); ++i) {
        if (states_[i].phase == Phase::kMissing) all.emplace(parts_[i].name, states_[i].detail);
    }
    return all;
}

std::vector<observe::Span> GatherMachine::spans(TimePoint zero) const {
    std::vector<observe::Span> all;
    for (size_t i = 0; i < parts_.size(); ++i) {
        const State& state = states_[i];
        all.push_back({.name = parts_[i].name,
                       .start_ms = base::to_ms(state.start - zero),
                       .end_ms = base::to_ms(state.end - zero),
                       .outcome = state.outcome,
                       .parent = "gather",
                       .detail = state.detail});
    }
    return all;
}

}  // namespace hayate::gather
