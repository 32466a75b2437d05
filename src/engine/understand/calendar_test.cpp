#include "engine/understand/calendar.hpp"

#include <gtest/gtest.h>

namespace hayate::understand {
namespace {

std::string days(const std::optional<Days>& found) {
    return found ? found->first + " " + found->last : "none";
}

TEST(Calendar, WeeksBeginOnMonday) {
    EXPECT_EQ(days(days_of(Cue::kThisWeek, "2026-11-24")), "2026-11-23 2026-11-29");
    EXPECT_EQ(days(days_of(Cue::kThisWeek, "2026-11-23")), "2026-11-23 2026-11-29");
    EXPECT_EQ(days(days_of(Cue::kThisWeek, "2026-11-29")), "2026-11-23 2026-11-29");
    EXPECT_EQ(days(days_of(Cue::kNextWeek, "2026-12-30")), "2027-01-04 2027-01-10");
    EXPECT_EQ(days(days_of(Cue::kLastWeek, "2027-01-01")), "2026-12-21 2026-12-27");
}

TEST(Calendar, MonthsHaveTheirLengths) {
    EXPECT_EQ(days(days_of(Cue::kThisMonth, "2024-02-10")), "2024-02-01 2024-02-29");
    EXPECT_EQ(days(days_of(Cue::kNextMonth, "2026-12-31")), "2027-01-01 2027-01-31");
    EXPECT_EQ(days(days_of(Cue::kLastMonth, "2026-01-31")), "2025-12-01 2025-12-31");
    EXPECT_EQ(days(days_of(Cue::kLastYear, "2026-01-31")), "2025-01-01 2025-12-31");
}

TEST(Calendar, AMonthWithoutAYearIsTheNearest) {
    EXPECT_EQ(days(days_of_month(10, {}, "2026-11-24")), "2026-10-01 2026-10-31");
    EXPECT_EQ(days(days_of_month(2, {}, "2026-11-24")), "2027-02-01 2027-02-28");
    EXPECT_EQ(days(days_of_month(11, {}, "2026-01-05")), "2025-11-01 2025-11-30");
    EXPECT_EQ(days(days_of_month(3, 2020, "2026-11-24")), "2020-03-01 2020-03-31");
}

TEST(Calendar, WhatIsNoDayHasNoStretches) {
    for (const char* today : {"", "today", "2026-13-01", "2026-02-30", "20261124  "}) {
        EXPECT_EQ(days(days_of(Cue::kThisWeek, today)), "none") << today;
        EXPECT_EQ(days(days_of_month(3, {}, today)), "none") << today;
        EXPECT_EQ(day_after(today, 1), today);
    }
    EXPECT_EQ(days(days_of(Cue::kNew, "2026-11-24")), "none");
    EXPECT_EQ(days(days_of_month(13, {}, "2026-11-24")), "none");
    EXPECT_EQ(day_after("2026-12-31", 1), "2027-01-01");
    EXPECT_EQ(day_after("2026-03-01", -1), "2026-02-28");
}

}  // namespace
}  // namespace hayate::understand
