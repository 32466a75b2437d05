#include "core/wire/sse.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hayate::wire {
namespace {

using namespace std::string_literals;

struct Seen {
    std::string type;
    std::string data;
    std::string id;
    friend bool operator==(const Seen&, const Seen&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
        return out << seen.type << '|' << seen.data << '|' << seen.id;
    }
};
using Events = std::vector<Seen>;

struct Outcome {
    Events events;
    bool is_broken = false;
    std::optional<std::chrono::milliseconds> retry;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome parse(const std::vector<std::string_view>& pieces, size_t bytes_max = 1024) {
    SseParser parser(bytes_max);
    Outcome outcome;
    for (const std::string_view piece : pieces) {
        const Status fed = parser.feed(piece, [&](const SseEvent& event) -> Status {
            outcome.events.push_back(
                {std::string(event.type), std::string(event.data), std::string(event.id)});
            return {};
        });
        outcome.retry = parser.retry();
        if (!fed) {
            outcome.is_broken = true;
            break;
        }
    }
    return outcome;
}

std::vector<std::string_view> bytes_of(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (size_t i = 0; i < text.size(); ++i) pieces.push_back(text.substr(i, 1));
    return pieces;
}

std::vector<std::string_view> random_split(std::string_view text, std::mt19937& random) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const size_t size = std::uniform_int_distribution<size_t>(0, text.size())(random);
        pieces.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return pieces;
}

struct Case {
    const char* name;
    std::string stream;
    Events events;
};
class SseStreams : public testing::TestWithParam<Case> {};

TEST_P(SseStreams, GiveTheSameEventsHoweverTheirBytesAreCut) {
    const std::string& stream = GetParam().stream;
    EXPECT_EQ(parse({stream}).events, GetParam().events);
    EXPECT_EQ(parse(bytes_of(stream)).events, GetParam().events);
    std::mt19937 random(7);
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(parse(random_split(stream, random)).events, GetParam().events) << "split " << i;
    }
}

// The first six are the examples of the standard.
INSTANTIATE_TEST_SUITE_P(
    Sse, SseStreams,
    testing::Values(
        Case{"LinesOfDataAreJoined",
             "data: YHOO\ndata: +2\ndata: 10\n\n",
             {{"", "YHOO\n+2\n10", ""}}},
        Case{"CommentsIdsAndAnUnfinishedEvent",
             ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
             "event",
             {{"", "first event", "1"}, {"", "second event", ""}}},
        Case{"EmptyDataIsAnEventAndAnUnfinishedOneIsNot",
             "data\n\ndata\ndata\n\ndata:",
             {{"", "", ""}, {"", "\n", ""}}},
        Case{"OnlyOneSpaceIsDropped",
             "data:test\n\ndata: test\n\ndata:  test\n\n",
             {{"", "test", ""}, {"", "test", ""}, {"", " test", ""}}},
        Case{"AnIdStaysUntilTheNextOne",
             "id: 7\ndata: a\n\ndata: b\n\nid: x\ndata: c\n\n",
             {{"", "a", "7"}, {"", "b", "7"}, {"", "c", "x"}}},
        Case{"AnIdWithANulIsIgnored",
             "id: 7\ndata: a\n\nid: x\0y\ndata: c\n\n"s,
             {{"", "a", "7"}, {"", "c", "7"}}},
        Case{
            "CarriageReturns", "event: a\rdata: 1\r\rdata: 2\r\r", {{"a", "1", ""}, {"", "2", ""}}},
        Case{"Both", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", {{"a", "1", ""}, {"", "2", ""}}},
        Case{"AllMixed",
             "data: 1\r\ndata: 2\rdata: 3\n\r\ndata: 4\n\n",
             {{"", "1\n2\n3", ""}, {"", "4", ""}}},
        Case{"ByteOrderMark",
             "\xEF\xBB\xBF"
             "data: 1\n\n\xEF\xBB\xBF"
             "data: 2\n\n",
             {{"", "1", ""}}},
        Case{"HalfAByteOrderMarkIsAFieldName",
             "\xEF\xBB"
             "data: 1\n\ndata: 2\n\n",
             {{"", "2", ""}}},
        Case{"ATypeWithoutDataIsForgotten", "event: ping\n\ndata: 1\n\n", {{"", "1", ""}}},
        Case{"UnknownFieldsAreIgnored", "foo: 1\ndatas: 2\nDATA: 3\ndata: 4\n\n", {{"", "4", ""}}},
        Case{"JapaneseAndEmoji",
             "data: {\"content\":\"進撃の巨人 🗡️\"}\n\n",
             {{"", "{\"content\":\"進撃の巨人 🗡️\"}", ""}}},
        Case{"HeartbeatsBetween", ":\n\n: ping\n\ndata: [DONE]\n\n:\n\n", {{"", "[DONE]", ""}}}),
    [](const auto& info) { return info.param.name; });

TEST(Sse, ReadsRetryOnlyWhenItIsANumber) {
    EXPECT_EQ(parse({"retry: 1500\n\n"}).retry, std::chrono::milliseconds(1500));
    EXPECT_EQ(parse({"retry: 1.5\nretry: -1\nretry: soon\nretry: 99999999999999999999\n\n"}).retry,
              std::nullopt);
}

TEST(Sse, RefusesAnEventOverItsLimitHoweverItIsCut) {
    const std::string fits = "event: a\ndata: " + std::string(100 - 14, 'x') + "\n\n";
    const std::string large = "event: a\ndata: " + std::string(101 - 14, 'x') + "\n\n";
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        EXPECT_FALSE(parse(random_split(fits + fits, random), 100).is_broken);
        const Outcome outcome = parse(random_split(fits + large + fits, random), 100);
        EXPECT_TRUE(outcome.is_broken);
        EXPECT_EQ(outcome.events.size(), 1u);
    }
    EXPECT_TRUE(parse(bytes_of("data: " + std::string(200, 'x')), 100).is_broken);
    EXPECT_TRUE(parse(bytes_of(std::string(200, 'x')), 100).is_broken);
}

TEST(Sse, StopsAtTheFirstErrorOfTheReader) {
    SseParser parser;
    int calls = 0;
    const Status fed = parser.feed("data: 1\n\ndata: 2\n\n", [&](const SseEvent&) -> Status {
        ++calls;
        return fail(ErrorKind::kUpstream, "test", "no");
    });
    EXPECT_FALSE(fed);
    EXPECT_EQ(calls, 1);
}

TEST(Sse, WhatIsWrittenIsReadBack) {
    std::string stream;
    append_sse_heartbeat(stream);
    append_sse_id(stream, "r1:4");
    append_sse_event(stream, "delta", R"({"text":"a"})");
    append_sse_data(stream, "[DONE]");
    const Events expected{{"delta", R"({"text":"a"})", "r1:4"}, {"", "[DONE]", "r1:4"}};
    EXPECT_EQ(parse({stream}).events, expected);
}

TEST(Sse, RandomBytesNeverBreakTheParser) {
    std::mt19937 random(11);
    constexpr std::string_view kAlphabet = "data: event:id\r\n\n:\xEF\xBB\xBF x{\"";
    for (int i = 0; i < 2000; ++i) {
        std::string stream;
        for (int j = 0; j < 60; ++j) stream += kAlphabet[random() % kAlphabet.size()];
        EXPECT_EQ(parse({stream}), parse(bytes_of(stream))) << testing::PrintToString(stream);
    }
}

}  // namespace
}  // namespace hayate::wire
