#include "engine/turn/feedback.hpp"

#include <gtest/gtest.h>

namespace hayate::turn {
namespace {

TEST(OwnerRate, IsEachOwnersOwn) {
    OwnerRate rate(2);
    const TimePoint now = base::Clock::now();
    const store::Owner alice{"shop", "customer:alice"};
    EXPECT_TRUE(rate.take(alice, now));
    EXPECT_TRUE(rate.take(alice, now));
    EXPECT_FALSE(rate.take(alice, now));
    EXPECT_TRUE(rate.take({"shop", "customer:bob"}, now));
    EXPECT_TRUE(rate.take({"other", "customer:alice"}, now));
    EXPECT_FALSE(rate.take(alice, now + std::chrono::seconds(59)));
    EXPECT_TRUE(rate.take(alice, now + std::chrono::seconds(60)));
}

}  // namespace
}  // namespace hayate::turn
