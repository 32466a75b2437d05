#include <random>

#include <gtest/gtest.h>

#include "core/wire/chat_request.hpp"

namespace hayate::wire {
namespace {

constexpr std::string_view kFull = R"( {
  "messages" : [
    {"role":"system","content":"Be brief."},
    {"role":"developer","content":[{"type":"text","text":"a"},{"text":"b","type":"text"}]},
    {"role":"user","name":"ken","content":"\u9032\u6483 \"x\"\n\ud83d\ude00"},
    {"role":"assistant","content":null,
     "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"42"},
    {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:x"}},
                              {"type":"text","text":"what?"}]}
  ],
  "model":"fast", "stream":true,
  "temperature": 0.70, "top_p":1, "max_tokens":100, "max_completion_tokens":50,
  "stop":["END","\n"], "user":"u1", "logprobs":true, "n":1,
  "stream_options":{"include_usage":true,"x":1},
  "tools":[{"type":"function","function":{"name":"f","parameters":{"a":1e3}}}] ,
  "seed" : 12345678901234567890123
} )";

TEST(OpenAiRequest, IsDecodedInOnePass) {
    const auto request = decode_openai_request(kFull);
    ASSERT_TRUE(request) << request.error().external;
    EXPECT_EQ(request->model, "fast");
    EXPECT_TRUE(request->stream);
    EXPECT_TRUE(request->include_usage);
    EXPECT_TRUE(request->logprobs);
    EXPECT_EQ(request->max_tokens, 50);
    EXPECT_EQ(request->temperature, 0.7);
    EXPECT_EQ(request->top_p, 1.0);
    EXPECT_EQ(request->stop, (std::vector<std::string>{"END", "\n"}));
    EXPECT_EQ(request->user, "u1");
    ASSERT_EQ(request->messages.size(), 6u);
    EXPECT_EQ(request->messages[0].role, ChatRole::kSystem);
    EXPECT_EQ(request->messages[1].text, "a\nb");
    EXPECT_EQ(request->messages[2].text, "進撃 \"x\"\n😀");
    EXPECT_FALSE(request->messages[2].has_other_parts);
    EXPECT_TRUE(request->messages[3].has_other_parts);
    EXPECT_EQ(request->messages[3].text, "");
    EXPECT_EQ(request->messages[4].role, ChatRole::kTool);
    EXPECT_EQ(request->messages[5].text, "what?");
    EXPECT_TRUE(request->messages[5].has_other_parts);
}

TEST(OpenAiRequest, PassesOnEveryOtherMemberAsItWasWritten) {
    const auto request = decode_openai_request(
        R"({"z":[1, 2.50],"model":"m","messages":[{"role":"user","content":"a"}] ,)"
        R"("stream":false, "max_tokens":7,"stream_options":null,"\u0061":{"b":"\/"} })");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->passthrough,
              R"("z":[1, 2.50],"messages":[{"role":"user","content":"a"}],"max_tokens":7,)"
              R"("\u0061":{"b":"\/"})");
}

TEST(OpenAiRequest, TakesNullForWhatIsNotGiven) {
    const auto request = decode_openai_request(
        R"({"model":"m","messages":[{"role":"user","content":""}],"stream":null,)"
        R"("temperature":null,"max_tokens":null,"stop":null,"user":null,"n":null})");
    ASSERT_TRUE(request) << request.error().external;
    EXPECT_FALSE(request->stream);
    EXPECT_EQ(request->temperature, std::nullopt);
    EXPECT_EQ(request->max_tokens, std::nullopt);
}

struct Wrong {
    const char* name;
    std::string body;
    const char* param;
    const char* text;
};
class WrongOpenAiRequests : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOpenAiRequests, AreRefusedByName) {
    const auto request =
        decode_openai_request(GetParam().body, {.messages_max = 3, .text_bytes_max = 20});
    ASSERT_FALSE(request) << "accepted";
    EXPECT_EQ(request.error().kind, ErrorKind::kBadRequest);
    EXPECT_EQ(request.error().param, GetParam().param);
    EXPECT_NE(request.error().external.find(GetParam().text), std::string::npos)
        << request.error().external;
}

std::string with_message(std::string_view message) {
    return R"({"model":"m","messages":[{"role":"user","content":"a"},)" + std::string(message) +
           "]}";
}
std::string with_field(std::string_view field) {
    return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + std::string(field) + "}";
}

