#include "engine/gate/examiner.hpp"

#include <limits>

#include <gmock/gmock.h>

#include "engine/gate/gate_test_support.hpp"

namespace hayate::gate {
namespace {

using enum Feature;

Evidence evidence(const std::shared_ptr<const Grounds>& grounds,
                  const std::vector<std::string>& sentences) {
    Examiner examiner(grounds, true);
    for (const std::string& sentence : sentences) examiner.read_sentence(sentence);
    examiner.read_end(false);
    return examiner.evidence();
}

/// What one sentence of an answer has against it.
float in_english(Feature feature, const std::string& sentence,
                 std::string_view question = "Tell me about One Piece") {
    return evidence(english(question), {sentence})[feature];
}
float in_japanese(Feature feature, const std::string& sentence,
                  std::string_view question = "ワンピースについて教えて") {
    return evidence(japanese(question), {sentence})[feature];
}

TEST(Examiner, WhatTheDocumentsSayIsGrounded) {
    for (const char* sentence :
         {"One Piece, Vol. 1 costs ¥528 and was released on December 24, 1997.",
          "One Piece is by Eiichiro Oda and has been running since 1997.", "Naruto has 72 volumes.",
          "The box set with Vols. 1-23 of One Piece is 24,800 yen.",
          "Parcels arrive in 1 to 2 business days."}) {
        const Evidence found = evidence(english("Tell me about One Piece"), {sentence});
        for (const Feature feature : {kTitle, kPerson, kPrice, kDate, kVolume, kNumber, kOrder,
                                      kMismatch, kOnlyAsked, kComputed})
            EXPECT_EQ(found[feature], 0) << sentence << " " << name_of(feature);
    }
    EXPECT_EQ(in_japanese(kPrice, "『ワンピース』1巻は528円です。"), 0);
    EXPECT_EQ(in_japanese(kDate, "1997年12月24日に発売されました。"), 0);
}

TEST(Examiner, WhatTheyDoNotSayIsNot) {
    EXPECT_EQ(in_english(kTitle, "We have 20th Century Boys."), 1);
    EXPECT_EQ(in_english(kPrice, "One Piece, Vol. 1 costs 582 yen."), 1);
    EXPECT_EQ(in_english(kDate, "It was released on December 25, 1997."), 1);
    EXPECT_EQ(in_english(kNumber, "Parcels arrive within 9 days."), 1);
    EXPECT_EQ(in_english(kOrder, "Your order MNG-12345 is on its way."), 1);
    EXPECT_EQ(in_japanese(kTitle, "『葬送のフリーレン』がおすすめです。"), 1);
    EXPECT_EQ(in_japanese(kPerson, "作者は岸本斉史さんです。"), 1);
    EXPECT_EQ(in_japanese(kQuote, "『存在しない物語』という作品です。"), 1);
}

TEST(Examiner, TheCustomersOwnOrderNumberIsKnown) {
    EXPECT_EQ(in_english(kOrder, "I looked for mng-12345.", "Where is MNG-12345?"), 0);
}

TEST(Examiner, AKnownFactOfAnotherTitleIsAMismatch) {
    EXPECT_EQ(in_english(kMismatch, "Naruto, Vol. 1 costs 528 yen."), 1);
    EXPECT_EQ(in_english(kMismatch, "Naruto is by Eiichiro Oda."), 1);
    EXPECT_EQ(in_english(kMismatch, "One Piece, Vol. 1 costs 550 yen."), 1);
    // A fee is nobody's.
    EXPECT_EQ(in_english(kMismatch, "We ship Naruto for 350 yen."), 0);
}

TEST(Examiner, TheTitleOfTheSentenceBeforeCounts) {
    const auto found = evidence(english("?"), {"Naruto is finished. ", "It costs 550 yen."});
    EXPECT_EQ(found[kMismatch], 1);
}

TEST(Examiner, SumsOfPricesAreComputedAndSumsOfFeesInvented) {
    const Evidence sum = evidence(english("?"), {"Both together cost 1,012 yen."});  // 528 + 484
    EXPECT_EQ(sum[kPrice], 0);
    EXPECT_EQ(sum[kComputed], 1);
    EXPECT_EQ(in_english(kPrice, "That makes 5,350 yen."), 1);  // a fee and a limit
}

TEST(Examiner, AmountsFollowFromWhatIsNamed) {
    // 528 + 550 + 484, 45 x 528, 5,000 - 4,800, 550 - 528.
    EXPECT_EQ(in_english(kPrice, "All three come to 1,562 yen in total."), 0);
    EXPECT_EQ(in_english(kPrice, "45 × 528 yen = 23,760 yen.", "45 books at 528 yen?"), 0);
    EXPECT_EQ(in_english(kPrice, "You are 200 yen short.", "My cart is 4,800 yen, is it free?"), 0);
    EXPECT_EQ(in_english(kPrice, "Volume 2 is 22 yen dearer."), 0);
    EXPECT_EQ(in_english(kPrice, "All three come to 1,563 yen in total."), 1);
    EXPECT_EQ(in_english(kPrice, "Volume 2 is 23 yen dearer."), 1);
}

TEST(Examiner, BooksThatAreBoughtAreNoNumberOfVolumes) {
    EXPECT_EQ(in_english(kVolume, "Two books are 1,056 yen, 3 books 1,584 yen."), 0);
    EXPECT_EQ(in_english(kVolume, "Naruto has 9 volumes, at 484 yen."), 1);
    EXPECT_EQ(in_japanese(kVolume, "ワンピースは全9冊、1冊528円です。"), 1);
    EXPECT_EQ(in_english(kVolume, "One Piece has 9 volumes."), 1);
}

TEST(Examiner, WhatOnlyTheCustomerMentionedIsNotStated) {
    const char* question = "Do you have One Piece volume 99?";
    EXPECT_EQ(in_english(kOnlyAsked, "Yes, One Piece, Vol. 99 is in stock.", question), 1);
    EXPECT_EQ(in_english(kOnlyAsked, "We do not have volume 99.", question), 0);
    EXPECT_EQ(in_english(kOnlyAsked, "Do you mean volume 99?", question), 0);
}

TEST(Examiner, WhatIsNotThereMayBeNamed) {
    const auto found = evidence(english("I need One Piece volumes 1 to 39"),
                                {"We have One Piece, Vol. 1 for 528 yen. ",
                                 "I have no information about volumes 30 to 39."});
    EXPECT_EQ(found[kMismatch], 0);
    EXPECT_EQ(found[kOnlyAsked], 0);
    EXPECT_EQ(in_english(kMismatch, "We have One Piece volumes 5 to 9 in a box."), 0);
}

TEST(Examiner, AVolumeBelongsToTheTitleBeforeIt) {
    const auto found = evidence(english("?"), {"One Piece, Vol. 2 costs 550 yen. ",
                                               "Naruto costs 484 yen, and shipping 350 yen."});
    EXPECT_EQ(found[kMismatch], 0);
    EXPECT_EQ(found[kOnlyAsked], 0);
}

TEST(Examiner, ChineseWordsAreForeignInAJapaneseSentenceToo) {
    EXPECT_EQ(in_japanese(kWrongScript, "根据提供的商品信息、ワンピースの最新刊は2巻です。"), 1);
    EXPECT_EQ(in_japanese(kWrongScript, "商品の情報によると、ワンピースの最新刊は2巻です。"), 0);
}

TEST(Examiner, StockIsNotTurnedAround) {
    EXPECT_EQ(in_english(kStock, "One Piece, Vol. 1 is sold out."), 1);
    EXPECT_EQ(in_english(kStock, "One Piece, Vol. 2 is in stock."), 1);
    EXPECT_EQ(in_english(kStock, "One Piece, Vol. 1 is in stock."), 0);
    EXPECT_EQ(in_japanese(kStock, "ワンピース1巻は在庫切れです。"), 1);
}

TEST(Examiner, AnAnswerThatDeniesTheDocumentsContradicts) {
    const char* question = "Do you ship to Osaka?";
    EXPECT_EQ(in_english(kContradiction, "No, we do not ship to Osaka.", question), 1);
    EXPECT_EQ(in_english(kContradiction, "Yes, we do.", question), 0);
    EXPECT_EQ(in_japanese(kContradiction, "いいえ、返品できません。", "返品はできますか"), 1);
    EXPECT_EQ(in_japanese(kContradiction, "はい、14日以内なら返品できます。", "返品はできますか"),
              0);
}

TEST(Examiner, ADenialOfWhatADocumentAffirmsContradicts) {
    const char* question = "And what about me?";
    EXPECT_GT(in_english(kContradiction, "Unfortunately, we cannot ship to Osaka.", question), 0);
    EXPECT_EQ(in_english(kContradiction, "We cannot ship to Brazil.", question), 0);
    EXPECT_EQ(in_english(kContradiction, "Parcels do not arrive on Sundays.", question), 0);
}

TEST(Examiner, AYesNeedsADocumentThatSaysSo) {
    EXPECT_EQ(in_japanese(kContradiction, "はい、返品はできません。", "返品はできますか"), 0);
    constexpr std::string_view kReceipts =
        "[FAQ]\nQuestion: Can I get a receipt?\nStore's answer: Open My Page and press Receipt. "
        "Paper receipts are not sent.\n";
    const auto found = evidence(grounds("Do you send paper receipts?", "en", kReceipts),
                                {"Yes, we send paper receipts."});
    EXPECT_EQ(found[kContradiction], 1);
    EXPECT_EQ(found[kUnbacked], 1);
    EXPECT_EQ(in_english(kUnbacked, "Yes, we ship to Osaka.", "Do you ship to Osaka?"), 0);
    EXPECT_EQ(in_english(kUnbacked, "Yes, it is 350 yen.", "How much is postage to Osaka?"), 0);
}

TEST(Examiner, AYesToWhatIsOnlyDeniedContradicts) {
    constexpr std::string_view kOrders =
        "[FAQ]\nQuestion: Can you get a book?\nStore's answer: Tell us the title and we ask the "
        "publisher. Antiquarian books cannot be found.\n";
    const auto contradiction = [&](const char* answer) {
        return evidence(grounds("Can you order antiquarian books for me?", "en", kOrders),
                        {answer})[kContradiction];
    };
    EXPECT_GT(contradiction("Yes, we can order antiquarian books for you."), 0.5F);
    EXPECT_EQ(contradiction("No, antiquarian books cannot be found."), 0);
    EXPECT_EQ(contradiction("Tell us the title and we ask the publisher."), 0);
}

TEST(Examiner, AYesThatIsANoContradictsUnlessTheQuestionDenies) {
    constexpr std::string_view kOpened =
        "[FAQ]\n質問: 開封した本でも返品できますか？\n店の回答: 返品をお受けできません。\n";
    const auto contradiction = [&](std::string_view question) {
        return evidence(grounds(question, "ja", kOpened),
                        {"はい、返品をお受けできません。"})[kContradiction];
    };
    EXPECT_GT(contradiction("開封した本は返品できますか"), 0.5F);
    EXPECT_EQ(contradiction("開封した本は返品できないんですか"), 0);
}

TEST(Examiner, AnAnswerRestsOnTheDocumentOfItsQuestion) {
    constexpr std::string_view kTwo =
        "[FAQ]\nQuestion: My coupon fails.\nStore's answer: The birthday coupon needs 2,000 yen of "
        "books.\n\n[FAQ]\nQuestion: When is postage free?\nStore's answer: Postage is free from "
        "5,000 "
        "yen within Japan.\n";
    const auto beside = [&](const char* answer) {
        return evidence(grounds("From what sum does the birthday coupon work?", "en", kTwo),
                        {answer})[kBeside];
    };
    EXPECT_EQ(beside("The birthday coupon needs 2,000 yen."), 0);
    EXPECT_EQ(beside("Postage is free within Japan from 5,000 yen."), 1);
}

TEST(Examiner, BareFactsAreNoFragment) {
    const auto fragment = [](const std::vector<std::string>& lines) {
        return evidence(english("Which costs less?"), lines)[kFragment];
    };
    EXPECT_EQ(fragment({"Naruto, Vol. 1: 484 yen\n", "One Piece, Vol. 1: 528 yen"}), 0);
    EXPECT_EQ(fragment({"Naruto, Vol. 1: 484 yen\n", "something of the kind for you"}), 1);
}

TEST(Examiner, AnAnswerSaysSomething) {
    constexpr std::string_view kFaq =
        "[FAQ]\n質問: 荷物が届きません。\n店の回答: "
        "3営業日過ぎた場合はご連絡ください。調査を依頼します。\n";
    const auto unanswered = [&](const char* answer, bool expects) {
        const auto grounds = std::make_shared<const Grounds>(
            GroundTexts{.documents = kFaq,
                        .question = "荷物が届きません",
                        .language = "ja",
                        .expected = expects ? Expected::kAnswer : Expected::kNothing},
            shop_names());
        return evidence(grounds, {answer})[kUnanswered];
    };
    EXPECT_EQ(unanswered("ご連絡ください。", true), 1);
    EXPECT_EQ(unanswered("ご連絡ください。", false), 0);
    EXPECT_EQ(unanswered("調査を依頼します。", true), 0);
}

TEST(Examiner, ASumThatTheCustomerNamedIsNoClaim) {
    const char* question = "If I spend 6,000 yen, is postage free?";
    EXPECT_EQ(in_english(kOnlyAsked, "At 6,000 yen it is free.", question), 0);
    EXPECT_EQ(in_english(kOnlyAsked, "One Piece costs 6,000 yen.", question), 1);
}

TEST(Examiner, WhatTheCustomerLikesIsNoClaim) {
    const char* question = "I loved 20th Century Boys, what next?";
    EXPECT_EQ(in_english(kOnlyAsked, "If you liked 20th Century Boys, try Naruto.", question), 0);
    EXPECT_EQ(in_english(kOnlyAsked, "We have 20th Century Boys.", question), 1);
    const char* japanese = "葬送のフリーレンが好きです";
    EXPECT_EQ(in_japanese(kOnlyAsked, "葬送のフリーレンが好きな方にはワンピースです。", japanese),
              0);
    EXPECT_EQ(in_japanese(kOnlyAsked, "葬送のフリーレンは在庫があります。", japanese), 1);
}

TEST(Examiner, AWordThatOnlyTheCustomerUsedIsNoFact) {
    const char* question = "Do you sell Korean webtoons?";
    EXPECT_GT(in_english(kAsserted, "Yes, we sell Korean webtoons.", question), 0.6F);
    EXPECT_EQ(in_english(kAsserted, "We do not sell Korean webtoons.", question), 0);
    EXPECT_EQ(in_english(kAsserted, "Do you mean Korean webtoons?", question), 0);
    EXPECT_EQ(in_english(kAsserted, "Sorry that your Korean webtoons are late.", question), 0);
    EXPECT_EQ(in_english(kAsserted, "Yes, we ship to every address.", question), 0);
    EXPECT_GT(
        in_japanese(kAsserted, "はい、韓国の漫画も販売しています。", "韓国の漫画もありますか"),
        0.3F);
    EXPECT_EQ(in_japanese(kAsserted, "はい、ワンピースはございます。", "ワンピースはありますか"),
              0);
}

TEST(Examiner, WordsOfAnotherDocumentAreNotTheTitles) {
    EXPECT_GT(in_english(kScatter, "Naruto is about a rubber-bodied boy at sea."), 0.4F);
    EXPECT_EQ(in_english(kScatter, "One Piece is about a rubber-bodied boy at sea."), 0);
    // Of nobody in particular, or of two.
    EXPECT_EQ(in_english(kScatter, "A rubber-bodied boy hunts treasure after dispatch."), 0);
    EXPECT_EQ(in_english(kScatter, "Naruto is shonen, and One Piece an adventure at sea."), 0);
}

TEST(Examiner, NumbersOfTwoDocumentsDoNotMakeOneRule) {
    constexpr std::string_view kFees =
        "[FAQ]\nQuestion: How much is shipping?\nStore's answer: Within Japan 350 yen, or free "
        "from "
        "5,000 yen of books.\n\n"
        "[FAQ]\nQuestion: And abroad?\nStore's answer: 3,000 yen to Europe.\n";
    const auto mismatch = [&](const std::string& answer) {
        return evidence(grounds("How much is shipping?", "en", kFees), {answer})[kMismatch];
    };
    EXPECT_EQ(mismatch("It is 350 yen, and free from 5,000 yen."), 0);
    EXPECT_GT(mismatch("It is 350 yen, and free from 3,000 yen."), 0.5F);
    EXPECT_EQ(mismatch("It is 3,000 yen."), 0);
}

TEST(Examiner, AnAnswerHasWhatWasAskedFor) {
    const char* recommend = "Can you recommend something similar to Naruto?";
    EXPECT_EQ(in_english(kUnanswered, "Naruto, Vol. 1 is in stock.", recommend), 1);
    EXPECT_EQ(in_english(kUnanswered, "Try One Piece.", recommend), 0);
    EXPECT_EQ(in_english(kUnanswered, "I'm afraid I have no similar series.", recommend), 0);
    const char* price = "How much is One Piece, Vol. 1?";
    EXPECT_EQ(in_english(kUnanswered, "It is by Eiichiro Oda.", price), 1);
    EXPECT_EQ(in_english(kUnanswered, "It costs 528 yen.", price), 0);
    EXPECT_EQ(in_japanese(kUnanswered, "尾田栄一郎の作品です。", "ワンピースの発売日は？"), 1);
    EXPECT_EQ(in_japanese(kUnanswered, "1997年12月24日です。", "ワンピースの発売日は？"), 0);
}

TEST(Examiner, ABareValueIsNoFragment) {
    EXPECT_EQ(in_english(kFragment, "528 yen"), 0);
    EXPECT_EQ(in_japanese(kFragment, "送料は350円"), 0);
    EXPECT_EQ(in_english(kFragment, "shipping parcels free"), 1);
    EXPECT_EQ(in_japanese(kWrongLanguage, "528 yen, 14 in stock, released 1997"), 1);
    EXPECT_EQ(in_japanese(kWrongLanguage, "528 yen"), 0);
}

TEST(Examiner, RefusalsWeighMoreWhereTheDocumentsHelp) {
    const std::string refusal = "I'm sorry, but I do not have that information.";
    EXPECT_GT(in_english(kNeedlessRefusal, refusal, "Do you ship to Osaka?"), 0.6F);
    EXPECT_LT(in_english(kNeedlessRefusal, refusal, "What is the capital of Peru?"), 0.2F);
}

TEST(Examiner, AFewSharedWordsDoNotMakeARefusalNeedless) {
    const std::string refusal = "I'm sorry, but I have no information about that.";
    EXPECT_EQ(in_english(kNeedlessRefusal, refusal, "Do you ship to Osaka?"), 1);
    EXPECT_EQ(in_english(kNeedlessRefusal, refusal, "How much is One Piece, Vol. 1?"), 1);
    EXPECT_EQ(in_english(kNeedlessRefusal, refusal, "How many volumes of Naruto are there?"), 1);
    // Nothing of what there is may fit.
    EXPECT_LT(in_english(kNeedlessRefusal, refusal, "Can you recommend something calm?"), 0.5F);
    EXPECT_EQ(in_japanese(kNeedlessRefusal, "申し訳ありませんが、その情報はありません。",
                          "ワンピースの1巻はいくらですか"),
              1);
    EXPECT_EQ(in_english(kNeedlessRefusal, refusal, "How much is 20th Century Boys?"), 0);
    // The title is known, what is asked of it is not.
    EXPECT_EQ(in_english(kNeedlessRefusal, refusal, "Who voices the hero of One Piece?"), 0);
}

TEST(Examiner, AValueOfAnotherMatterIsFar) {
    constexpr std::string_view kRules =
        "[FAQ]\nQuestion: Does membership cost anything?\nStore's answer: Registration costs "
        "nothing and there is no annual fee. Members get a 200 yen coupon.\n\n"
        "[FAQ]\nQuestion: What is the postage?\nStore's answer: 350 yen an order, 800 yen to "
        "remote islands.\n";
    const auto far = [&](const char* sentence, const char* question) {
        return evidence(grounds(question, "en", kRules), {sentence})[kFarFact];
    };
    EXPECT_EQ(far("The annual fee is 800 yen.", "What is the annual membership fee?"), 1);
    EXPECT_EQ(far("800 yen", "What is the annual membership fee?"), 1);
    EXPECT_EQ(far("Members get a 200 yen coupon.", "What is the annual membership fee?"), 0);
    EXPECT_EQ(far("Postage to remote islands is 800 yen.", "How much is postage?"), 0);
    // Invented ones are kPrice's.
    EXPECT_EQ(far("The annual fee is 900 yen.", "What is the annual membership fee?"), 0);
    constexpr std::string_view kJapaneseRules =
        "[FAQ]\n質問: 年会費はありますか？\n店の回答: 年会費はありません。\n\n"
        "[FAQ]\n質問: 送料はいくらですか？\n店の回答: 送料は350円です。\n";
    const auto japanese_far = [&](const char* sentence, const char* question) {
        return evidence(grounds(question, "ja", kJapaneseRules), {sentence})[kFarFact];
    };
    EXPECT_EQ(japanese_far("年会費は350円です。", "年会費はいくらですか"), 1);
    EXPECT_EQ(japanese_far("送料は350円です。", "送料はいくらですか"), 0);
}

TEST(Examiner, ADocumentThatRetrievalPutLowerIsLessToRestOn) {
    constexpr std::string_view kRules =
        "[FAQ]\nQuestion: My parcel was stolen.\nStore's answer: Report the theft to the police "
        "and send us the report.\n\n"
        "[FAQ]\nQuestion: Do you insure parcels?\nStore's answer: Insurance covers glass.\n\n"
        "[FAQ]\nQuestion: What about ferries?\nStore's answer: Ferries sail on Tuesdays.\n";
    const auto rank = [&](const char* sentence, bool expects_answer) {
        const auto made = std::make_shared<const Grounds>(
            GroundTexts{.documents = kRules,
                        .question = "Somebody took my package",
                        .conversation = "Favourite drink: lemonade",
                        .language = "en",
                        .expected = expects_answer ? Expected::kAnswer : Expected::kNothing},
            shop_names());
        return evidence(made, {sentence})[kLowerRank];
    };
    EXPECT_EQ(rank("Report the theft to the police.", true), 0);
    EXPECT_EQ(rank("Insurance covers glass.", true), 0.5F);
    EXPECT_EQ(rank("Ferries sail on Tuesdays.", true), 1);
    // Of products the order says little; and what no document says is novelty's.
    EXPECT_EQ(rank("Ferries sail on Tuesdays.", false), 0);
    EXPECT_EQ(rank("Elephants dislike lemonade.", true), 0);
}

TEST(Examiner, AYesInTheCustomersOwnWordsAlone) {
    constexpr const char* kAsked = "Can you sell me a single volume out of a box set?";
    EXPECT_EQ(in_english(kRestated, "Yes, I can sell a single volume out of a box set.", kAsked),
              1);
    EXPECT_LT(
        in_english(kRestated, "We split no sets, because publishers deliver them shrink-wrapped.",
                   kAsked),
        0.5F);
    EXPECT_EQ(in_english(kRestated, "A single volume out of a box set.", "What is a box set?"), 0);
    EXPECT_EQ(in_japanese(kRestated, "はい、ポイントだけで全額支払えます。",
                          "ポイントだけで全額支払えますか"),
              1);
}

TEST(Examiner, TheModelsQualityIsKnownBeforeTheFirstWord) {
    const Examiner unknown(english("?"), true);
    EXPECT_EQ(unknown.evidence()[kModel], 0);
    const Examiner weak(english("?"), true, 0.15);
    EXPECT_NEAR(weak.evidence()[kModel], 1.735, 0.001);
}

TEST(Examiner, TheWrongLanguageAndScript) {
    EXPECT_EQ(in_japanese(kWrongLanguage, "It is available in our store."), 1);
    EXPECT_EQ(in_japanese(kWrongLanguage, "Yes、在庫があります。"), 1);
    EXPECT_EQ(in_japanese(kWrongLanguage, "One Pieceです。"), 0);
    EXPECT_EQ(in_japanese(kWrongScript, "您可以在14天内退货。"), 1);
    EXPECT_EQ(in_japanese(kWrongScript, "全巻在庫有。"), 0);
    EXPECT_EQ(in_english(kWrongLanguage, "はい、在庫がございます。"), 1);
    EXPECT_EQ(in_english(kWrongLanguage, "In Japanese it is called ワンピース."), 0);
    EXPECT_EQ(in_english(kWrongLanguage, "Да, конечно."), 1);
}

TEST(Examiner, EchoesOfTheQuestionAndOfThePrompt) {
    EXPECT_GT(in_japanese(kEcho, "返品はできますか？", "返品したい"), 0.8F);
    EXPECT_GT(in_english(kEcho, "Do you ship to Osaka?", "shipping to osaka"), 0.8F);
    EXPECT_EQ(in_english(kEcho, "Yes, we ship to Osaka.", "Do you ship to Osaka?"), 0);
    EXPECT_EQ(in_english(kLeak, "[Product: One Piece]"), 1);
    EXPECT_EQ(in_english(kLeak, "Store's answer: Yes, we do."), 1);
    EXPECT_EQ(in_english(kLeak, "Yes: we do."), 0);
}

TEST(Examiner, AFactAtTheEndOfABeginningMayStillGrow) {
    Examiner examiner(english("?"), true);
    examiner.read_beginning("One Piece, Vol. 1 costs 52");
    EXPECT_EQ(examiner.evidence()[kPrice], 0);
    EXPECT_EQ(examiner.evidence()[kNumber], 0);
    examiner.read_beginning("One Piece, Vol. 1 costs 999 yen and");
    EXPECT_EQ(examiner.evidence()[kPrice], 1);
}

TEST(Examiner, UnsureTokensCountBeyondTheUsual) {
    const auto of = [](const std::vector<float>& logprobs) {
        Examiner examiner(english("?"), true);
        examiner.add_logprobs(logprobs);
        examiner.read_sentence("Yes, we do. ");
        return examiner.evidence();
    };
    EXPECT_EQ(of(std::vector<float>(20, -0.1F))[kTokenLeast], 0);
    EXPECT_EQ(of({})[kTokenLeast], 0);
    // The five least likely of all, and a token of probability 0 among them.
    EXPECT_NEAR(of({-2.F, -0.1F, -3.F, -4.F, -0.1F, -1.F, -2.F})[kTokenLeast], 1.6, 0.001);
    EXPECT_LT(of({-std::numeric_limits<float>::infinity()})[kTokenLeast], 20);
}

TEST(Examiner, TheModelsStateCountsInTheMeanOfTheTokensSoFar) {
    Examiner examiner(english("?"), true);
    examiner.add_probe_logits(std::vector<float>{3.F, 1.F}, {});
    examiner.read_beginning("Yes, we");
    EXPECT_FLOAT_EQ(examiner.evidence()[kState], 2);
    examiner.add_probe_logits(std::vector<float>{-1.F}, {});
    examiner.read_sentence("Yes, we do. ");
    EXPECT_FLOAT_EQ(examiner.evidence()[kState], 1);
    examiner.add_probe_logits(std::vector<float>(3, -2.F), {});
    examiner.read_sentence("And more. ");
    EXPECT_EQ(examiner.evidence()[kState], 0);  // it never speaks for an answer
}

TEST(Examiner, TheStateOfDoubtfulTokensCountsMore) {
    Examiner examiner(english("?"), true);
    const std::vector<float> logprobs{0, -0.4F, -5};
    examiner.add_probe_logits(std::vector<float>{-1, 2, 3}, logprobs);
    examiner.read_sentence("Yes, we do. ");
    EXPECT_FLOAT_EQ(examiner.evidence()[kState], (-1 * 0.1F + 2 * 0.5F + 3 * 1.1F) / 1.7F);
}

TEST(Examiner, AStateThatIsNoNumberSaysLittle) {
    Examiner examiner(english("?"), true);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    examiner.add_probe_logits(
        std::vector<float>{std::numeric_limits<float>::quiet_NaN(), kInfinity},
        std::vector<float>{-kInfinity, -1});
    examiner.read_sentence("Yes, we do. ");
    EXPECT_LE(examiner.evidence()[kState], 10);
    Examiner without(english("?"), true);
    without.read_sentence("Yes, we do. ");
    EXPECT_EQ(without.evidence()[kState], 0);
}

TEST(Examiner, HostileTextsEndInTime) {
    std::string nested;
    for (int i = 0; i < 3000; ++i) nested += "『「\"";
    (void)evidence(english(nested), {nested, std::string(5000, '9'), "\xff\xfe\xe3\x81"});
    (void)evidence(grounds(std::string(100'000, 'a'), "xx", std::string(100'000, '\n')), {"a"});
    SUCCEED();
}

TEST(Examiner, NoToWhatNoDocumentNamesIsNoContradiction) {
    const auto contradiction = [](std::string_view question, std::string_view answer) {
        Examiner examiner(english(question), true);
        examiner.read_sentence(answer);
        return examiner.evidence()[Feature::kContradiction];
    };
    EXPECT_EQ(contradiction("Do you ship to Osaka?", "No, we do not."), 1);
    EXPECT_EQ(contradiction("Do you ship to Iceland?", "No, we do not ship to Iceland."), 0);
}

}  // namespace
}  // namespace hayate::gate
