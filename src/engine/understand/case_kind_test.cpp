#include "engine/understand/case_kind.hpp"

#include <array>

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

std::string_view kind(std::string_view message) {
    text::Units units;
    units.read(message);
    static constexpr std::array<std::string_view, 4> kNames{"return", "replacement", "refund",
                                                            "hand_over"};
    return kNames.at(static_cast<size_t>(case_kind_of(units)));
}

TEST(CaseKind, IsWhatTheCustomerAsksFor) {
    EXPECT_EQ(kind("The cover is torn, I want a REPLACEMENT"), "replacement");
    EXPECT_EQ(kind("can you exchange it"), "replacement");
    EXPECT_EQ(kind("give me my money back!!"), "refund");
    EXPECT_EQ(kind("I'd like to return it"), "return");
    EXPECT_EQ(kind("破れていたので交換してください"), "replacement");
    EXPECT_EQ(kind("返金をお願いします"), "refund");
    EXPECT_EQ(kind("返品したい"), "return");
    EXPECT_EQ(kind("お金を返して"), "refund");
}

TEST(CaseKind, AReturnIsOnlyTheWayToTheOthers) {
    EXPECT_EQ(kind("I want to return it and get a refund"), "refund");
    EXPECT_EQ(kind("返品して新しいものと交換できますか"), "replacement");
    EXPECT_EQ(kind("a refund, or a replacement"), "refund");
}

TEST(CaseKind, WhatIsRefusedDoesNotCount) {
    EXPECT_EQ(kind("I don't want a refund, I want a replacement"), "replacement");
    EXPECT_EQ(kind("返金ではなく交換してほしい"), "replacement");
    EXPECT_EQ(kind("交換はいらないので返金して"), "refund");
    EXPECT_EQ(kind("No! I want a refund"), "refund");
    EXPECT_EQ(kind("a refund instead of a replacement"), "refund");
}

TEST(CaseKind, AnythingElseIsForAPerson) {
    EXPECT_EQ(kind("this is the worst shop ever"), "hand_over");
    EXPECT_EQ(kind("let me talk to a human"), "hand_over");
    EXPECT_EQ(kind("責任者を出してください"), "hand_over");
    EXPECT_EQ(kind(""), "hand_over");
    EXPECT_EQ(kind("\xff\xfe"), "hand_over");
}

}  // namespace
}  // namespace hayate::understand
