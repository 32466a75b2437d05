#include "engine/gate/gate_machine.hpp"

#include <gmock/gmock.h>

#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

using State = GateMachine::State;

/// What came of an answer that was fed piece by piece.
struct Played {
    std::string shown;
    Verdict verdict = Verdict::kGoOn;
    Feature reason = Feature::kEmpty;
    bool is_in_sentence = false;
    std::vector<size_t> shown_after;  // bytes after each piece
};

Played play(GateMachine& gate, const std::vector<std::string>& pieces, bool is_cut = false) {
    Played played;
    const auto take = [&](const GateAction& action) {
        played.shown += action.show;
        played.verdict = action.verdict;
        played.reason = action.reason;
        played.is_in_sentence |= action.is_in_sentence;
        played.shown_after.push_back(played.shown.size());
    };
    for (const std::string& piece : pieces) {
        take(gate.feed(piece));
        if (played.verdict != Verdict::kGoOn) return played;
    }
    take(gate.finish(is_cut));
    return played;
}

/// Byte by byte in whole characters of ASCII.
std::vector<std::string> letters(std::string_view text) {
    std::vector<std::string> all;
    for (const char c : text) all.emplace_back(1, c);
    return all;
}

GateOptions with(Profile profile, size_t hold_tokens = 0) {
    return {.profile = profile, .hold_tokens = hold_tokens};
}

TEST(Gate, AGoodAnswerComesOutWholeWithEveryProfile) {
    const std::string answer =
        "Yes, we ship to Osaka. Parcels arrive 1-2 business days after dispatch, for 350 yen.";
    for (const Profile profile :
         {Profile::kDetectors, Profile::kOpening, Profile::kSentence, Profile::kWhole}) {
        GateMachine gate(english("Do you ship to Osaka?"), with(profile, 8));
        const Played done = play(gate, letters(answer));
        EXPECT_EQ(done.shown, answer) << name_of(profile);
        EXPECT_EQ(done.verdict, Verdict::kGoOn) << name_of(profile);
        EXPECT_EQ(gate.state(), State::kDone);
        EXPECT_EQ(gate.shown_bytes(), answer.size());
    }
}

TEST(Gate, SentencesAreShownWhenTheyAreWhole) {
    GateMachine gate(english("Do you ship to Osaka?"), with(Profile::kSentence));
    EXPECT_EQ(gate.feed("Yes, we ship").show, "");
    EXPECT_EQ(gate.feed(" to Osaka.").show, "");
    EXPECT_EQ(gate.feed(" It").show, "Yes, we ship to Osaka. ");
    EXPECT_EQ(gate.feed(" takes 1-2 days").show, "");
    EXPECT_EQ(gate.finish(false).show, "It takes 1-2 days");
}

TEST(Gate, ADoubtfulOpeningIsHeldUntilItsSentenceIsWhole) {
    GateOptions options = with(Profile::kOpening, 3);
    options.doubt = 0;  // nothing is above doubt
    GateMachine gate(english("Do you ship to Osaka?"), options);
    const std::vector<float> sure{-0.1F};
    EXPECT_EQ(gate.feed("Yes,", sure).show, "");
    EXPECT_EQ(gate.feed(" we", sure).show, "");
    EXPECT_FALSE(gate.is_doubtful());  // not looked at yet
    EXPECT_EQ(gate.feed(" ship", sure).show, "");
    EXPECT_TRUE(gate.is_doubtful());
    EXPECT_EQ(gate.feed(" to Osaka.", sure).show, "");
    EXPECT_EQ(gate.feed(" It", sure).show, "Yes, we ship to Osaka. ");
    EXPECT_FALSE(gate.is_doubtful());
    EXPECT_EQ(gate.finish(false).show, "It");
}

