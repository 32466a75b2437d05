#include "core/wire/chat_frames.hpp"

#include <gtest/gtest.h>

namespace hayate::wire {
namespace {

TEST(ChatFrames, ReadsAQuestion) {
    const auto frame = parse_client_frame(
        R"({"type":"ask","client_msg_id":"m1","session":"s_1","text":"鬼滅は？",)"
        R"("regenerate":2,"extra":1})");
    ASSERT_TRUE(frame);
    const auto& ask = std::get<AskFrame>(*frame);
    EXPECT_EQ(ask.client_msg_id, "m1");
    EXPECT_EQ(ask.text, "鬼滅は？");
    EXPECT_EQ(ask.regenerate, 2);
}

TEST(ChatFrames, ReadsFeedback) {
    const auto frame = parse_client_frame(
        R"({"type":"feedback","client_msg_id":"f1","response_id":"r0_x","thumb":"down"})");
    ASSERT_TRUE(frame);
    const auto& feedback = std::get<FeedbackFrame>(*frame);
    EXPECT_EQ(feedback.response_id, "r0_x");
    EXPECT_EQ(feedback.thumb, "down");
    EXPECT_EQ(feedback_frame(feedback),
              R"({"type":"feedback","response_id":"r0_x","thumb":"down","client_msg_id":"f1"})");
    const auto body = parse_feedback_body(R"({"response_id":"r0_x","thumb":"none","user":"c-1"})");
    ASSERT_TRUE(body);
    EXPECT_EQ(body->feedback.thumb, "none");
    EXPECT_EQ(body->user, "c-1");
    for (const char* bad : {"", "[]", "{}", R"({"response_id":"r"})", R"({"thumb":"up"})",
                            R"({"response_id":"r","thumb":"up","user":7})"}) {
        const auto refused = parse_feedback_body(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().kind, ErrorKind::kBadRequest) << bad;
    }
}

struct BadFrame {
    const char* json;
    const char* says;
};
class BadFrames : public testing::TestWithParam<BadFrame> {};

TEST_P(BadFrames, SayWhichFieldIsWrong) {
    const auto frame = parse_client_frame(GetParam().json);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().kind, ErrorKind::kBadRequest);
    EXPECT_NE(frame.error().external.find(GetParam().says), std::string::npos)
        << frame.error().external;
}

INSTANTIATE_TEST_SUITE_P(
    ChatFrames, BadFrames,
    testing::Values(
        BadFrame{"{", "not valid JSON"}, BadFrame{"[]", "JSON object"},
        BadFrame{"{}", "'type': missing"}, BadFrame{R"({"type":7})", "'type': expected a string"},
        BadFrame{R"({"type":"shout"})", "unknown frame"},
        BadFrame{R"({"type":"ask","text":"x"})", "'client_msg_id': missing"},
        BadFrame{R"({"type":"ask","client_msg_id":"","text":"x"})", "'client_msg_id': empty"},
        BadFrame{R"({"type":"ask","client_msg_id":"a","text":["x"]})", "'text': expected a string"},
        BadFrame{R"({"type":"ask","client_msg_id":"a","text":"x","regenerate":-1})",
                 "'regenerate'"},
        BadFrame{R"({"type":"ask","client_msg_id":"a","text":"x","trace":"yes"})",
                 "'trace': expected true or false"},
        BadFrame{R"({"type":"resume","response_id":"r"})", "'after_seq': missing"},
        BadFrame{R"({"type":"feedback","thumb":"up"})", "'response_id': missing"},
        BadFrame{R"({"type":"feedback","response_id":"r"})", "'thumb': missing"},
        BadFrame{R"({"type":"feedback","response_id":"r","thumb":1})",
                 "'thumb': expected a string"},
        BadFrame{R"({"type":"feedback","response_id":"r","thumb":"UP"})", "one of up, down, none"},
        BadFrame{"{\"type\":\"ask\",\"text\":\"\xff\"}", "not valid JSON"}));

TEST(ChatFrames, WritesEventsWithTheirPlaceInTheAnswer) {
    EXPECT_EQ(event_frame("r0_x", {7, DeltaEvent{"a\"b"}}),
              R"({"response_id":"r0_x","seq":7,"type":"delta","text":"a\"b"})");
    FinalEvent final;
    final.text_sha256 = "00";
    final.stages = {{"gather", 1, 2.5, "ok"}, {"model", 3, 4, "ok"}};
    final.degraded = {"orders", "profile"};
    final.notes = {"The orders are slow."};
    const std::string frame = event_frame("r0_x", {8, final});
    EXPECT_NE(
        frame.find(
            R"("stages":[{"name":"gather","start_ms":1.0,"end_ms":2.5,"outcome":"ok"},{"name")"),
        std::string::npos)
        << frame;
    EXPECT_NE(frame.find(R"("degraded":["orders","profile"],"notes":["The orders are slow."])"),
              std::string::npos);
}

TEST(ChatFrames, ExplainTheStagesOnlyToWhoeverAskedForTheTrace) {
    const auto asked =
        parse_client_frame(R"({"type":"ask","client_msg_id":"a","text":"x","trace":true})");
    EXPECT_TRUE(std::get<AskFrame>(*asked).wants_trace);
    FinalEvent final;
    final.stages = {{.name = "orders",
                     .start_ms = 1,
                     .end_ms = 2,
                     .outcome = "error",
                     .parent = "gather",
                     .detail = "cannot connect to 10.0.0.7",
                     .budget_ms = 50,
                     .is_critical = true}};
    EXPECT_NE(event_frame("r", {1, final})
                  .find(R"("total_ms":0.0,"stages":[{"name":"orders",)"
                        R"("start_ms":1.0,"end_ms":2.0,"outcome":"error"}])"),
              std::string::npos);
    final.summary = {.sequential_ms = 1850, .taken_ms = 1450, .saved_ms = 400};
    const std::string frame = event_frame("r", {1, final});
    EXPECT_NE(frame.find(R"("sequential_ms":1850.0,"saved_ms":400.0,"stages":[{"name":"orders",)"
                         R"("start_ms":1.0,"end_ms":2.0,"outcome":"error","parent":"gather",)"
                         R"("critical":true,"budget_ms":50.0}])"),
              std::string::npos)
        << frame;
    // What an operator may know.
    EXPECT_EQ(frame.find("10.0.0.7"), std::string::npos);
}

}  // namespace
}  // namespace hayate::wire
