// What the gate catches of the labelled answers that nothing was tuned on; bench/gate.cpp prints
// the whole table. The floors are what it reaches, less two or three answers.

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "test/gate/labelled_answers.hpp"

namespace hayate::test {
namespace {

using gate::GateOptions;
using gate::Profile;

const std::vector<LabelledAnswer>& answers() {
    static const auto kAnswers = load_answers();
    return kAnswers;
}

template <class Wanted>
Rates rates(GateOptions options, Wanted is_wanted) {
    Rates rates;
    for (const LabelledAnswer& answer : answers()) {
        if (answer.is_for_tuning || !is_wanted(answer)) continue;
        GateOptions own = options;
        own.profile = profile_for(answer, options.profile);
        rates.add(answer, judge(answer, grounds_of(answer), own));
    }
    return rates;
}

bool is_any(const LabelledAnswer&) { return true; }

/// Questions that both local models have answered, with one context: bench/routing_local.cpp.
size_t answered_by_both() {
    std::map<std::pair<std::string, std::string>, std::set<std::string>> models;
    for (const LabelledAnswer& answer : answers()) {
        if (answer.is_real()) models[{answer.question, answer.documents}].insert(answer.model);
    }
    return static_cast<size_t>(
        std::ranges::count_if(models, [](const auto& one) { return one.second.size() == 2; }));
}

TEST(LabelledAnswers, AreEnoughAndFairlySplit) {
    std::set<std::string> tune;
    std::set<std::string> test;
    size_t real = 0;
    size_t japanese = 0;
    for (const LabelledAnswer& answer : answers()) {
        (answer.is_for_tuning ? tune : test).insert(answer.language + answer.question);
        real += answer.is_real() ? 1 : 0;
        japanese += answer.language == "ja" ? 1 : 0;
        EXPECT_EQ(answer.is_bad, !answer.reason.empty()) << answer.id;
    }
    EXPECT_GE(answers().size(), 3300U);
    EXPECT_GE(answered_by_both(), 400U);
    EXPECT_GE(real * 2, answers().size());
    EXPECT_GE(japanese * 5, answers().size() * 2);
    for (const std::string& question : test) EXPECT_FALSE(tune.contains(question)) << question;
}

// 73.1 % at 14.5 %. The goal, 85 % at 10 %, is far: README.md says by what.
TEST(LabelledAnswers, GateCatchesMostOfTheBadOnes) {
    const Rates all = rates({.profile = Profile::kSentence, .weights = shipped_weights()}, is_any);
    EXPECT_GE(all.caught_share(), 0.71);
    EXPECT_LE(all.false_share(), 0.17);
    // 9.7 % before anything was shown, which is what costs a second model's time.
    EXPECT_LE(double(all.called_bad_early) / all.good, 0.12);
}

// By words alone, written to be hard: 18.6 % at 6.7 % of all 8410. What counts here is that right
// answers in words that no detector was made with pass; before these were read, 13.6 % did not.
TEST(LabelledAnswers, GoodAnswersOfManyAuthorsPass) {
    constexpr size_t kEach = 6;  // each sixth, and five to a question; the bench judges all
    const std::vector<LabelledAnswer> written = load_author_answers();
    EXPECT_GE(written.size(), 8400U);
    Rates all;
    for (size_t i = 0; i < written.size(); i += kEach) {
        const Profile profile = profile_for(written[i], Profile::kSentence);
        all.add(written[i], judge(written[i], grounds_of(written[i]),
                                  {.profile = profile, .weights = shipped_weights()}));
    }
    EXPECT_LE(all.false_share(), 0.08);
    EXPECT_GE(all.caught_share(), 0.15);
}

// 92.9 % of the fast model's.
TEST(LabelledAnswers, GateCatchesNearlyAllOfTheFastModel) {
    const Rates fast = rates({.profile = Profile::kSentence, .weights = shipped_weights()},
                             [](const LabelledAnswer& answer) { return answer.model == "fast"; });
    EXPECT_GE(fast.caught_share(), 0.9);
}

// 59.7 % of the bad ones are never seen when 24 tokens are held.
TEST(LabelledAnswers, TheLongerIsHeldTheLessIsSeen) {
    double before = 0;
    for (const size_t tokens : {4U, 8U, 16U, 24U}) {
        const Rates held = rates(
            {.profile = Profile::kOpening, .hold_tokens = tokens, .weights = shipped_weights()},
            is_any);
        EXPECT_GE(held.early_share(), before) << tokens;
        before = held.early_share();
    }
    EXPECT_GE(before, 0.58);
}

// 85.8 % at 33.9 %.
TEST(LabelledAnswers, ThePriorWeightsServeUntilSomeAreLearned) {
    const Rates all = rates({.profile = Profile::kSentence}, is_any);
    EXPECT_GE(all.caught_share(), 0.84);
    EXPECT_LE(all.false_share(), 0.36);
}

}  // namespace
}  // namespace hayate::test
