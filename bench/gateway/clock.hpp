#pragma once
// Nanoseconds of the monotonic clock, which is one for all processes of a machine: a stamp written
// by the upstream can be subtracted from the time at which the load generator reads it.

#include <cstdint>

#include <time.h>

namespace hayate::bench {

inline int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline constexpr int64_t kNsPerMs = 1'000'000;

}  // namespace hayate::bench