TEST(Gate, AWeakModelIsBelievedLessAndHeldNoLonger) {
    const auto options = [](double quality) {
        Weights weights;
        weights.bias = -1;
        weights.of.at(static_cast<size_t>(Feature::kHedge)) = 1;
        weights.of.at(static_cast<size_t>(Feature::kModel)) = 1;
        GateOptions made{.profile = Profile::kOpening, .hold_tokens = 2, .doubt = 0.4F};
        made.threshold = 0.75F;
        made.quality = quality;
        made.weights = weights;
        return made;
    };
    const auto verdict = [&](double quality) {
        GateMachine gate(english("Do you ship to Osaka?"), options(quality));
        return play(gate, {"It is possible that we ship to Osaka."}).verdict;
    };
    EXPECT_EQ(verdict(0), Verdict::kGoOn);
    EXPECT_EQ(verdict(0.6), Verdict::kGoOn);
    EXPECT_EQ(verdict(0.15), Verdict::kEscalate);
    // Its opening is shown like anybody's: nothing speaks against it.
    GateMachine gate(english("Do you ship to Osaka?"), options(0.15));
    EXPECT_EQ(gate.feed("We ship to every address").show, "We ship to every address");
}

TEST(Gate, ADoubtfulOpeningCanStillBeRejected) {
    GateOptions options = with(Profile::kOpening, 3);
    options.doubt = 0;
    GateMachine gate(english("Do you ship to Osaka?"), options);
    const Played done = play(gate, letters("Yes, we ship to Osaka for 99,999 yen. And so on."));
    EXPECT_EQ(done.shown, "");
    EXPECT_EQ(done.verdict, Verdict::kEscalate);
    EXPECT_FALSE(gate.is_doubtful());
}

TEST(Gate, TheOpeningIsHeldForSoManyTokens) {
    GateMachine gate(english("Do you ship to Osaka?"), with(Profile::kOpening, 3));
    const std::vector<float> sure{-0.1F};
    EXPECT_EQ(gate.feed("Yes,", sure).show, "");
    EXPECT_EQ(gate.feed(" we", sure).show, "");
    EXPECT_EQ(gate.state(), State::kHold);
    EXPECT_EQ(gate.feed(" ship", sure).show, "Yes, we ship");
    EXPECT_EQ(gate.state(), State::kFlow);
    EXPECT_EQ(gate.feed(" to Osaka", sure).show, " to Osaka");
}

