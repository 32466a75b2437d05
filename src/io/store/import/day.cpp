#include "io/store/import/day.hpp"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace hayate::store {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr unsigned kDaysMax = 36500;  // a century either way

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_number<unsigned>(text.substr(0, 4));
    const auto month = parse_number<unsigned>(text.substr(5, 2));
    const auto day = parse_number<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const year_month_day date{std::chrono::year(static_cast<int>(*year)),
                              std::chrono::month(*month), std::chrono::day(*day)};
    return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

/// "" is 0, "+12" and "-3" are themselves.
std::optional<int> parse_offset(std::string_view text) {
    if (text.empty()) return 0;
    const auto days = parse_number<unsigned>(text.substr(1));
    if (!days || *days > kDaysMax || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    return text[0] == '-' ? -static_cast<int>(*days) : static_cast<int>(*days);
}

}  // namespace

std::optional<std::string> resolve_day(std::string_view text, std::string_view today) {
    constexpr std::string_view kToday = "today";
    const bool is_relative = text.starts_with(kToday);
    const auto day = parse_day(is_relative ? today : text);
    const auto offset = is_relative ? parse_offset(text.substr(kToday.size())) : std::optional(0);
    if (!day || !offset) return std::nullopt;
    const year_month_day date(*day + std::chrono::days(*offset));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace hayate::store
