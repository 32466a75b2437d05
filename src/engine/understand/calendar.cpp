#include "engine/understand/calendar.hpp"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace hayate::understand {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

std::optional<year_month_day> parse(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() != 10) return std::nullopt;
    std::from_chars(text.data(), text.data() + 4, year);
    std::from_chars(text.data() + 5, text.data() + 7, month);
    std::from_chars(text.data() + 8, text.data() + 10, day);
    const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                              std::chrono::day(day)};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::string text_of(const year_month_day& date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Days week_of(sys_days day) {
    const auto since_monday = std::chrono::weekday(day) - std::chrono::Monday;
    const sys_days monday = day - since_monday;
    return {text_of(monday), text_of(monday + days(6))};
}

Days month_of(year_month month) {
    return {text_of(month / std::chrono::day(1)),
            text_of(sys_days((month + months(1)) / std::chrono::day(1)) - days(1))};
}

Days year_of(int year) {
    return {fmt::format("{:04}-01-01", year), fmt::format("{:04}-12-31", year)};
}

}  // namespace

std::optional<Days> days_of(Cue cue, std::string_view today) {
    const auto date = parse(today);
    if (!date) return std::nullopt;
    const sys_days day(*date);
    const year_month month = date->year() / date->month();
    const int year = static_cast<int>(date->year());
    switch (cue) {
        case Cue::kToday:
            return Days{std::string(today), std::string(today)};
        case Cue::kThisWeek:
            return week_of(day);
        case Cue::kLastWeek:
            return week_of(day - days(7));
        case Cue::kNextWeek:
            return week_of(day + days(7));
        case Cue::kThisMonth:
            return month_of(month);
        case Cue::kLastMonth:
            return month_of(month - months(1));
        case Cue::kNextMonth:
            return month_of(month + months(1));
        case Cue::kThisYear:
            return year_of(year);
        case Cue::kLastYear:
            return year_of(year - 1);
        case Cue::kNextYear:
            return year_of(year + 1);
        default:
            return std::nullopt;
    }
}

std::optional<Days> days_of_month(int month, std::optional<int> year, std::string_view today) {
    const auto date = parse(today);
    if (!date || month < 1 || month > 12) return std::nullopt;
    if (!year) {
        const int ahead = month - static_cast<int>(static_cast<unsigned>(date->month()));
        year = static_cast<int>(date->year()) + (ahead > 6 ? -1 : ahead < -5 ? 1 : 0);
    }
    return month_of(std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(month)));
}

std::string day_after(std::string_view day, int count) {
    const auto date = parse(day);
    return date ? text_of(sys_days(*date) + days(count)) : std::string(day);
}

}  // namespace hayate::understand