TEST(Gate, HoldsWhatTheBudgetAllows) {
    EXPECT_EQ(affordable_hold(milliseconds(300), 27), 8U);
    EXPECT_EQ(affordable_hold(milliseconds(3'000), 27), 24U);
    EXPECT_EQ(affordable_hold(milliseconds(300), 0), 24U);
    EXPECT_EQ(affordable_hold(milliseconds(20), 27), 0U);
    EXPECT_EQ(affordable_hold(milliseconds(-5), 27), 0U);
}

TEST(Gate, HoldingNothingShowsTheFirstTokenAtOnce) {
    GateMachine gate(english("Do you ship to Osaka?"), with(Profile::kOpening, 0));
    EXPECT_EQ(gate.feed("Yes").show, "Yes");
}

TEST(Gate, ABadBeginningIsNeverShown) {
    GateMachine gate(japanese("返品したい"), with(Profile::kSentence));
    const Played echo = play(gate, {"返品は", "できますか？", "はい"});
    EXPECT_EQ(echo.shown, "");
    EXPECT_EQ(echo.verdict, Verdict::kEscalate);
    EXPECT_EQ(echo.reason, Feature::kEcho);
    EXPECT_EQ(gate.state(), State::kEscalated);
    // And nothing brings it back.
    EXPECT_EQ(gate.feed("返品できます。").show, "");
    EXPECT_EQ(gate.finish(false).verdict, Verdict::kEscalate);
}

TEST(Gate, ARefusalIsSeenInTheFirstTokens) {
    GateMachine gate(english("Do you ship to Osaka?"), with(Profile::kOpening, 8));
    const Played refusal = play(
        gate, {"I'm", " sorry,", " but", " I", " do", " not", " have", " that", " information"});
    EXPECT_EQ(refusal.shown, "");
    EXPECT_EQ(refusal.verdict, Verdict::kEscalate);
}

TEST(Gate, ALaterBadSentenceIsHeldBack) {
    GateMachine gate(english("How much is One Piece 1?"), with(Profile::kOpening, 4));
    const Played run_of_it =
        play(gate, letters("One Piece, Vol. 1 costs 528 yen. Naruto, Vol. 1 costs 999 yen. Bye."));
    EXPECT_EQ(run_of_it.shown, "One Piece, Vol. 1 costs 528 yen. ");
    EXPECT_EQ(run_of_it.verdict, Verdict::kCut);
    EXPECT_EQ(run_of_it.reason, Feature::kPrice);
    EXPECT_FALSE(run_of_it.is_in_sentence);
}

TEST(Gate, WhatWasShownOfABadFirstSentenceIsTold) {
    GateMachine gate(english("How much is One Piece 1?"), with(Profile::kOpening, 2));
    const Played run_of_it = play(gate, letters("One Piece, Vol. 1 costs 999 yen. And so on."));
    EXPECT_EQ(run_of_it.verdict, Verdict::kCut);
    EXPECT_TRUE(run_of_it.is_in_sentence);
    EXPECT_TRUE(run_of_it.shown.starts_with("One Piece, Vol. 1 costs"));
}

TEST(Gate, ABatchWithABadSentenceEscalatesWhileNothingIsShown) {
    GateMachine gate(english("How much is One Piece 1?"), with(Profile::kSentence));
    const GateAction action = gate.feed("We have it. One Piece, Vol. 1 costs 999 yen. Bye. ");
    EXPECT_EQ(action.show, "");
    EXPECT_EQ(action.verdict, Verdict::kEscalate);
}

TEST(Gate, AnEmptyAnswerEscalates) {
    for (const std::string text : {"", " \n\n "}) {
        GateMachine gate(english("Hello"), with(Profile::kDetectors));
        const Played nothing = play(gate, {text});
        EXPECT_EQ(nothing.shown, "");
        EXPECT_EQ(nothing.verdict, Verdict::kEscalate);
        EXPECT_EQ(nothing.reason, Feature::kEmpty);
    }
}

TEST(Gate, GreetingsMaySayWhatNothingMentions) {
    GateMachine gate(english("Hi"), with(Profile::kDetectors));
    const Played hello =
        play(gate, {"Good evening, dear Reader! ", "What can I find for you today?"});
    EXPECT_EQ(hello.verdict, Verdict::kGoOn);
}

TEST(Gate, ALoopIsCut) {
    GateMachine gate(english("Tell me about One Piece"), with(Profile::kOpening, 4));
    std::vector<std::string> pieces;
    for (int i = 0; i < 50; ++i)
        pieces.emplace_back("The boy hunts a treasure at sea and he hunts it. ");
    const Played loop = play(gate, pieces);
    EXPECT_EQ(loop.verdict, Verdict::kCut);
    EXPECT_EQ(loop.reason, Feature::kRepetition);
    EXPECT_LT(loop.shown.size(), 300U);
}

TEST(Gate, ATextWithoutEndIsHeldInBoundedPieces) {
    GateMachine gate(english("a"), {.profile = Profile::kSentence, .threshold = 1.1F});
    size_t shown = 0;
    size_t fed = 0;
    for (int i = 0; i < 2000; ++i) {
        fed += 10;
        shown += gate.feed("aaaaaaaaaa").show.size();
        EXPECT_LE(fed - shown, 2500U);
    }
}

TEST(Gate, BrokenTextAndNumbersDoNotMatter) {
    GateMachine gate(english("a"), with(Profile::kSentence));
    const std::vector<float> odd{-std::numeric_limits<float>::infinity(),
                                 std::numeric_limits<float>::quiet_NaN(), 5.F};
    (void)gate.feed("\xe3\x81", odd);
    (void)gate.feed(std::string("\0. \xff\n", 5), odd);
    const GateAction action = gate.finish(true);
    EXPECT_GE(action.probability, 0.F);
    EXPECT_LE(action.probability, 1.F);
}

}  // namespace
}  // namespace hayate::gate
