#include "engine/route/ledger.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::route {
namespace {

using testing::HasSubstr;

constexpr int64_t kNoon = int64_t{1'795'608'000} * 1000;  // 2026-11-25 12:00 UTC
constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
constexpr model::Price kPrice{.prompt_micros = 3'000'000, .completion_micros = 15'000'000};

Ledger::Charge call(std::string_view tenant, int64_t prompt = 1000, int64_t completion = 100,
                    bool is_estimated = false) {
    return {.tenant = tenant,
            .intent = "faq",
            .model = "strong",
            .price = kPrice,
            .usage = {.prompt_tokens = prompt,
                      .completion_tokens = completion,
                      .is_estimated = is_estimated}};
}

TEST(Ledger, CountsEveryCallInWholeMicroDollars) {
    Ledger ledger;
    EXPECT_EQ(ledger.charge(call("shop"), kNoon), 3000 + 1500);
    EXPECT_EQ(ledger.charge(call("shop", 1000, 100, true), kNoon), 4500);
    EXPECT_EQ(ledger.charge(call("shop", 0, 0), kNoon), 0);
    const auto rows = ledger.rows();
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].day, "2026-11-25");
    EXPECT_EQ(rows[0].calls, 3);
    EXPECT_EQ(rows[0].estimated_calls, 1);
    EXPECT_EQ(rows[0].cost_micros, 9000);
}

TEST(Ledger, OvershootsByOneTurnAtMostHoweverManyBeginAtOnce) {
    Ledger ledger({.tenant_micros = 10'000});
    std::vector<Admission> turns;
    int admitted = 0;
    for (int i = 0; i < 500; ++i) {
        turns.push_back(ledger.admit("shop", 4'500, kNoon));
        admitted += turns.back().is_within_budget ? 1 : 0;
    }
    EXPECT_EQ(admitted, 3);  // 13,500: the third began with 1,000 left
    for (int i = 0; i < 3; ++i) ledger.charge(call("shop"), kNoon);
    turns.clear();
    EXPECT_FALSE(ledger.admit("shop", 1, kNoon).is_within_budget);
    EXPECT_TRUE(ledger.admit("other shop", 1, kNoon).is_within_budget);
    EXPECT_TRUE(ledger.admit("shop", 1, kNoon + kDayMs).is_within_budget);  // tomorrow
}

TEST(Ledger, ReservedMoneyThatWasNotSpentComesBack) {
    Ledger ledger({.server_micros = 5'000, .when_over = OverBudget::kFastOnly});
    {
        Admission first = ledger.admit("a", 5'000, kNoon);
        EXPECT_EQ(first.left_micros, 5'000);
        const Admission second = ledger.admit("b", 1, kNoon);
        EXPECT_FALSE(second.is_within_budget);
        EXPECT_EQ(second.policy, OverBudget::kFastOnly);
        const Reservation moved = std::move(first.reservation);
        EXPECT_FALSE(ledger.admit("b", 1, kNoon).is_within_budget);
    }
    EXPECT_EQ(ledger.admit("b", 1, kNoon).left_micros, 5'000);
    EXPECT_TRUE(ledger.admit("b", -5, kNoon).is_within_budget);
}

TEST(Ledger, TheTenantsOwnBudgetWins) {
    Ledger ledger({.tenant_micros = 100, .tenants = {{"big", 1'000'000}, {"none", 0}}});
    ledger.charge(call("big"), kNoon);
    ledger.charge(call("small"), kNoon);
    EXPECT_EQ(ledger.admit("big", 0, kNoon).left_micros, 995'500);
    EXPECT_FALSE(ledger.admit("small", 0, kNoon).is_within_budget);
    EXPECT_FALSE(ledger.admit("none", 0, kNoon).is_within_budget);
    ledger.set_budgets({});
    EXPECT_TRUE(ledger.admit("none", 0, kNoon).is_within_budget);
    EXPECT_FALSE(ledger.admit("none", 0, kNoon).left_micros);
}

TEST(Ledger, SurvivesARestartWithTheDaysSpending) {
    Ledger before;
    before.charge(call("shop"), kNoon - kDayMs);
    before.charge(call("shop"), kNoon);
    Ledger after({.tenant_micros = 5'000});
    after.restore(before.rows());
    EXPECT_EQ(after.rows().size(), 2u);
    EXPECT_EQ(after.admit("shop", 0, kNoon).left_micros, 500);
    EXPECT_EQ(after.json(kNoon), [&] {
        before.set_budgets({.tenant_micros = 5'000});
        return before.json(kNoon);
    }());
}

TEST(Ledger, LeavesOutRowsThatCannotBe) {
    Ledger ledger({.server_micros = 1'000});
    for (const char* day :
         {"", "2026-13-01", "2026-02-30", "yesterday", "2026-1-1", "20261-1-10", "2026-11-2x"}) {
        ledger.restore({{.day = day, .tenant = "shop", .calls = 1, .cost_micros = 500}});
    }
    ledger.restore({{.day = "2026-11-25", .tenant = "shop", .cost_micros = -500}});
    EXPECT_TRUE(ledger.rows().empty());
    EXPECT_EQ(ledger.admit("shop", 0, kNoon).left_micros, 1'000);
}

TEST(Ledger, KeepsFiveWeeks) {
    Ledger ledger;
    for (int day = 0; day < 60; ++day) ledger.charge(call("shop"), kNoon + day * kDayMs);
    EXPECT_EQ(ledger.rows().size(), 35u);
    ledger.charge(call("shop"), kNoon);  // the clock was put back: counted for the latest day
    EXPECT_EQ(ledger.rows().size(), 35u);
}

TEST(Ledger, ShowsTotalsByEverything) {
    Ledger ledger({.server_micros = 50'000});
    ledger.charge(call("c"), kNoon - kDayMs);
    ledger.charge(call("a\"b"), kNoon);
    const std::string json = ledger.json(kNoon);
    EXPECT_THAT(json, HasSubstr(R"("today":{"day":"2026-11-25","cost_micro_dollars":4500)"));
    EXPECT_THAT(json, HasSubstr(R"("all":{"cost_micro_dollars":9000)"));
    EXPECT_THAT(json, HasSubstr(R"("by_tenant":{"a\"b":{"cost_micro_dollars":4500)"));
    EXPECT_THAT(json, HasSubstr(R"("by_day":{"2026-11-24":{)"));
    EXPECT_THAT(json, HasSubstr(R"("server_micro_dollars":50000,"tenant_micro_dollars":null)"));
}

TEST(Ledger, ServesManyShardsAtOnce) {
    Ledger ledger({.server_micros = 450'000});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&ledger] {
            for (int i = 0; i < 100; ++i) {
                const Admission turn = ledger.admit("shop", 4'500, kNoon);
                if (turn.is_within_budget) ledger.charge(call("shop"), kNoon);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(ledger.rows()[0].cost_micros, 450'000 - 4 * 4'500);
    EXPECT_LE(ledger.rows()[0].cost_micros, 450'000 + 4'500);
}

}  // namespace
}  // namespace hayate::route
