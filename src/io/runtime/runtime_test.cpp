#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

#include "io/runtime/cancel.hpp"
#include "io/runtime/scope.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::runtime {
namespace {

using test::TestShard;

TEST(CancelTree, TheFirstReasonCountsAndReachesTheChildrenAlone) {
    CancelSource root;
    CancelSource child(root.token());
    CancelSource sibling(root.token());
    child.cancel(CancelReason::kStop);
    EXPECT_EQ(root.reason(), CancelReason::kNone);
    root.cancel(CancelReason::kDeadline);
    root.cancel(CancelReason::kShutdown);
    EXPECT_EQ(root.reason(), CancelReason::kDeadline);
    EXPECT_EQ(child.reason(), CancelReason::kStop);
    EXPECT_EQ(sibling.reason(), CancelReason::kDeadline);
    EXPECT_EQ(CancelSource(root.token()).reason(), CancelReason::kDeadline) << "born too late";
}

TEST(CancelTree, ASubscriptionIsCalledOnceAndNotAfterItsEnd) {
    CancelSource source;
    int calls = 0;
    const CancelSubscription kept(source.token(), [&](CancelReason) { ++calls; });
    {
        const CancelSubscription gone(source.token(), [&](CancelReason) { calls += 100; });
    }
    source.cancel(CancelReason::kClientGone);
    source.cancel(CancelReason::kStop);
    EXPECT_EQ(calls, 1);
    const CancelSubscription late(source.token(), [&](CancelReason) { ++calls; });
    EXPECT_EQ(calls, 2);
    EXPECT_FALSE(CancelToken().is_cancelled());
}

TEST(CancelTree, ADetachedCancelOutlivesItsSource) {
    std::function<void(CancelReason)> cancel;
    {
        const CancelSource source;
        cancel = source.detached_cancel();
    }
    cancel(CancelReason::kStop);
}

TEST(EventWait, EndsWithANotificationTheDeadlineOrCancellation) {
    TestShard host;
    host.run([&host]() -> Task<void> {
        Event event(host.executor());
        event.notify();
        EXPECT_EQ(co_await event.wait(), WaitResult::kNotified) << "it came while nobody waited";
        EXPECT_EQ(co_await event.wait(Deadline::after(std::chrono::milliseconds(5))),
                  WaitResult::kTimedOut);
        CancelSource source;
        source.cancel(CancelReason::kStop);
        EXPECT_EQ(co_await event.wait(Deadline::never(), source.token()), WaitResult::kCancelled);
        EXPECT_EQ(pending_timers(), 0);
    });
}

TEST(TaskScopeTest, JoinWaitsForChildrenWhichHearOfCancellation) {
    TestShard host;
    const int ended = host.run([&host]() -> Task<int> {
        int ended = 0;
        TaskScope scope(host.executor());
        for (int i = 0; i < 3; ++i) {
            scope.spawn([&]() -> Task<void> {
                const bool is_reached = co_await sleep_until(Deadline::never(), scope.token());
                EXPECT_FALSE(is_reached);
                ++ended;
            });
        }
        EXPECT_EQ(scope.live(), 3U);
        scope.cancel(CancelReason::kStop);
        co_await scope.join();
        EXPECT_EQ(scope.live(), 0U);
        co_return ended;
    });
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(TaskScope::live_total(), 0);
}

TEST(WithDeadline, CancelsTheWorkAndWaitsForIt) {
    TestShard host;
    const CancelReason reason = host.run([]() -> Task<CancelReason> {
        co_return co_await with_deadline(
            [](CancelToken token) -> Task<CancelReason> {
                co_await sleep_until(Deadline::never(), token);
                co_return token.reason();
            },
            Deadline::after(std::chrono::milliseconds(5)), {});
    });
    EXPECT_EQ(reason, CancelReason::kDeadline);
}

TEST(ShardTest, RunsWhatIsPostedInOrderAndSurvivesWhatThrows) {
    Shards shards(1);
    shards.start();
    std::atomic<int> done{0};
    int last = -1;
    constexpr int kMany = 20'000;
    shards.at(0).post([] { throw std::runtime_error("a bug in a handler"); });
    for (int i = 0; i < kMany; ++i) {
        shards.at(0).post([&, i] {
            EXPECT_EQ(last + 1, i);
            last = i;
            EXPECT_EQ(Shard::current(), &shards.at(0));
            ++done;
            done.notify_one();
        });
    }
    for (int seen = done; seen < kMany; seen = done) done.wait(seen);
    shards.stop_and_join();
    EXPECT_EQ(Shard::current(), nullptr);
}

}  // namespace
}  // namespace hayate::runtime
