#include "io/store/types.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

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

namespace {

constexpr std::array<std::string_view, 4> kCaseKinds{"return", "replacement", "refund",
                                                     "hand_over"};
constexpr std::string_view kCasePrefix = "CASE-";
constexpr size_t kCaseDigitsMax = 18;

}  // namespace

std::string_view name_of(CaseKind kind) { return kCaseKinds.at(static_cast<size_t>(kind)); }

CaseKind case_kind_of(std::string_view name) {
    for (size_t i = 0; i < kCaseKinds.size(); ++i) {
        if (kCaseKinds.at(i) == name) return static_cast<CaseKind>(i);
    }
    return CaseKind::kHandOver;
}

std::string case_id_of(int64_t number) { return fmt::format("{}{:06}", kCasePrefix, number); }

std::optional<int64_t> case_number_of(std::string_view id) {
    if (!id.starts_with(kCasePrefix)) return std::nullopt;
    const std::string_view digits = id.substr(kCasePrefix.size());
    int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size() &&
                           digits.size() <= kCaseDigitsMax && number > 0;
    // One spelling for each case: what was read back is what was written.
    return is_number && case_id_of(number) == id ? std::optional(number) : std::nullopt;
}

std::string_view name_of(Thumb thumb) {
    switch (thumb) {
        case Thumb::kDown:
            return "down";
        case Thumb::kUp:
            return "up";
        case Thumb::kNone:
            break;
    }
    return "none";
}

std::optional<Thumb> thumb_of(std::string_view name) {
    for (const Thumb thumb : {Thumb::kDown, Thumb::kNone, Thumb::kUp}) {
        if (name_of(thumb) == name) return thumb;
    }
    return std::nullopt;
}

Thumb thumb_of(int64_t number) {
    return number == 1 || number == -1 ? static_cast<Thumb>(number) : Thumb::kNone;
}

}  // namespace hayate::store
