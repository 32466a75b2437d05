#include "engine/route/lessons.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace hayate::route {
namespace {

using store::Lesson;
using store::Thumb;
using store::Verdict;

constexpr double kPrior = 0.8;

/// As a server remembers: records outcomes, and keeps what would be stored of them.
class LessonsTest : public testing::Test {
  protected:
    static Selector make() {
        return Selector(std::vector<ModelFacts>{{.name = "fast"}, {.name = "strong"}});
    }
    void see(const std::string& model, Verdict verdict, bool is_rejected = false) {
        const Label label = is_rejected ? label_of_rejected() : label_of(verdict, Thumb::kNone);
        const int64_t position = memory_.record_outcome("faq", Tier::kLow, model, label);
        kept_.push_back({.intent = "faq",
                         .tier = "L",
                         .model = model,
                         .position = position,
                         .verdict = verdict,
                         .is_rejected = is_rejected});
    }
    void thumb(size_t at, Thumb thumb) {
        Lesson& lesson = kept_.at(at);
        const Thumb before = lesson.thumb;
        lesson.thumb = thumb;
        learn_thumb(memory_, {.lesson = lesson, .before = before});
    }
    static double quality(const Selector& memory, const std::string& model) {
        return memory.expected_quality("faq", Tier::kLow, model, kPrior);
    }
    [[nodiscard]] double quality(const std::string& model) const { return quality(memory_, model); }

    Selector memory_ = make();
    std::vector<Lesson> kept_;
};

TEST_F(LessonsTest, AVerdictMovesWhatIsExpected) {
    see("fast", Verdict::kApproved);
    EXPECT_GT(quality("fast"), kPrior);
    see("fast", Verdict::kEscalated, true);
    EXPECT_LT(quality("fast"), kPrior);
    see("strong", Verdict::kEscalated);
    EXPECT_GT(quality("strong"), kPrior);
    const double before = quality("strong");
    for (const Verdict verdict :
         {Verdict::kUnchecked, Verdict::kStopped, Verdict::kFailed, Verdict::kPrepared,
          Verdict::kAskedBack, Verdict::kDegraded, Verdict::kUnknown})
        see("strong", verdict);
    EXPECT_NEAR(quality("strong"), before, 1e-3) << "these tell nothing";
}

TEST_F(LessonsTest, AThumbOutweighsTheGate) {
    for (int i = 0; i < 6; ++i) see("fast", Verdict::kApproved);
    thumb(0, Thumb::kDown);
    EXPECT_LT(quality("fast"), kPrior);
    thumb(0, Thumb::kUp);
    EXPECT_GT(quality("fast"), kPrior);
}

TEST_F(LessonsTest, AChangedThumbTakesBackTheEarlierOne) {
    for (int i = 0; i < 20; ++i) see("fast", i % 5 == 0 ? Verdict::kCorrected : Verdict::kApproved);
    const double before = quality("fast");
    thumb(3, Thumb::kDown);
    const double down = quality("fast");
    EXPECT_LT(down, before);
    // Given again it changes nothing.
    thumb(3, Thumb::kDown);
    EXPECT_DOUBLE_EQ(quality("fast"), down);
    for (int i = 0; i < 300; ++i) see("fast", Verdict::kApproved);
    thumb(3, Thumb::kUp);
    thumb(3, Thumb::kNone);
    // As if it had never been given, however much came between.
    Selector without = make();
    std::vector<Lesson> plain = kept_;
    restore_lessons(without, plain);
    EXPECT_NEAR(quality("fast"), quality(without, "fast"), 1e-12);
}

TEST_F(LessonsTest, ARestartRemembersTheSame) {
    for (int i = 0; i < 3000; ++i) {
        see("fast", Verdict::kEscalated, i % 7 == 0);
        if (i % 3 == 0) see("strong", i % 9 == 0 ? Verdict::kUnchecked : Verdict::kApproved);
        // Thumbs are given to answers that were shown.
        size_t at = kept_.size() / 2;
        while (kept_[at].is_rejected && at + 1 < kept_.size()) ++at;
        const bool is_shown = i % 50 == 0 && !kept_[at].is_rejected;
        if (is_shown) thumb(at, i % 100 == 0 ? Thumb::kUp : Thumb::kDown);
    }
    // The order does not matter: shards store theirs one after the other.
    std::ranges::rotate(kept_, kept_.begin() + 1000);
    Selector restarted = make();
    restore_lessons(restarted, kept_);
    for (const char* model : {"fast", "strong"})
        EXPECT_NEAR(quality(restarted, model), quality(model), 1e-9) << model;
    // The oldest are not kept for ever, and hardly matter any more.
    std::ranges::rotate(kept_, kept_.end() - 1000);
    Selector later = make();
    restore_lessons(later, {kept_.begin() + 200, kept_.end()});
    EXPECT_NEAR(quality(later, "fast"), quality("fast"), 0.01);
    // Positions go on where they ended.
    EXPECT_EQ(later.record_outcome("faq", Tier::kLow, "fast", {1, 1}),
              memory_.record_outcome("faq", Tier::kLow, "fast", {1, 1}));
}

TEST_F(LessonsTest, WhatIsNotKnownTeachesNothing) {
    learn_thumb(
        memory_,
        {.lesson = {
             .intent = "faq", .tier = "L", .model = "fast", .position = 4, .thumb = Thumb::kDown}});
    learn_thumb(memory_,
                {.lesson = {.intent = "", .tier = "", .model = "fast", .thumb = Thumb::kDown}});
    restore_lessons(memory_, {{.intent = "faq", .tier = "X", .model = "fast", .position = 1},
                              {.intent = "faq", .tier = "L", .model = "fast", .position = -1}});
    EXPECT_EQ(quality("fast"), kPrior);
}

}  // namespace
}  // namespace hayate::route
