#include "io/runtime/rhythm.hpp"

#include <chrono>

namespace hayate::runtime {
namespace {

using namespace std::chrono_literals;

constexpr int kPiecesMin = 4;      // before anything is foretold
constexpr int kDecay = 8;          // pieces that an estimate remembers
constexpr auto kGapMin = 2ms;      // below, a core hardly falls asleep
constexpr auto kGapMax = 1s;       // above, it cannot be told well enough
constexpr auto kStrayMax = 400us;  // above, waiting costs more than waking
constexpr auto kLead = 150us;      // the alarm wakes a sleeping core as late as anything does
constexpr auto kTail = 50us;

}  // namespace

std::optional<Window> Rhythm::beat(base::TimePoint now) {
    const base::Duration gap = now - last_;
    last_ = now;
    // After a pause it begins anew: one long gap would spoil the estimate of many pieces.
    if (pieces_ > 1 && gap > 2 * gap_ + kGapMin) pieces_ = 0;
    if (++pieces_ == 1) return std::nullopt;
    if (pieces_ == 2) {
        gap_ = gap;
        stray_ = kStrayMax;
        return std::nullopt;
    }
    stray_ += (std::chrono::abs(gap - gap_) - stray_) / kDecay;
    gap_ += (gap - gap_) / kDecay;
    if (pieces_ < kPiecesMin || stray_ > kStrayMax) return std::nullopt;
    if (gap_ < kGapMin || gap_ > kGapMax) return std::nullopt;
    const base::TimePoint due = now + gap_;
    return Window{.begin = due - kLead - stray_, .end = due + kTail + 2 * stray_};
}

}  // namespace hayate::runtime
