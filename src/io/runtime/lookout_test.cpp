// Being awake when a token is due: what is foretold of a stream, and what a shard does with it.

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "io/runtime/rhythm.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::runtime {
namespace {

using namespace std::chrono_literals;
using base::Clock;
using base::TimePoint;

/// How many of `gaps` were foretold, and how many of those rightly.
struct Foretold {
    int total = 0;
    int right = 0;
};

Foretold follow(Rhythm& rhythm, TimePoint& now, const std::vector<base::Duration>& gaps) {
    Foretold foretold;
    std::optional<Window> window;
    for (const base::Duration gap : gaps) {
        now += gap;
        if (window) {
            ++foretold.total;
            foretold.right += window->begin <= now && now <= window->end;
        }
        window = rhythm.beat(now);
    }
    return foretold;
}

std::vector<base::Duration> around(std::chrono::microseconds mean, std::chrono::microseconds stray,
                                   int count) {
    std::mt19937 random(7);
    std::normal_distribution<double> normal(static_cast<double>(mean.count()),
                                            static_cast<double>(stray.count()));
    std::vector<base::Duration> gaps;
    for (int i = 0; i < count; ++i) {
        gaps.emplace_back(std::chrono::microseconds(static_cast<int64_t>(normal(random))));
    }
    return gaps;
}

TEST(Rhythm, ForetellsAnEvenPaceAndItsStraying) {
    for (const auto stray : {0us, 50us, 200us}) {
        Rhythm rhythm;
        TimePoint now = Clock::now();
        const Foretold foretold = follow(rhythm, now, around(20ms, stray, 1000));
        EXPECT_GT(foretold.total, 900) << stray.count();
        EXPECT_GT(foretold.right, foretold.total * 85 / 100) << stray.count();
    }
}

TEST(Rhythm, KeepsItsWindowsShort) {
    Rhythm rhythm;
    TimePoint now = Clock::now();
    follow(rhythm, now, around(20ms, 50us, 100));
    now += 20ms;
    const auto window = rhythm.beat(now);
    ASSERT_TRUE(window);
    EXPECT_LT(window->end - window->begin, 1ms);
}

TEST(Rhythm, IsSilentWithoutOne) {
    for (const auto& gaps : {around(20ms, 8ms, 300),     // a network that shuffles
                             around(500us, 10us, 300),   // too quick to fall asleep
                             around(3'000ms, 1ms, 10)})  // hardly a stream
    {
        Rhythm rhythm;
        TimePoint now = Clock::now();
        EXPECT_LT(follow(rhythm, now, gaps).total, 5);
    }
}

TEST(Rhythm, AFreshPaceAfterAPauseIsLearnedAnew) {
    Rhythm rhythm;
    TimePoint now = Clock::now();
    follow(rhythm, now, around(20ms, 0us, 50));
    now += 700ms;
    EXPECT_FALSE(rhythm.beat(now));
    const Foretold foretold = follow(rhythm, now, around(35ms, 0us, 50));
    EXPECT_GT(foretold.right, 40);
}

/// Expects something 6 ms from each of `times` posts on; what `arrives` runs on the shard then.
template <class Arrives>
void expect_and_bring(Shard& shard, int times, Arrives arrives) {
    for (int i = 0; i < times; ++i) {
        shard.post([&shard] {
            const TimePoint now = Clock::now();
            shard.lookout().expect({.begin = now + 6ms, .end = now + 20ms});
        });
        std::this_thread::sleep_for(8ms);
        const auto is_here = std::make_shared<std::promise<void>>();
        shard.post([is_here, arrives] {
            is_here->set_value();
            arrives();
        });
        is_here->get_future().wait();
    }
}

constexpr int kPiecesMax = 2'000;  // of tests that wait for what a busy machine puts off

TEST(Lookout, WaitsAwakeWithinItsShare) {
    Shards shards(1, 0.5);
    shards.start();
    const TimePoint began = Clock::now();
    for (int i = 0; i < kPiecesMax && (i < 20 || shards.at(0).lookout().spent_us() == 0); ++i) {
        expect_and_bring(shards.at(0), 1, [] {});
    }
    shards.stop_and_join();
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
    EXPECT_GT(shards.at(0).lookout().spent_us(), 0);
    // What was saved up before, and a handler that was under way when the time was over.
    EXPECT_LT(shards.at(0).lookout().spent_us(), elapsed / 2 + 30'000);
}

TEST(Lookout, WithoutAShareItSleeps) {
    Shards shards(1);
    bool is_rehearsed = false;
    shards.at(0).lookout().rehearse_with([&] { is_rehearsed = true; });
    shards.start();
    expect_and_bring(shards.at(0), 3, [] {});
    shards.stop_and_join();
    EXPECT_EQ(shards.at(0).lookout().spent_us(), 0);
    EXPECT_FALSE(is_rehearsed);
}

TEST(Lookout, RehearsesBeforeWhatItWaitsFor) {
    Shards shards(1, 0.5);
    int pieces = 0;
    int rehearsals = 0;
    std::atomic<int> rehearsed{0};  // pieces
    bool is_rehearsed = false;
    shards.at(0).lookout().rehearse_with([&] {
        ++rehearsals;
        is_rehearsed = true;
    });
    shards.start();
    // A busy machine wakes the thread too late for some, or takes the core from it in mid-watch,
    // which costs the share of many to come.
    while (rehearsed == 0 && pieces < kPiecesMax) {
        expect_and_bring(shards.at(0), 1, [&] { rehearsed += std::exchange(is_rehearsed, false); });
        ++pieces;
    }
    shards.stop_and_join();
    EXPECT_GT(rehearsed, 0);
    EXPECT_LE(rehearsals, pieces);
}

TEST(Lookout, GoesOnAfterWhatCameHasThrown) {
    Shards shards(1, 0.5);
    shards.start();
    expect_and_bring(shards.at(0), 3, [] { throw std::runtime_error("a bug in a handler"); });
    const int64_t before = shards.at(0).lookout().spent_us();
    for (int i = 0; i < kPiecesMax && shards.at(0).lookout().spent_us() == before; ++i) {
        expect_and_bring(shards.at(0), 1, [] {});
    }
    EXPECT_GT(shards.at(0).lookout().spent_us(), before);
    shards.stop_and_join();
}

TEST(Lookout, NeitherManyWindowsNorLongOnesHoldTheShard) {
    Shards shards(1, 0.1);
    shards.start();
    std::atomic<bool> is_posted{false};
    shards.at(0).post([&] {
        const TimePoint now = Clock::now();
        for (int i = 0; i < 100'000; ++i) {
            shards.at(0).lookout().expect({.begin = now + 6ms, .end = now + 1h});
        }
        is_posted = true;
        is_posted.notify_one();
    });
    is_posted.wait(false);
    std::this_thread::sleep_for(10ms);
    std::atomic<bool> is_served{false};
    shards.at(0).post([&] {
        is_served = true;
        is_served.notify_one();
    });
    is_served.wait(false);
    shards.stop_and_join();  // within the hour
    EXPECT_LT(shards.at(0).lookout().spent_us(), 1'000'000);
}

}  // namespace
}  // namespace hayate::runtime
