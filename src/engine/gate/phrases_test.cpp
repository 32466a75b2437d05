#include "engine/gate/phrases.hpp"

#include <gtest/gtest.h>

#include "core/text/normalise.hpp"

namespace hayate::gate {
namespace {

using text::normalise;

TEST(Phrases, RefusalsInBothLanguages) {
    for (const char* text :
         {"I'm sorry, but I can't help with that.", "I’m sorry but I don’t have any information",
          "I do not have that information.", "Unfortunately, we do not know.",
          "There is no information available about it.", "I don't know.",
          "The publisher is not mentioned in the context.",
          "申し訳ございませんが、お答えできません。", "その情報はありません。", "わかりません。",
          "すみませんが、確認できませんでした。", "情報が見つかりませんでした。"})
        EXPECT_TRUE(is_refusal(normalise(text))) << text;
}

TEST(Phrases, AnApologyIsNoRefusal) {
    for (const char* text :
         {"I'm sorry to hear that. We replace it at our expense.",
          "We are sorry about this trouble, and will send a new copy.",
          "ご迷惑をおかけして申し訳ございません。新しい本をお送りします。",
          "大変失礼いたしました。正しい巻をお送りします。", "We do not ship on Sundays.",
          "返品できません。", "We cannot sell it as new."})
        EXPECT_FALSE(is_refusal(normalise(text))) << text;
}

TEST(Phrases, HedgesAndTalkAboutThePrompt) {
    EXPECT_TRUE(is_hedge(normalise("As an AI, I have no taste.")));
    EXPECT_TRUE(is_hedge(normalise("届くかもしれません。")));
    EXPECT_FALSE(is_hedge(normalise("It arrives tomorrow.")));
    EXPECT_TRUE(is_prompt_talk(normalise("Based on the context, it costs 528 yen.")));
    EXPECT_TRUE(is_prompt_talk(normalise("ユーザーの質問に対する回答です")));
    EXPECT_FALSE(is_prompt_talk(normalise("It costs 528 yen.")));
}

TEST(Phrases, TemplateMarksAndCode) {
    for (const char* text : {"<|im_start|>assistant", "<answer>はい</answer>", "Assistant: Yes.",
                             "</context>", "user: hi", "Customer question: hi"})
        EXPECT_TRUE(is_template_mark(normalise(text))) << text;
    EXPECT_FALSE(is_template_mark(normalise("Our assistant is here, 3 < 5, <3")));
    for (const char* text :
         {"```python", R"({"answer": "yes"})", "def answer(question):", "import os"})
        EXPECT_TRUE(is_code(normalise(text))) << text;
    EXPECT_FALSE(is_code(normalise("The import takes a week; we return it.")));
}

TEST(Phrases, Polarity) {
    EXPECT_EQ(opening_polarity(normalise("Yes, we do.")), Polarity::kYes);
    EXPECT_EQ(opening_polarity(normalise("はい、できます。")), Polarity::kYes);
    EXPECT_EQ(opening_polarity(normalise("No, we do not.")), Polarity::kNo);
    EXPECT_EQ(opening_polarity(normalise("いいえ、できません。")), Polarity::kNo);
    EXPECT_EQ(opening_polarity(normalise("Not only that: nobody knows.")), Polarity::kNeither);
    EXPECT_TRUE(is_negative(normalise("We don't ship there.")));
    EXPECT_TRUE(is_negative(normalise("配送しておりません。")));
    EXPECT_TRUE(is_negative(normalise("I have no information about it.")));
    EXPECT_FALSE(is_negative(normalise("大変申し訳ございません。")));
    EXPECT_FALSE(is_negative(normalise("Note the notch.")));
}

TEST(Phrases, Stock) {
    EXPECT_EQ(stock_of(normalise("1500 yen, not in stock")), Stock::kOut);
    EXPECT_EQ(stock_of(normalise("1500 yen, 18 in stock")), Stock::kIn);
    EXPECT_EQ(stock_of(normalise("ただいま在庫切れです。")), Stock::kOut);
    EXPECT_EQ(stock_of(normalise("在庫は12冊あります。")), Stock::kIn);
    EXPECT_EQ(stock_of(normalise("It is blue.")), Stock::kUnsaid);
}

TEST(Phrases, ClumsyIsNoTalkAboutThePrompt) {
    EXPECT_FALSE(is_prompt_talk("based on the information provided, we ship to osaka."));
    EXPECT_TRUE(is_prompt_talk("the context does not say."));
    EXPECT_TRUE(is_prompt_talk("based on the information provided, the customer is angry."));
    EXPECT_TRUE(is_prompt_talk("you do not sell used manga."));
}

TEST(Phrases, WhatAQuestionWants) {
    EXPECT_EQ(wanted_by("can you recommend a good manga"), Wanted::kTitle);
    EXPECT_EQ(wanted_by("something similar to berserk?"), Wanted::kOtherTitle);
    EXPECT_EQ(wanted_by("おすすめ教えて"), Wanted::kTitle);
    EXPECT_EQ(wanted_by("how much is shipping?"), Wanted::kPrice);
    EXPECT_EQ(wanted_by("送料はいくら?"), Wanted::kPrice);
    EXPECT_EQ(wanted_by("when does it come out"), Wanted::kTime);
    EXPECT_EQ(wanted_by("how many volumes are there"), Wanted::kCount);
    EXPECT_EQ(wanted_by("do you ship to osaka?"), Wanted::kAnything);
    EXPECT_EQ(wanted_by("the book was torn when it arrived"), Wanted::kAnything);
}

TEST(Phrases, WhatYesOrNoCouldAnswer) {
    EXPECT_TRUE(asks_whether("do you ship to osaka?"));
    EXPECT_TRUE(asks_whether("返品できますか"));
    EXPECT_FALSE(asks_whether("how long is a gift card valid?"));
    EXPECT_FALSE(asks_whether("送料はいくらですか"));
}

TEST(Phrases, TakingUpWhatTheCustomerSaid) {
    EXPECT_TRUE(is_taken_up("we're sorry the cover arrived bent."));
    EXPECT_TRUE(is_taken_up("届いた本が破れていた場合は、ご連絡ください。"));
    EXPECT_FALSE(is_taken_up("the cover is made of leather."));
    EXPECT_TRUE(is_own_lack("i'm afraid i don't have a similar series."));
    EXPECT_FALSE(is_own_lack("other languages are not stocked."));
    EXPECT_TRUE(is_own_lack("その作品は扱っておりません。"));
    EXPECT_FALSE(is_own_lack("天気はまだ予報されていません。"));
}

TEST(Phrases, TellWhetherMakersAreTheSame) {
    for (const char* same : {"both are by the same author", "do they share an artist?",
                             "同じ作者の作品です", "同一人物が描いています"})
        EXPECT_EQ(makers_of(same), Makers::kSame) << same;
    for (const char* different : {"they are not by the same person", "by different authors",
                                  "作者は違います", "別の作家です", "同じ作者ではありません"})
        EXPECT_EQ(makers_of(different), Makers::kDifferent) << different;
    for (const char* unsaid : {"by eiichiro oda", "the same price", "同じ巻が二冊"})
        EXPECT_EQ(makers_of(unsaid), Makers::kUnsaid) << unsaid;
}

TEST(Phrases, FindSuperlatives) {
    EXPECT_EQ(superlative_in("what is the cheapest one"), Superlative::kCheapest);
    EXPECT_EQ(superlative_in("一番安いのはどれ"), Superlative::kCheapest);
    EXPECT_EQ(superlative_in("the most expensive box"), Superlative::kDearest);
    EXPECT_EQ(superlative_in("最新刊は何巻ですか"), Superlative::kLatest);
    EXPECT_EQ(superlative_in("a cheap one"), Superlative::kNone);
}

TEST(Phrases, StockIsSaidInManyWays) {
    for (const char* in : {"it is still available", "yes, we still have it", "まだあります"})
        EXPECT_EQ(stock_of(in), Stock::kIn) << in;
    for (const char* unsaid : {"do you still sell manga", "we have a faq"})
        EXPECT_EQ(stock_of(unsaid), Stock::kUnsaid) << unsaid;
}

TEST(Phrases, WhatNoAnswerCanHaveDone) {
    for (const char* text :
         {"i have put one copy aside for you.", "i've signed you up for a notice.",
          "it's been put aside for you, so take your time if you like.",
          "refunding it to your card now.", "ご注文にラッピングを追加いたしました。",
          "入荷しましたらお知らせするよう、登録しておきました。",
          "配達員に置き場所を問い合わせました。"})
        EXPECT_TRUE(is_deed(text)) << text;
    for (const char* text :
         {"the button does not set a copy aside.", "once i have checked it, i can tell you.",
          "大変失礼いたしました。", "お待たせいたしました。",
          "返金した場合はメールでお知らせします。", "we have 14 copies in stock."})
        EXPECT_FALSE(is_deed(text)) << text;
}

}  // namespace
}  // namespace hayate::gate
