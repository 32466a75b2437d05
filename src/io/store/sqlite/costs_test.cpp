#include "io/store/sqlite/costs.hpp"

#include <gtest/gtest.h>

#include "io/store/test_store.hpp"

namespace hayate::store {
namespace {

CostRow row(std::string day, std::string model, int64_t micros) {
    return {.day = std::move(day),
            .tenant = "acme",
            .intent = "faq",
            .model = std::move(model),
            .calls = 2,
            .estimated_calls = 1,
            .prompt_tokens = 300,
            .completion_tokens = 40,
            .cost_micros = micros};
}

using Costs = StoreTest;

TEST_F(Costs, AreKeptAndWrittenOver) {
    ASSERT_TRUE(save_costs(*stores_->database, {row("2026-11-25", "strong", 5'000'000'000)}));
    ASSERT_TRUE(save_costs(*stores_->database,
                           {row("2026-11-25", "strong", 5'000'000'001),
                            row("2026-11-25", "fast", 7), row("2026-11-24", "fast", 9)}));
    reopen();
    EXPECT_EQ(load_costs(*stores_->database).value(),
              (std::vector{row("2026-11-24", "fast", 9), row("2026-11-25", "fast", 7),
                           row("2026-11-25", "strong", 5'000'000'001)}));
}

}  // namespace
}  // namespace hayate::store
