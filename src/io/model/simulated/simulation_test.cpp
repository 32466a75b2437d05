#include "io/model/simulated/simulation.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/text/utf8.hpp"
#include "io/model/simulated/pseudo_answer.hpp"

namespace hayate::model {
namespace {

double median_of(std::string_view text) {
    const auto distribution = parse_distribution(text);
    EXPECT_TRUE(distribution) << text;
    Random random(1);
    std::vector<double> samples;
    for (int i = 0; i < 4001; ++i) samples.push_back(distribution->sample(random));
    EXPECT_GE(std::ranges::min(samples), 0);
    std::ranges::nth_element(samples, samples.begin() + 2000);
    return samples[2000];
}

TEST(Distribution, HasTheShapeThatItsNameSays) {
    EXPECT_EQ(median_of("200"), 200);
    EXPECT_EQ(median_of("constant:12.5"), 12.5);
    EXPECT_NEAR(median_of("uniform:100,300"), 200, 10);
    EXPECT_NEAR(median_of("normal:200,40"), 200, 5);
    EXPECT_NEAR(median_of("lognormal:200,0.4"), 200, 10);
    EXPECT_NEAR(median_of("exponential:200"), 139, 10);
    EXPECT_EQ(median_of("normal:0,0"), 0);
}

TEST(Distribution, ErrorsShowWhatWouldBeRight) {
    for (const char* wrong : {"", "fast", "-1", "1,2", "constant:", "constant:1,2", "uniform:3,1",
                              "uniform:1", "normal:1", "normal:1,x", "lognormal:1,9",
                              "exponential:1,2", "gauss:1,2", "1e999", "nan", "200ms"}) {
        const auto parsed = parse_distribution(wrong);
        ASSERT_FALSE(parsed) << wrong;
        EXPECT_EQ(parsed.error().kind, ErrorKind::kBadRequest);
        EXPECT_NE(parsed.error().external.find("expected"), std::string::npos);
    }
}

TEST(Simulation, TakesOptionsByName) {
    Simulation simulation;
    ASSERT_TRUE(set_options(
        simulation,
        "ttft=normal:200,40, rate=50,tokens=uniform:1,3,cut_after=3,drop_usage,json=false,"
        "answer=Hello there,fault_rate=0.5"));
    EXPECT_EQ(simulation.faults.cut_after, 3);
    EXPECT_TRUE(simulation.faults.drops_usage);
    EXPECT_FALSE(simulation.answers_json);
    EXPECT_EQ(simulation.answer, "Hello there");
    EXPECT_EQ(simulation.fault_rate, 0.5);
    Random random(1);
    EXPECT_EQ(simulation.gap_ms.sample(random), 20);
    ASSERT_TRUE(set_option(simulation, "tokens", ""));
    EXPECT_FALSE(simulation.tokens);
    ASSERT_TRUE(set_option(simulation, "rate", "0"));
    EXPECT_TRUE(simulation.gap_ms.is_zero());
}

TEST(Simulation, EveryListedOptionExists) {
    for (const SimulationOption& option : simulation_options()) {
        Simulation simulation;
        const Status set = set_option(simulation, option.name, "garbage");
        if (!set) {
            EXPECT_EQ(set.error().external.find("no such option"), std::string::npos)
                << option.name;
        }
    }
}

TEST(Simulation, NamesTheOptionThatIsWrong) {
    const auto text = [](std::string_view list) {
        Simulation simulation;
        const Status set = set_options(simulation, list);
        return set ? "accepted" : set.error().external;
    };
    EXPECT_EQ(text("ttft=soon"), "ttft: 'soon': expected a number from 0 up, or constant:200");
    EXPECT_EQ(text("cut_after=-1"), "cut_after: '-1': expected a number from 0 to 100000");
    EXPECT_EQ(text("status=200"), "status: '200': expected a number from 300 to 599");
    EXPECT_EQ(text("cut_aftr=1"), "cut_aftr: there is no such option; did you mean 'cut_after'?");
    EXPECT_EQ(text("hang=maybe"), "hang: expected true or false");
}

TEST(AnswerPlan, IsTheSameForTheSameSeedAndCall) {
    Simulation simulation;
    ASSERT_TRUE(set_options(simulation,
                            "ttft=lognormal:200,0.4,rate=normal:12,3,tokens=uniform:5,50,seed=7"));
    const AnswerPlan a = plan_answer(simulation, "hi", 10, 100, 3);
    const AnswerPlan b = plan_answer(simulation, "hi", 10, 100, 3);
    const AnswerPlan c = plan_answer(simulation, "hi", 10, 100, 4);
    EXPECT_EQ(a.tokens, b.tokens);
    EXPECT_EQ(a.due, b.due);
    EXPECT_NE(a.due, c.due);
    EXPECT_TRUE(std::ranges::is_sorted(a.due));
}

TEST(AnswerPlan, EndsAtTheTokenLimit) {
    Simulation simulation;
    ASSERT_TRUE(set_options(simulation, "tokens=60"));
    EXPECT_EQ(plan_answer(simulation, "hi", 10, 100, 0).tokens.size(), 60u);
    EXPECT_EQ(plan_answer(simulation, "hi", 10, 100, 0).finish, FinishReason::kStop);
    const AnswerPlan cut = plan_answer(simulation, "hi", 10, 7, 0);
    EXPECT_EQ(cut.tokens.size(), 7u);
    EXPECT_EQ(cut.finish, FinishReason::kLength);
    EXPECT_EQ(cut.usage.completion_tokens, 7);
}

TEST(AnswerPlan, FaultsStrikeTheirShareOfTheCalls) {
    Simulation simulation;
    ASSERT_TRUE(set_options(simulation, "cut_after=1,fault_rate=0.25"));
    int struck = 0;
    for (uint64_t call = 0; call < 1000; ++call) {
        struck += plan_answer(simulation, "hi", 10, 100, call).is_faulty() ? 1 : 0;
    }
    EXPECT_NEAR(struck, 250, 50);
}

constexpr std::string_view kPrompt =
    "<context>\n[Product: One Piece]\nBy Eiichiro Oda.\n\n[FAQ]\nQuestion: Do you ship?\nStore's "
    "answer: Yes.\n</context>\n\n"
    "<user_preferences>\nLanguage: English\n</user_preferences>\n\nCustomer question: Something "
    "with pirates?";

TEST(PseudoAnswer, QuotesTheQuestionAndNamesTheFirstTitle) {
    EXPECT_EQ(question_in(kPrompt), "Something with pirates?");
    const std::string answer = pseudo_answer(kPrompt);
    EXPECT_NE(answer.find("“Something with pirates?”"), std::string::npos) << answer;
    EXPECT_NE(answer.find("**One Piece**"), std::string::npos) << answer;
}

TEST(PseudoAnswer, AnswersInTheLanguageOfTheQuestion) {
    const std::string answer = pseudo_answer(
        "<context>\n[Product: 進撃の巨人]\n諫山創\n</context>\n\nCustomer question: "
        "怖い漫画はありますか?");
    EXPECT_NE(answer.find("当店"), std::string::npos) << answer;
    EXPECT_NE(answer.find("**進撃の巨人**"), std::string::npos) << answer;
}

TEST(PseudoAnswer, GivesTheFactThatAnswersAQuestion) {
    const std::string answer = pseudo_answer(
        "<context>\n[FAQ]\nQuestion: Do you ship to Osaka?\nStore's answer: Yes, within two days.\n"
        "</context>\n\nCustomer question: Osaka?");
    EXPECT_NE(answer.find("”: Yes, within two days."), std::string::npos) << answer;
}

TEST(PseudoAnswer, TakesAnyText) {
    for (const char* prompt :
         {"", " ", "<context>", "<context>\n</context>", "<context>\n[Product: ]\n",
          "<context>\n[FAQ]\n", "<context>\n[FAQ]\nq</context>", "\xff\xe3",
          "<context>\n[a\n]\nb</context>", "Customer question:"}) {
        const std::string answer = pseudo_answer(text::to_valid_utf8(prompt));
        EXPECT_FALSE(answer.empty());
    }
}

TEST(Tokens, JoinToTheTextAndHoldWholeCharacters) {
    for (const std::string_view answer :
         {"Hello there,  you.\nNew line", "進撃の巨人はAttack on Titanです。",
          "🗡️👩‍🚀 ok", ""}) {
        std::string joined;
        for (const std::string& piece : split_tokens(answer)) {
            EXPECT_FALSE(piece.empty());
            EXPECT_EQ(text::to_valid_utf8(piece), piece);
            joined += piece;
        }
        EXPECT_EQ(joined, answer);
    }
    EXPECT_EQ(split_tokens("Hello there 進撃の"),
              (std::vector<std::string>{"Hello", " there", " ", "進撃", "の"}));
    EXPECT_EQ(tokens_of_length("Hi.", 50).size(), 50u);
    EXPECT_EQ(tokens_of_length("はい。", 50).size(), 50u);
    EXPECT_EQ(tokens_of_length("one two three", 2).size(), 2u);
}

}  // namespace
}  // namespace hayate::model
