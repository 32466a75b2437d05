// The classifier from examples to answers, on a small shop.

#include "engine/understand/classifier.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/understand/understander.hpp"

#ifndef HAYATE_SANITIZED  // a sanitizer has its own operator new
namespace {
// Every allocation of this thread is counted while somebody counts.
thread_local bool is_counting = false;
thread_local size_t allocations = 0;
}  // namespace

void* operator new(size_t size) {
    if (is_counting) ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace hayate::understand {
namespace {

using testing::Contains;
using testing::ElementsAre;

std::vector<Example> examples() {
    const std::vector<std::pair<std::string, std::vector<std::string>>> intents{
        {"greeting",
         {"hello", "hi there", "good morning", "hey you", "thanks a lot", "bye bye", "こんにちは",
          "おはよう", "ありがとう", "またね", "good evening", "hello again"}},
        {"order",
         {"where is my order", "track my parcel", "when will my order arrive",
          "has my order shipped", "cancel my order please", "注文はどこですか",
          "荷物はいつ届きますか", "注文をキャンセルしたい", "配送状況を教えて",
          "status of order MNG-12345", "is my parcel late", "my order number"}},
        {"search",
         {"do you have One Piece", "is One Piece in stock", "price of Naruto volume 3",
          "show me horror books", "ワンピースはありますか", "ナルト3巻の値段",
          "ホラー漫画を探しています", "在庫はありますか", "books under 1000 yen",
          "search for Naruto", "any new books", "新刊を見せて"}}};
    std::vector<Example> all;
    for (const auto& [intent, texts] : intents) {
        for (const std::string& text : texts) all.push_back({text, intent, "xx"});
    }
    return all;
}

const std::vector<std::string> kNegatives{"weather tomorrow", "solve x squared", "boil eggs",
                                          "明日の天気", "quantum physics"};

Understander make_understander(const SentenceVector& vector_of = {},
                               size_t neighbours_max = Neighbours::kExamplesMax) {
    const auto finder = std::make_shared<const EntityFinder>(
        std::vector<EntityName>{{EntityKind::kTitle, "op", "One Piece"},
                                {EntityKind::kTitle, "op", "ワンピース"},
                                {EntityKind::kTitle, "naruto", "Naruto"},
                                {EntityKind::kTitle, "bleach", "Bleach"}},
        R"(MNG-\d{5})");
    return {finder,
            train_intents(examples(), kNegatives, *finder,
                          {.neighbours_max = neighbours_max, .vector_of = vector_of}),
            {0.05F, 0.2F, 0.4F}};
}

std::string intent_of(const Understander& understander, std::string_view message) {
    Understood understood;
    understander.understand(message, 0, understood);
    return understander.label(understood.prediction.label);
}

TEST(Classifier, GeneralisesFromItsExamples) {
    const Understander understander = make_understander();
    EXPECT_EQ(intent_of(understander, "Hello!!"), "greeting");
    EXPECT_EQ(intent_of(understander, "when does my parcel arrive"), "order");
    EXPECT_EQ(intent_of(understander, "注文はいつ届く？"), "order");
    EXPECT_EQ(intent_of(understander, "do you have naruto in stock"), "search");
    // A title that no example has, and letters of another width.
    EXPECT_EQ(intent_of(understander, "ＢＬＥＡＣＨはありますか"), "search");
}

TEST(Classifier, ATitleIsLikeAnyOther) {
    const Understander understander = make_understander();
    Understood naruto;
    Understood bleach;
    understander.understand("price of Naruto volume 3", 0, naruto);
    understander.understand("price of Bleach volume 3", 0, bleach);
    EXPECT_THAT(bleach.prediction.probabilities,
                testing::ElementsAreArray(naruto.prediction.probabilities));
}

TEST(Classifier, ProbabilitiesAndSetsAreWellFormed) {
    const Understander understander = make_understander();
    Understood understood;
    for (const Example& example : examples()) {
        understander.understand(example.text, 0, understood);
        const Prediction& prediction = understood.prediction;
        float sum = 0;
        for (const float probability : prediction.probabilities) sum += probability;
        EXPECT_NEAR(sum, 1, 1e-4);
        for (const uint32_t label : prediction.set) {
            EXPECT_LE(prediction.probabilities[label], prediction.probabilities[prediction.label]);
        }
        if (!prediction.set.empty()) {
            EXPECT_EQ(prediction.set.front(), prediction.label);
        }
    }
}

TEST(Classifier, WhatResemblesNothingHasLessEnergy) {
    const Understander understander = make_understander();
    Understood understood;
    understander.understand("where is my order", 0, understood);
    const float known = understood.prediction.energy;
    EXPECT_TRUE(understood.prediction.is_in_scope);
    understander.understand("zyx qqq vvv www", 0, understood);
    EXPECT_LT(understood.prediction.energy, known);
    EXPECT_TRUE(understood.prediction.is_ambiguous());
}

TEST(Classifier, WordsThatAreSaidAboutAnythingLoseTheirSay) {
    const auto finder = std::make_shared<const EntityFinder>();
    const std::vector<std::string> negatives{"when will the rain end", "when will the train arrive",
                                             "when will lunch be ready", "when will it snow",
                                             "when will you marry"};
    const Understander naive{finder, train_intents(examples(), {}, *finder, {}), {0, 0, 0}};
    const Understander taught{finder, train_intents(examples(), negatives, *finder, {}), {0, 0, 0}};
    const auto sureness = [](const Understander& understander, std::string_view message) {
        Understood understood;
        understander.understand(message, 0, understood);
        const auto& all = understood.workspace.scores;
        const auto [low, high] = std::minmax(all[1], all[2]);  // order, search
        return high - low;
    };
    EXPECT_LT(sureness(taught, "when will it"), sureness(naive, "when will it") / 2);
    EXPECT_EQ(intent_of(taught, "when will my order arrive"), "order");
}

TEST(Classifier, AnyBytesAreClassified) {
    const Understander understander = make_understander();
    Understood understood;
    for (const std::string& message :
         {std::string(), std::string("\xff\xfe\x80"), std::string(100'000, 'a'),
          std::string(50'000, '\n'), std::string("👩‍👩‍👧"), std::string(9'000, '1')}) {
        understander.understand(message, 0, understood);
        EXPECT_LT(understood.prediction.label, 3U);
        EXPECT_TRUE(std::isfinite(understood.prediction.energy));
    }
}

TEST(Classifier, TheSameExamplesGiveTheSameWeights) {
    Understood first;
    Understood second;
    make_understander().understand("my order of books", 0, first);
    make_understander().understand("my order of books", 0, second);
    // The spans point into the two results, not into the understanders that are gone.
    EXPECT_THAT(first.workspace.probabilities,
                testing::ElementsAreArray(second.workspace.probabilities));
}

#ifndef HAYATE_SANITIZED
TEST(Classifier, UnderstandingAllocatesNothing) {
    const Understander understander = make_understander();
    std::vector<std::string> messages{
        "Is One Piece vol. 3 under 1,000 yen? It's for Zoë, café",
        "注文番号ＭＮＧ－12345のワンピースはいつ届きますか、1〜5巻です", "where is MNG-12345",
        "hi"};
    for (const Example& example : examples()) messages.push_back(example.text);
    Understood understood;
    for (const std::string& message : messages) understander.understand(message, 0, understood);
    allocations = 0;
    is_counting = true;
    for (const std::string& message : messages) understander.understand(message, 0, understood);
    is_counting = false;
    EXPECT_EQ(allocations, 0U);
    is_counting = true;
    {
        const std::vector<int> counted(5);
    }
    is_counting = false;
    EXPECT_EQ(allocations, 1U);  // or the count would prove nothing
}
#endif

/// Meaning as one number a topic: what a sentence vector is to the head.
std::vector<float> topic_vector(std::string_view text) {
    const auto has = [&](std::string_view word) {
        return text.find(word) != std::string_view::npos ? 1.0F : 0.0F;
    };
    const float order =
        std::max({has("order"), has("parcel"), has("注文"), has("荷物"), has("shipment")});
    const float search =
        std::max({has("One"), has("Naruto"), has("book"), has("ありますか"), has("tome")});
    return {order, search, 1 - std::max(order, search)};
}

TEST(SecondOpinion, KnowsWhatNoExampleSays) {
    const Understander understander = make_understander(topic_vector);
    Understood understood;
    understander.understand("shipment", 0, understood);
    EXPECT_TRUE(understood.prediction.is_ambiguous());
    understander.reconsider(topic_vector("shipment"), 0, understood);
    EXPECT_EQ(understander.label(understood.prediction.label), "order");
    understander.understand("tome", 0, understood);
    understander.reconsider(topic_vector("tome"), 0, understood);
    EXPECT_EQ(understander.label(understood.prediction.label), "search");
}

TEST(SecondOpinion, KnowsByItsNeighboursWhatIsOutOfScope) {
    // The fourth number is all that tells a message out of scope; no intent's head can heed it.
    const auto vector_of = [](std::string_view text) {
        std::vector<float> vector = topic_vector(text);
        const bool is_strange = std::ranges::count(kNegatives, text) > 0 || text == "hello quasar";
        if (is_strange) vector.assign(3, 0);
        vector.push_back(is_strange ? 1.0F : 0.0F);
        return vector;
    };
    const Understander understander = make_understander(vector_of);
    Understood understood;
    understander.understand("hello quasar", 0, understood);
    understander.reconsider(vector_of("hello quasar"), 0, understood);
    EXPECT_FALSE(understood.prediction.is_in_scope);
    understander.understand("hello you", 0, understood);
    understander.reconsider(vector_of("hello you"), 0, understood);
    EXPECT_TRUE(understood.prediction.is_in_scope);
}

TEST(SecondOpinion, DoesWithoutNeighboursWhenThereAreTooManyExamples) {
    const size_t count = examples().size() + kNegatives.size();
    const Understander enough = make_understander(topic_vector, count);
    EXPECT_EQ(enough.intents().examples, count);
    EXPECT_EQ(enough.intents().second_opinion->neighbours(), count);
    const Understander too_many = make_understander(topic_vector, count - 1);
    EXPECT_EQ(too_many.intents().examples, count);
    EXPECT_EQ(too_many.intents().second_opinion->neighbours(), 0U);
    Understood understood;
    too_many.understand("shipment", 0, understood);
    too_many.reconsider(topic_vector("shipment"), 0, understood);
    EXPECT_EQ(too_many.label(understood.prediction.label), "order");
}

TEST(SecondOpinion, IsNotGivenWithoutAHead) {
    const Understander understander = make_understander();
    Understood understood;
    understander.understand("shipment", 0, understood);
    const float before = understood.prediction.energy;
    understander.reconsider(topic_vector("shipment"), 0, understood);
    EXPECT_EQ(understood.prediction.energy, before);
}

TEST(CrossValidation, NamesTheIntentsThatAreTakenForEachOther) {
    std::vector<Example> mixed;
    // Two intents of the same words, and one of its own.
    for (const char* text : {"red apple", "green apple", "old apple", "new apple", "my apple"}) {
        mixed.push_back({text, "a", "en"});
        mixed.push_back({text, "b", "en"});
        mixed.push_back({"train to " + std::string(text, 3) + " station", "c", "en"});
    }
    const TrainedIntents trained = train_intents(mixed, {}, EntityFinder(), {});
    EXPECT_EQ(trained.cross_validation.outcomes.size(), mixed.size());
    EXPECT_LT(trained.cross_validation.accuracy(), 0.9);
    const auto confusions = trained.cross_validation.confusions();
    ASSERT_FALSE(confusions.empty());
    const auto& labels = trained.classifier->labels();
    EXPECT_NE(labels[confusions[0].truth], "c");
    EXPECT_NE(labels[confusions[0].predicted], "c");
    EXPECT_EQ(mixed[confusions[0].examples[0]].intent, labels[confusions[0].truth]);
}

}  // namespace
}  // namespace hayate::understand
