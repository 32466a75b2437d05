#include "core/observe/turn_traces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hayate::observe {
namespace {

TurnTrace trace(std::string id) { return {.response_id = std::move(id)}; }

std::vector<std::string> ids(const TurnTraces& traces, size_t count) {
    std::vector<std::string> all;
    for (const SharedTrace& one : traces.latest(count)) all.push_back(one->response_id);
    return all;
}

TEST(TurnTraces, KeepTheLatestAndForgetTheOldest) {
    TurnTraces traces(3);
    EXPECT_TRUE(traces.latest(10).empty());
    traces.add(trace("a"));
    traces.add(trace("b"));
    EXPECT_THAT(ids(traces, 10), testing::ElementsAre("b", "a"));
    traces.add(trace("c"));
    traces.add(trace("d"));
    EXPECT_THAT(ids(traces, 10), testing::ElementsAre("d", "c", "b"));
    EXPECT_THAT(ids(traces, 2), testing::ElementsAre("d", "c"));
    EXPECT_EQ(traces.find("a"), nullptr);
    EXPECT_EQ(traces.find("b")->response_id, "b");
}

TEST(TurnTraces, TellWhatMadeTheTurnLong) {
    TurnTraces traces;
    TurnTrace turn = trace("r1");
    turn.degraded = {"orders"};
    turn.spans = {
        {.name = "orders",
         .start_ms = 0,
         .end_ms = 400,
         .outcome = "timeout",
         .parent = "gather",
         .detail = "too slow",
         .budget_ms = 300},
        {.name = "session", .start_ms = 0, .end_ms = 100, .outcome = "ok", .parent = "gather"},
        {.name = "gather", .start_ms = 0, .end_ms = 400, .outcome = "ok"},
        {.name = "model", .start_ms = 400, .end_ms = 900, .outcome = "ok"}};
    traces.add(turn);
    const std::string json = to_json(*traces.find("r1"), true);
    EXPECT_NE(json.find(R"("sequential_ms":1000.0,"taken_ms":900.0,"saved_ms":100.0,)"
                        R"("critical_path":["orders","model"],"spans":[{"name":"orders",)"
                        R"("parent":"gather","start_ms":0.0,"end_ms":400.0,"outcome":"timeout",)"
                        R"("detail":"too slow","critical":true,"budget_ms":300.0,)"
                        R"("overrun_ms":100.0},)"),
              std::string::npos)
        << json;
    EXPECT_TRUE(json.ends_with("}]}"));
    EXPECT_EQ(to_json(*traces.find("r1"), false).find("spans"), std::string::npos);
}

}  // namespace
}  // namespace hayate::observe
