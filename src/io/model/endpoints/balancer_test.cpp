#include "io/model/endpoints/balancer.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

namespace hayate::model {
namespace {

TimePoint at_s(double seconds) {
    return TimePoint(std::chrono::hours(1)) +
           std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

/// Plays calls one after another against endpoints that are broken or not.
class Fleet {
  public:
    explicit Fleet(size_t endpoints, BalancerOptions options = {})
        : balancer(endpoints, 7, options) {}

    /// One client's call, retried like EndpointModel does. False: the client saw an error.
    bool call(std::initializer_list<size_t> broken, double first_ms = 100) {
        ++clients;
        now_s += 0.01;
        balancer.count_call(at_s(now_s));
        std::vector<size_t> tried;
        while (tried.size() < 3) {
            if (!tried.empty() && !balancer.try_retry(at_s(now_s))) return false;
            const auto pick = balancer.pick(tried, at_s(now_s));
            if (!pick) return false;
            ++calls[pick->endpoint];
            const bool fails = std::ranges::find(broken, pick->endpoint) != broken.end();
            if (!fails) balancer.first_token(pick->endpoint, first_ms, at_s(now_s));
            balancer.report(*pick, fails ? CallOutcome::kFailed : CallOutcome::kOk, at_s(now_s));
            balancer.release(*pick);
            if (!fails) return true;
            tried.push_back(pick->endpoint);
        }
        return false;
    }
    Balancer balancer;
    std::map<size_t, int> calls;
    int clients = 0;
    double now_s = 0;
};

TEST(Balancer, ABrokenEndpointGetsAlmostNothingAndCustomersDoNotNotice) {
    Fleet fleet(3);
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(fleet.call({}));
    EXPECT_GT(fleet.calls[2], 100);
    fleet.calls.clear();
    int errors = 0;
    for (int i = 0; i < 1000; ++i) errors += fleet.call({2}) ? 0 : 1;  // ten seconds
    EXPECT_EQ(errors, 0);
    EXPECT_LE(fleet.calls[2], 10);
    EXPECT_TRUE(fleet.balancer.is_open(2));
}

TEST(Balancer, ARepairedEndpointComesBack) {
    Fleet fleet(3);
    for (int i = 0; i < 300; ++i) fleet.call({2});
    EXPECT_TRUE(fleet.balancer.is_open(2));
    fleet.calls.clear();
    for (int i = 0; i < 1000; ++i) fleet.call({});
    EXPECT_FALSE(fleet.balancer.is_open(2));
    EXPECT_GT(fleet.calls[2], 100);
}

TEST(Balancer, WhenAllFailTheCallsDoNotMultiply) {
    Fleet fleet(3);
    for (int i = 0; i < 2000; ++i) fleet.call({0, 1, 2});
    const int upstream = fleet.calls[0] + fleet.calls[1] + fleet.calls[2];
    EXPECT_LE(upstream, fleet.clients * 5 / 4);
    // Without breakers the budget alone holds it.
    Fleet naked(3,
                {.failures_to_eject = 1 << 30, .success_rate_min = 0, .failures_to_open = 1 << 30});
    for (int i = 0; i < 2000; ++i) naked.call({0, 1, 2});
    const int unbroken = naked.calls[0] + naked.calls[1] + naked.calls[2];
    EXPECT_GT(unbroken, naked.clients * 11 / 10);
    EXPECT_LE(unbroken, naked.clients * 5 / 4);
}

TEST(Balancer, AtMostHalfAreEjectedUntilTheyAreSurelyDead) {
    Fleet fleet(4);
    for (int i = 0; i < 3; ++i) {
        for (size_t endpoint = 0; endpoint < 4; ++endpoint)
            fleet.balancer.report({endpoint, false}, CallOutcome::kFailed, at_s(1));
    }
    EXPECT_EQ(fleet.balancer.is_open(0) + fleet.balancer.is_open(1) + fleet.balancer.is_open(2) +
                  fleet.balancer.is_open(3),
              2);
    for (int i = 0; i < 3; ++i) {
        for (size_t endpoint = 0; endpoint < 4; ++endpoint)
            fleet.balancer.report({endpoint, false}, CallOutcome::kFailed, at_s(1));
    }
    EXPECT_FALSE(fleet.balancer.pick({}, at_s(1.5)));
    EXPECT_EQ(fleet.balancer.next_chance(), at_s(2));
}

TEST(Balancer, OneCallAtATimeTriesAnOpenEndpoint) {
    Balancer balancer(1, 1);
    for (int i = 0; i < 6; ++i) balancer.report({0, false}, CallOutcome::kFailed, at_s(0));
    EXPECT_FALSE(balancer.pick({}, at_s(0.99)));
    const auto probe = balancer.pick({}, at_s(1));
    ASSERT_TRUE(probe);
    EXPECT_TRUE(probe->is_probe);
    EXPECT_FALSE(balancer.pick({}, at_s(1)));
    balancer.report(*probe, CallOutcome::kFailed, at_s(1.1));
    balancer.release(*probe);
    EXPECT_FALSE(balancer.pick({}, at_s(3)));  // twice as long as before
    const auto second = balancer.pick({}, at_s(3.2));
    ASSERT_TRUE(second);
    balancer.report(*second, CallOutcome::kNeutral, at_s(3.3));  // cancelled: nothing is known
    balancer.release(*second);
    const auto third = balancer.pick({}, at_s(3.3));
    ASSERT_TRUE(third);
    EXPECT_TRUE(third->is_probe);
    balancer.report(*third, CallOutcome::kOk, at_s(3.4));
    balancer.release(*third);
    EXPECT_FALSE(balancer.is_open(0));
    EXPECT_EQ(balancer.in_flight(0), 0);
}

TEST(Balancer, CallersFaultsAndCancellationsTripNothing) {
    Balancer balancer(2, 1);
    for (int i = 0; i < 50; ++i) balancer.report({0, false}, CallOutcome::kNeutral, at_s(0));
    EXPECT_FALSE(balancer.is_open(0));
    EXPECT_TRUE(balancer.has_other({1}, at_s(0)));
    // A key that one endpoint does not take: it answers fastest of all, and must not attract calls.
    balancer.report({0, false}, CallOutcome::kRefused, at_s(0));
    EXPECT_FALSE(balancer.is_open(0));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(balancer.pick({}, at_s(1))->endpoint, 1u);
}

TEST(Balancer, HonoursRetryAfter) {
    Balancer balancer(1, 1);
    balancer.report({0, false}, CallOutcome::kLimited, at_s(0), milliseconds(5'000));
    EXPECT_FALSE(balancer.pick({}, at_s(4.9)));
    EXPECT_EQ(balancer.next_chance(), at_s(5));
    EXPECT_TRUE(balancer.pick({}, at_s(5)));
}

TEST(Balancer, PrefersTheLessLoadedOfTwo) {
    Balancer balancer(2, 1);
    std::array<int, 2> picked{};
    for (int i = 0; i < 200; ++i) {
        balancer.first_token(0, 100, at_s(i));
        balancer.first_token(1, 300, at_s(i));
        const auto pick = balancer.pick({}, at_s(i));
        ++picked[pick->endpoint];
        balancer.release(*pick);
    }
    EXPECT_GT(picked[0], 2 * picked[1]);
    EXPECT_GT(picked[1], 0);
    // Five calls under way outweigh the speed.
    for (int i = 0; i < 50; ++i) std::ignore = balancer.pick({}, at_s(200));
    EXPECT_GT(balancer.in_flight(1), 5);
}

TEST(Balancer, HedgesAreFiveInAHundred) {
    Balancer balancer(2, 1);
    EXPECT_FALSE(balancer.hedge_delay());
    int hedges = 0;
    for (int i = 0; i < 1000; ++i) {
        balancer.count_call(at_s(i));
        hedges += balancer.try_hedge() ? 1 : 0;
        balancer.first_token(0, 100 + i % 20, at_s(i));
    }
    EXPECT_GE(hedges, 48);
    EXPECT_LE(hedges, 50);
    EXPECT_NEAR(base::to_ms(*balancer.hedge_delay()), 118, 2);
}

}  // namespace
}  // namespace hayate::model
