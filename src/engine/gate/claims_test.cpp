#include "engine/gate/claims.hpp"

#include <gmock/gmock.h>

#include "engine/gate/content.hpp"

namespace hayate::gate {
namespace {

std::vector<uint64_t> claims(std::string_view text, std::span<const Fact> facts = {}) {
    text::Units units;
    units.read(text);
    std::vector<uint64_t> tokens;
    append_claims(units, facts, tokens);
    make_set(tokens);
    return tokens;
}

TEST(Claims, FormsOfOneWordAreOne) {
    EXPECT_EQ(claims("delivered"), claims("delivers"));
    EXPECT_EQ(claims("publisher"), claims("published"));
    EXPECT_EQ(claims("reservation"), claims("reservations"));
    EXPECT_NE(claims("parcel"), claims("library"));
}

TEST(Claims, CourtesyGrammarAndNumbersClaimNothing) {
    EXPECT_THAT(claims("I'm sorry, please check our product page."), testing::IsEmpty());
    EXPECT_THAT(claims("It costs 528 of them."), testing::IsEmpty());
    EXPECT_THAT(claims("申し訳ございませんが、ご案内いたします。"), testing::IsEmpty());
    EXPECT_THAT(claims("12月4日です"), testing::IsEmpty());
}

TEST(Claims, JapaneseWordsCountByPairs) {
    EXPECT_THAT(claims("沖縄"), testing::SizeIs(1));
    EXPECT_THAT(claims("猫は"), testing::SizeIs(1));
    EXPECT_THAT(shared_count(claims("沖縄へ届く"), claims("沖縄宛て")), 1);
}

TEST(Claims, OtherWordsForOneThingAreOne) {
    EXPECT_EQ(claims("postage"), claims("shipping"));
    EXPECT_EQ(claims("送料"), claims("配送"));
    EXPECT_EQ(claims("a child"), claims("children"));
    EXPECT_NE(claims("postage"), claims("refund"));
}

TEST(Claims, ATopicIsOneWhateverItIsCalled) {
    const Fact topic{.kind = FactKind::kTopic, .begin = 0, .end = 1, .id = 7, .is_slight = true};
    EXPECT_THAT(claims("scary parcel", {&topic, 1}), testing::Contains(7));
    EXPECT_THAT(claims("scary parcel", {&topic, 1}), testing::SizeIs(2));
    // A courtesy stays one: "complete" is said of anything.
    EXPECT_THAT(claims("complete parcel", {&topic, 1}), testing::SizeIs(1));
}

TEST(Claims, WhatIsCheckedAsAFactIsNone) {
    const Fact day{.kind = FactKind::kDate, .begin = 0, .end = 3};
    EXPECT_THAT(claims("October 18, 2003", {&day, 1}), testing::IsEmpty());
}

TEST(Claims, NamesAreFacts) {
    const Fact name{.kind = FactKind::kTitle, .begin = 0, .end = 2};
    EXPECT_EQ(claims("Pirate Treasure parcel", {&name, 1}), claims("parcel"));
}

}  // namespace
}  // namespace hayate::gate
