#include "io/runtime/lookout.hpp"

#include <algorithm>
#include <chrono>

namespace hayate::runtime {
namespace {

using namespace std::chrono_literals;
using base::Clock;
using base::Duration;
using base::TimePoint;

constexpr size_t kExpectedMax = 64;
constexpr auto kBetweenMin = 1ms;  // pieces come quicker: the thread hardly sleeps
constexpr int kDecay = 64;         // pieces that the mean of it remembers
constexpr auto kSleepMin = 1ms;    // what has slept less wakes quickly
constexpr auto kSavedMax = 5ms;    // of the time that was not spent

bool is_later(const Window& a, const Window& b) { return a.begin > b.begin; }

}  // namespace

Lookout::Lookout(boost::asio::io_context& context, double share)
    : context_(context), share_(share), alarm_(context) {}

void Lookout::expect(Window window) {
    if (share_ <= 0) return;
    const TimePoint now = Clock::now();
    const Duration since = std::min<Duration>(now - last_piece_, kDecay * kBetweenMin);
    between_ += (since - between_) / kDecay;
    last_piece_ = now;
    if (due_ > 0) --due_;
    if (between_ < kBetweenMin || expected_.size() >= kExpectedMax) return;
    expected_.push_back(window);
    std::ranges::push_heap(expected_, is_later);
    if (!is_watching_) arm();
}

void Lookout::arm() {
    if (expected_.empty() || expected_.front().begin >= alarm_at_) return;
    alarm_at_ = expected_.front().begin;
    alarm_.expires_at(alarm_at_);
    alarm_.async_wait([this](const boost::system::error_code& is_moved) {
        if (!is_moved) keep_watch();
    });
}

/// What may be spent at once: `share_` of the time since it was asked last, and what was saved.
Duration Lookout::allowance(TimePoint now) {
    const auto earned = std::chrono::duration_cast<Duration>((now - allowed_at_) * share_);
    allowed_at_ = now;
    return allowance_ = std::min<Duration>(kSavedMax, allowance_ + earned);
}

void Lookout::open_windows(TimePoint now) {
    while (!expected_.empty() && expected_.front().begin <= now) {
        watch_until_ = std::max(watch_until_, expected_.front().end);
        ++due_;
        std::ranges::pop_heap(expected_, is_later);
        expected_.pop_back();
    }
}

/// Runs within a handler of the context and runs others from there.
void Lookout::keep_watch() {
    /// Also when one of those throws.
    struct Ending {
        Lookout& lookout;
        TimePoint began = Clock::now();
        explicit Ending(Lookout& of) : lookout(of) { lookout.is_watching_ = true; }
        ~Ending() {
            const Duration spent = Clock::now() - began;
            lookout.allowance_ -= spent;
            lookout.spent_us_.fetch_add(
                std::chrono::duration_cast<std::chrono::microseconds>(spent).count(),
                std::memory_order_relaxed);
            lookout.due_ = 0;
            lookout.is_watching_ = false;
            lookout.arm();
        }
    };

    alarm_at_ = TimePoint::max();
    if (is_watching_) return;  // an alarm that had gone off already when it was moved
    const Ending ending(*this);
    const TimePoint began = ending.began;
    const TimePoint give_up = began + allowance(began);
    const bool has_slept = began - last_piece_ >= kSleepMin;
    open_windows(began);
    if (has_slept && due_ > 0 && began < give_up && rehearsal_) rehearsal_();
    for (TimePoint now = Clock::now();; now = Clock::now()) {
        open_windows(now);
        if (!has_slept || due_ == 0 || now >= std::min(watch_until_, give_up)) return;
        if (context_.stopped()) return;
        context_.poll();
    }
}

}  // namespace hayate::runtime
