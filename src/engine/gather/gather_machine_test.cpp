// The decisions of a gather, played in virtual time: no clock, no task, no waiting.

#include "engine/gather/gather_machine.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/observe/analysis.hpp"

namespace hayate::gather {
namespace {

using Machine = GatherMachine;
using std::chrono::milliseconds;

enum class Does : uint8_t { kAnswer, kFail, kHang, kEndAll };
struct Behaviour {
    milliseconds delay{0};
    Does does = Does::kAnswer;
};

const TimePoint kZero{std::chrono::hours(1)};

/// Plays a machine to its end and keeps what a bystander could see.
struct Play {
    std::vector<Machine::Part> parts;
    std::vector<Behaviour> behaviours;
    milliseconds soft_wait{400};
    Deadline deadline = Deadline(kZero + milliseconds(3'000));

    struct Seen {
        std::vector<int> starts;
        std::vector<TimePoint> started_at;
        TimePoint end = kZero;
        std::map<std::string, std::string> missing;
        std::vector<observe::Span> spans;
        std::vector<bool> is_in;
        bool is_answered = false;
    };

    [[nodiscard]] Seen run() const {
        struct Ending {
            TimePoint at;
            size_t part;
            Machine::End how;
        };
        Machine machine(parts, {.soft_wait = soft_wait, .deadline = deadline, .now = kZero});
        Seen seen{.starts = std::vector<int>(parts.size()),
                  .started_at = std::vector<TimePoint>(parts.size())};
        std::vector<Ending> running;
        TimePoint now = kZero;
        const auto start = [&](const std::vector<Machine::StartAction>& actions) {
            for (const auto& action : actions) {
                ++seen.starts[action.part];
                seen.started_at[action.part] = now;
                const Behaviour& mine = behaviours[action.part];
                const TimePoint at = now + mine.delay;
                const bool is_late = mine.does == Does::kHang || at >= action.until.at();
                const auto how = is_late                      ? Machine::End::kLate
                                 : mine.does == Does::kFail   ? Machine::End::kFailed
                                 : mine.does == Does::kEndAll ? Machine::End::kIsAnswer
                                                              : Machine::End::kCame;
                running.push_back({is_late ? action.until.at() : at, action.part, how});
            }
        };
        start(machine.begin());
        while (!running.empty()) {
            const auto next = std::ranges::min_element(running, {}, &Ending::at);
            const Ending ending = *next;
            running.erase(next);
            now = std::max(now, ending.at);
            start(machine.ended(ending.part, ending.how,
                                ending.how == Machine::End::kFailed ? "down"
                                : ending.how == Machine::End::kLate ? "too slow"
                                                                    : "",
                                now));
            // Those that are cancelled end at once.
            if (machine.is_answered()) {
                for (Ending& other : running) other.at = now;
            }
        }
        EXPECT_TRUE(machine.is_done());
        seen.end = now;
        seen.missing = machine.missing();
        seen.spans = machine.spans(kZero);
        seen.is_answered = machine.is_answered();
        for (size_t i = 0; i < parts.size(); ++i) seen.is_in.push_back(machine.is_in(i));
        return seen;
    }
};

Machine::Part part(std::string name, std::vector<std::string> needs = {}, int timeout_ms = 1'000,
                   bool is_required = false) {
    return {.name = std::move(name),
            .needs = std::move(needs),
            .timeout = milliseconds(timeout_ms),
            .is_required = is_required};
}
double ms(TimePoint at) { return base::to_ms(at - kZero); }

TEST(GatherMachine, TakesAsLongAsTheSlowestAndNotTheSum) {
    // The example that the product is built on: 650, 200, 150 and 50 ms.
    const auto seen =
        Play{.parts = {part("retrieval"), part("orders"), part("session"), part("cache")},
             .behaviours = {{milliseconds(650)},
                            {milliseconds(200)},
                            {milliseconds(150)},
                            {milliseconds(50)}},
             .soft_wait = milliseconds(700)}
            .run();
    EXPECT_EQ(ms(seen.end), 650);
    EXPECT_TRUE(seen.missing.empty());
    // And a model of 800 ms after them: 1,450 ms, not 1,850.
    auto spans = seen.spans;
    spans.push_back({.name = "gather", .start_ms = 0, .end_ms = 650, .outcome = "ok"});
    spans.push_back({.name = "model", .start_ms = 650, .end_ms = 1'450, .outcome = "ok"});
    const observe::TraceSummary summary = observe::summarise(spans);
    EXPECT_EQ(summary.sequential_ms, 1'850);
    EXPECT_EQ(summary.taken_ms, 1'450);
    EXPECT_EQ(summary.saved_ms, 400);
}

TEST(GatherMachine, GoesOnAtTheSoftWaitWithoutAHangingSource) {
    const auto seen = Play{.parts = {part("retrieval", {}, 2'000), part("orders")},
                           .behaviours = {{milliseconds(0), Does::kHang}, {milliseconds(200)}}}
                          .run();
    EXPECT_EQ(ms(seen.end), 400);
    EXPECT_EQ(seen.missing.at("retrieval"), "too slow");
    EXPECT_TRUE(seen.is_in[1]);
}

TEST(GatherMachine, StartsADependentTheMomentItsNeedsAreThere) {
    const auto seen =
        Play{.parts = {part("carrier", {"orders", "profile"}), part("orders"), part("profile")},
             .behaviours = {{milliseconds(30)}, {milliseconds(200)}, {milliseconds(50)}}}
            .run();
    EXPECT_EQ(ms(seen.started_at[0]), 200);
    EXPECT_EQ(ms(seen.end), 230);
    EXPECT_TRUE(seen.is_in[0]);
}

TEST(GatherMachine, NamesTheNeedThatDidNotComeAllAlongTheChain) {
    const auto seen = Play{.parts = {part("orders"), part("carrier", {"orders"}),
                                     part("weather", {"carrier"}), part("alone", {"nobody"})},
                           .behaviours = {{milliseconds(10), Does::kFail}, {}, {}, {}}}
                          .run();
    EXPECT_EQ(seen.missing.at("orders"), "down");
    EXPECT_EQ(seen.missing.at("carrier"), "needs orders, which did not come");
    EXPECT_EQ(seen.missing.at("weather"), "needs carrier, which did not come");
    EXPECT_EQ(seen.missing.at("alone"), "needs nobody, which is not fetched");
    EXPECT_EQ(seen.starts, (std::vector{1, 0, 0, 0}));
    EXPECT_EQ(seen.spans[1].outcome, "skipped");
}

TEST(GatherMachine, WaitsForWhatARequiredSourceNeeds) {
    const auto seen = Play{.parts = {part("orders"), part("carrier", {"orders"}, 1'000, true)},
                           .behaviours = {{milliseconds(600)}, {milliseconds(100)}}}
                          .run();
    EXPECT_EQ(ms(seen.end), 700);
    EXPECT_TRUE(seen.missing.empty());
}

TEST(GatherMachine, EndsEarlyWhenASourceIsTheAnswerAndCountsNobodyAsMissing) {
    const auto seen = Play{.parts = {part("retrieval", {}, 2'000, true), part("cache"),
                                     part("late", {"retrieval"}), part("before")},
                           .behaviours = {{milliseconds(300)},
                                          {milliseconds(5), Does::kEndAll},
                                          {},
                                          {milliseconds(1)}}}
                          .run();
    EXPECT_EQ(ms(seen.end), 5);
    EXPECT_TRUE(seen.is_answered);
    EXPECT_TRUE(seen.missing.empty());
    EXPECT_EQ(seen.is_in, (std::vector{false, true, false, true}));
    EXPECT_EQ(seen.spans[0].outcome, "cancelled");
    EXPECT_EQ(seen.spans[0].detail, "cache");
    EXPECT_EQ(seen.spans[2].outcome, "cancelled");
}

TEST(GatherMachine, DoesNotHangOnACircle) {
    const auto seen = Play{
        .parts = {part("a", {"b"}), part("b", {"a"}), part("c", {"c"})},
        .behaviours = {
            {}, {}, {}}}.run();
    EXPECT_EQ(seen.missing.size(), 3U);
    EXPECT_EQ(ms(seen.end), 0);
}

TEST(GatherMachine, GivesASourceItsOwnSoftWait) {
    auto patient = part("patient");
    patient.soft_wait = milliseconds(800);
    auto hasty = part("hasty");
    hasty.soft_wait = milliseconds(10);
    const auto seen =
        Play{.parts = {patient, hasty}, .behaviours = {{milliseconds(700)}, {milliseconds(50)}}}
            .run();
    EXPECT_EQ(ms(seen.end), 700);
    EXPECT_THAT(seen.missing, testing::ElementsAre(testing::Key("hasty")));
}

/// The longest that a gather may take: the soft wait, or the timeouts of held sources in a row.
double longest_allowed(const Play& play) {
    double held = 0;
    const std::function<double(const std::string&)> chain = [&](const std::string& name) -> double {
        const auto& mine = *std::ranges::find(play.parts, name, &Machine::Part::name);
        double before = 0;
        for (const std::string& need : mine.needs) before = std::max(before, chain(need));
        return before + base::to_ms(mine.timeout);
    };
    for (const auto& one : play.parts) {
        if (one.is_required) held = std::max(held, chain(one.name));
    }
    return std::min(std::max(base::to_ms(play.soft_wait), held),
                    base::to_ms(play.deadline.at() - kZero));
}

Play random_play(std::mt19937& random) {
    const auto roll = [&](int below) {
        return std::uniform_int_distribution(0, below - 1)(random);
    };
    static constexpr std::array kDelays{0, 50, 500, 5'000};
    Play play{.soft_wait = milliseconds(100 * roll(8))};
    const int count = 1 + roll(5);
    for (int i = 0; i < count; ++i) {
        auto mine =
            part(std::string(1, static_cast<char>('a' + i)), {}, 100 + 300 * roll(7), roll(4) == 0);
        // Needs only what stands before it: no circle.
        for (int j = 0; j < i; ++j) {
            if (roll(4) == 0) mine.needs.push_back(std::string(1, static_cast<char>('a' + j)));
        }
        play.parts.push_back(std::move(mine));
        const int does = roll(8);
        play.behaviours.push_back(
            {milliseconds(kDelays[static_cast<size_t>(roll(4))]), does == 0   ? Does::kFail
                                                                  : does == 1 ? Does::kHang
                                                                  : does == 2 ? Does::kEndAll
                                                                              : Does::kAnswer});
    }
    std::ranges::shuffle(play.parts, random);  // the order of the plan must not matter
    return play;
}

TEST(GatherMachine, KeepsItsPromisesWhateverTheSourcesDo) {
    for (uint32_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937 random(seed);
        const Play play = random_play(random);
        const auto seen = play.run();
        SCOPED_TRACE(seed);
        ASSERT_LE(ms(seen.end), longest_allowed(play));
        ASSERT_EQ(seen.spans.size(), play.parts.size());
        for (size_t i = 0; i < play.parts.size(); ++i) {
            const auto& span = seen.spans[i];
            ASSERT_LE(seen.starts[i], 1);
            ASSERT_LE(span.start_ms, span.end_ms);
            // Exactly one of: it came, it is missing with a reason, it was not needed any more.
            const bool is_missing = seen.missing.contains(play.parts[i].name);
            ASSERT_EQ(span.outcome == "ok", seen.is_in[i]);
            ASSERT_EQ(1, (span.outcome == "ok") + (span.outcome == "cancelled") + is_missing);
            ASSERT_NE(span.detail.empty(), span.outcome != "ok");
            ASSERT_TRUE(span.outcome != "cancelled" || seen.is_answered);
            // What started had all that it needs, and what is in came in time.
            for (const std::string& need : play.parts[i].needs) {
                const auto other = std::ranges::find(play.parts, need, &Machine::Part::name);
                const auto at = static_cast<size_t>(other - play.parts.begin());
                ASSERT_TRUE(seen.starts[i] == 0 || seen.is_in[at]);
                ASSERT_TRUE(seen.starts[i] == 0 || seen.spans[at].end_ms <= span.start_ms);
            }
        }
    }
}

}  // namespace
}  // namespace hayate::gather