INSTANTIATE_TEST_SUITE_P(
    OpenAiRequest, WrongOpenAiRequests,
    testing::Values(
        Wrong{"Empty", "", "", "empty"}, Wrong{"Spaces", "  ", "", "empty"},
        Wrong{"NotJson", "hello", "", "JSON"}, Wrong{"AnArray", "[]", "", "JSON object"},
        Wrong{"Unfinished", R"({"model":"m","messages":[)", "", "not valid JSON"},
        Wrong{"TrailingText", with_field(R"("a":1)") + "x", "", "not valid JSON"},
        Wrong{"TwoObjects", with_field(R"("a":1)") + "{}", "", "not valid JSON"},
        Wrong{"TrailingComma", R"({"model":"m",})", "", "not valid JSON"},
        Wrong{"BadUtf8", with_field("\"user\":\"\xff\""), "", "UTF-8"},
        Wrong{"CutUtf8", with_field("\"user\":\"\xe3\x81\""), "", "UTF-8"},
        Wrong{"LoneSurrogate", with_field(R"("user":"\ud800")"), "", "not valid JSON"},
        Wrong{"LoneSurrogateInAnUnknownField", with_field(R"("x":"\ud800")"), "", "not valid JSON"},
        Wrong{"RawControlCharacter", with_field("\"user\":\"a\nb\""), "", "not valid JSON"},
        Wrong{"BadEscape", with_field(R"("x":"\q")"), "", "not valid JSON"},
        Wrong{"BadAtomInAnUnknownField", with_field(R"("x":[tru])"), "", "not valid JSON"},
        Wrong{"BadNullInAnUnknownField", with_field(R"("x":[nul])"), "", "not valid JSON"},
        Wrong{"MixedBrackets", with_field(R"("x":[1})"), "", "not valid JSON"},
        Wrong{"BracketsAcross", with_field(R"("x":[{"a":1]})"), "", "not valid JSON"},
        Wrong{"TwoCommas", with_field(R"("x":[1,,2])"), "", "not valid JSON"},
        Wrong{"LeadingZero", with_field(R"("x":01)"), "x", "number"},
        Wrong{"InfiniteNumber", with_field(R"("x":[1e400])"), "x", "number"},
        Wrong{"NotANumber", with_field(R"("x":NaN)"), "", "not valid JSON"},
        Wrong{"TooDeep", with_field("\"x\":" + std::string(100, '[') + std::string(100, ']')), "x",
              "too deeply"},
        Wrong{"VeryDeep", with_field("\"x\":" + std::string(1'000'000, '[')), "x", "too deeply"},
        Wrong{"VeryDeepAndClosed",
              with_field("\"x\":" + std::string(500'000, '[') + std::string(500'000, ']')), "x",
              "too deeply"},
        Wrong{"TooDeepInAMessage",
              with_message(R"({"role":"user","content":"a","x":)" + std::string(40, '[') +
                           std::string(40, ']') + "}"),
              "messages", "too deeply"},
        Wrong{"ALongKeyIsNotQuoted", with_field("\"" + std::string(65, 'k') + "\":1e400"), "",
              "not valid JSON"},
        Wrong{"NoModel", R"({"messages":[{"role":"user","content":"a"}]})", "model", "missing"},
        Wrong{"ModelIsANumber", R"({"model":1})", "model", "must be a string"},
        Wrong{"ModelIsEmpty", R"({"model":""})", "model", "must be a name"},
        Wrong{"ModelTwice", R"({"model":"a","model":"b"})", "model", "twice"},
        Wrong{"ModelTwiceInDisguise", R"({"model":"a","mod\u0065l":"b"})", "model", "twice"},
        Wrong{"MessagesTwice", with_field(R"("messages":[])"), "messages", "twice"},
        Wrong{"NoMessages", R"({"model":"a"})", "messages", "missing"},
        Wrong{"EmptyMessages", R"({"model":"a","messages":[]})", "messages", "empty"},
        Wrong{"MessagesIsText", R"({"model":"a","messages":"hi"})", "messages", "array"},
        Wrong{"TooManyMessages",
              with_message(R"({"role":"user","content":""},{"role":"user","content":""},{)"
                           R"("role":"user","content":""})"),
              "messages", "more than 3"},
        Wrong{"MessageIsText", with_message(R"("hi")"), "messages[1]", "object"},
        Wrong{"UnknownRole", with_message(R"({"role":"robot","content":"a"})"), "messages[1].role",
              "not a known role"},
        Wrong{"NoRole", with_message(R"({"content":"a"})"), "messages[1].role", "missing"},
        Wrong{"RoleTwice", with_message(R"({"role":"user","role":"system","content":"a"})"),
              "messages[1].role", "twice"},
        Wrong{"NoContent", with_message(R"({"role":"user"})"), "messages[1].content", "missing"},
        Wrong{"NullContentOfAUser", with_message(R"({"role":"user","content":null})"),
              "messages[1].content", "missing"},
        Wrong{"ContentIsANumber", with_message(R"({"role":"user","content":5})"),
              "messages[1].content", "string or an array"},
        Wrong{"PartIsText", with_message(R"({"role":"user","content":["a"]})"),
              "messages[1].content", "objects"},
        Wrong{"PartWithoutText", with_message(R"({"role":"user","content":[{"type":"text"}]})"),
              "messages[1].content", "without 'text'"},
        Wrong{"TextTooLong", with_message(R"({"role":"user","content":"aaaaaaaaaaaaaaaaaaaa"})"),
              "messages[1].content", "longer than 20"},
        Wrong{"StreamIsText", with_field(R"("stream":"yes")"), "stream", "true or false"},
        Wrong{"IncludeUsageIsText", with_field(R"("stream_options":{"include_usage":1})"),
              "stream_options.include_usage", "true or false"},
        Wrong{"NoTokens", with_field(R"("max_tokens":0)"), "max_tokens", "from 1"},
        Wrong{"HalfATokens", with_field(R"("max_tokens":1.5)"), "max_tokens", "whole number"},
        Wrong{"HugeTokens", with_field(R"("max_completion_tokens":99999999999)"),
              "max_completion_tokens", "whole number"},
        Wrong{"HotTemperature", with_field(R"("temperature":2.1)"), "temperature", "from 0 to 2"},
        Wrong{"InfiniteTemperature", with_field(R"("temperature":1e999)"), "temperature",
              "from 0 to 2"},
        Wrong{"NegativeTopP", with_field(R"("top_p":-0.1)"), "top_p", "from 0 to 1"},
        Wrong{"StopHoldsNumbers", with_field(R"("stop":["a",1])"), "stop", "must hold strings"},
        Wrong{"UserIsANumber", with_field(R"("user":1)"), "user", "must be a string"},
        Wrong{"ThreeChoices", with_field(R"("n":3)"), "n", "must be 1"}),
    [](const auto& info) { return info.param.name; });

TEST(OpenAiRequest, TruncatedAndMutatedBodiesNeverCrash) {
    const std::string body(kFull);
    for (size_t size = 0; size + 2 < body.size(); ++size) {
        EXPECT_FALSE(decode_openai_request(body.substr(0, size))) << size;
    }
    std::mt19937 random(3);
    constexpr std::string_view kBytes = "{}[]\",:\\x0 eEntf\xff\xe3";
    for (int i = 0; i < 20'000; ++i) {
        std::string mutant = body;
        for (int j = 0; j < 3; ++j)
            mutant[random() % mutant.size()] = kBytes[random() % kBytes.size()];
        const auto request = decode_openai_request(mutant);
        if (!request) continue;
        // What is passed on must be sound: reading it again in a new object gives the same.
        const auto again = decode_openai_request(R"({"model":"m",)" + request->passthrough + "}");
        ASSERT_TRUE(again) << mutant;
        EXPECT_EQ(again->passthrough, request->passthrough);
    }
}

TEST(AnthropicRequest, IsDecodedWithItsSystemPromptFirst) {
    const auto request = decode_anthropic_request(
        R"({"model":"claude","max_tokens":64,
            "system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
                        {"role":"assistant","content":"Yo"}],
            "stream":true,"temperature":0.5,"stop_sequences":["X"],"metadata":{"user_id":"u7"}})");
    ASSERT_TRUE(request) << request.error().external;
    ASSERT_EQ(request->messages.size(), 3u);
    EXPECT_EQ(request->messages[0].role, ChatRole::kSystem);
    EXPECT_EQ(request->messages[0].text, "Be kind.");
    EXPECT_EQ(request->messages[1].text, "Hi");
    EXPECT_EQ(request->max_tokens, 64);
    EXPECT_EQ(request->user, "u7");
    EXPECT_TRUE(request->stream);
}

TEST(AnthropicRequest, NamesTheFieldThatIsWrong) {
    const auto param = [](std::string_view body) {
        const auto request = decode_anthropic_request(body);
        return request ? "accepted" : request.error().param;
    };
    EXPECT_EQ(param(R"({"model":"c","messages":[{"role":"user","content":"a"}]})"), "max_tokens");
    EXPECT_EQ(param(R"({"model":"c","max_tokens":1,"messages":[{"role":"system","content":"a"}]})"),
              "messages[0].role");
    EXPECT_EQ(param(R"({"model":"c","max_tokens":1,"system":5,"messages":[]})"), "system");
    EXPECT_EQ(param(R"({"max_tokens":1,"messages":[{"role":"user","content":"a"}]})"), "model");
    EXPECT_EQ(param(R"({"model":"c","temperature":1.5})"), "temperature");
}

}  // namespace
}  // namespace hayate::wire
