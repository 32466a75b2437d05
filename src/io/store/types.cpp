#include "io/store/types.hpp"

namespace hayate::store {

std::string_view name_of(TurnState state) {
    switch (state) {
        case TurnState::kRunning:
            return "running";
        case TurnState::kComplete:
            return "complete";
        case TurnState::kStopped:
            return "stopped";
        case TurnState::kIncomplete:
            return "incomplete";
        case TurnState::kFailed:
            return "failed";
    }
    return "incomplete";
}

TurnState turn_state_of(std::string_view name) {
    for (const TurnState state : {TurnState::kRunning, TurnState::kComplete, TurnState::kStopped,
                                  TurnState::kIncomplete, TurnState::kFailed}) {
        if (name_of(state) == name) return state;
    }
    return TurnState::kIncomplete;
}

}  // namespace hayate::store
