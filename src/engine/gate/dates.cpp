#include "engine/gate/dates.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace hayate::gate {
namespace {

using text::Script;

constexpr int64_t kFirstYear = 1900;
constexpr int64_t kLastYear = 2199;

class DateScanner {
  public:
    DateScanner(const text::Units& units, std::vector<Fact>& facts)
        : units_(units), all_(units.all()), facts_(facts) {}

    void run() {
        for (size_t at = 0; at < all_.size();) {
            const size_t end = read_at(at);
            at = end > at ? end : at + 1;
        }
    }

  private:
    size_t read_at(size_t at) {
        if (const size_t end = read_numeric(at); end > 0) return end;
        if (const size_t end = read_japanese(at); end > 0) return end;
        if (const size_t end = read_month_first(at); end > 0) return end;
        return read_day_first(at);
    }

    /// The number of one unit between `low` and `high`.
    [[nodiscard]] std::optional<int64_t> number(size_t at, int64_t low, int64_t high) const {
        if (at >= all_.size() || all_[at].script != Script::kDigit || all_[at].letter_count > 4)
            return std::nullopt;
        int64_t value = 0;
        for (const char32_t c : units_.letters(all_[at])) value = value * 10 + (c - U'0');
        if (value < low || value > high) return std::nullopt;
        return value;
    }
    [[nodiscard]] std::optional<int64_t> year(size_t at) const {
        return number(at, kFirstYear, kLastYear);
    }
    [[nodiscard]] std::optional<int64_t> day(size_t at) const { return number(at, 1, 31); }
    [[nodiscard]] bool is_word(size_t at, std::string_view word) const {
        return at < all_.size() && units_.text(all_[at]) == word;
    }
    [[nodiscard]] std::string_view gap(size_t at) const {
        if (at == 0 || at >= all_.size()) return {};
        return units_.text().substr(all_[at - 1].end, all_[at].begin - all_[at - 1].end);
    }
    [[nodiscard]] bool is_joined(size_t at) const {
        return gap(at) == "-" || gap(at) == "/" || gap(at) == ".";
    }
    [[nodiscard]] std::optional<int64_t> month_word(size_t at) const {
        static constexpr std::array<std::string_view, 12> kMonths{
            "january", "february", "march",     "april",   "may",      "june",
            "july",    "august",   "september", "october", "november", "december"};
        if (at >= all_.size() || all_[at].script != Script::kLatin) return std::nullopt;
        const std::string_view word = units_.text(all_[at]);
        for (size_t i = 0; i < kMonths.size(); ++i) {
            const bool is_short = word == kMonths.at(i).substr(0, 3) || word == "sept";
            if (word == kMonths.at(i) ||
                (is_short && word.substr(0, 3) == kMonths.at(i).substr(0, 3)))
                return static_cast<int64_t>(i) + 1;
        }
        return std::nullopt;
    }
    /// Behind "4th" and the like.
    [[nodiscard]] size_t after_ordinal(size_t at) const {
        for (const std::string_view word : {"st", "nd", "rd", "th"}) {
            if (is_word(at, word) && units_.is_glued(at)) return at + 1;
        }
        return at;
    }

    size_t add(size_t begin, size_t end, int64_t year, int64_t month, int64_t day) {
        const int64_t value = year * 10000 + month * 100 + day;
        facts_.push_back({.kind = FactKind::kDate,
                          .begin = static_cast<uint32_t>(begin),
                          .end = static_cast<uint32_t>(end),
                          .low = value,
                          .high = value});
        return end;
    }

    size_t read_numeric(size_t at) {
        const auto y = year(at);
        const auto m = number(at + 1, 1, 12);
        if (!y || !m || all_[at].letter_count != 4 || !is_joined(at + 1)) return 0;
        const auto d = day(at + 2);
        if (d && is_joined(at + 2)) return add(at, at + 3, *y, *m, *d);
        return add(at, at + 2, *y, *m, 0);
    }
    size_t read_japanese(size_t at) {
        const auto y = is_word(at + 1, "年") ? year(at) : std::nullopt;
        const size_t month_at = y ? at + 2 : at;
        const auto m = is_word(month_at + 1, "月") ? number(month_at, 1, 12) : std::nullopt;
        if (!m) return 0;
        const auto d = is_word(month_at + 3, "日") ? day(month_at + 2) : std::nullopt;
        if (!y && !d) return 0;
        return add(at, month_at + (d ? 4 : 2), y.value_or(0), *m, d.value_or(0));
    }
    size_t read_month_first(size_t at) {
        const auto m = month_word(at);
        if (!m) return 0;
        if (const auto y = year(at + 1)) return add(at, at + 2, *y, *m, 0);
        const auto d = day(at + 1);
        if (!d) return 0;
        const size_t end = after_ordinal(at + 2);
        if (const auto y = year(end)) return add(at, end + 1, *y, *m, *d);
        return add(at, end, 0, *m, *d);
    }
    size_t read_day_first(size_t at) {
        const auto d = day(at);
        if (!d) return 0;
        size_t month_at = after_ordinal(at + 1);
        if (is_word(month_at, "of")) ++month_at;
        const auto m = month_word(month_at);
        if (!m) return 0;
        if (const auto y = year(month_at + 1)) return add(at, month_at + 2, *y, *m, *d);
        return add(at, month_at + 1, 0, *m, *d);
    }

    const text::Units& units_;
    std::span<const text::Unit> all_;
    std::vector<Fact>& facts_;
};

}  // namespace

void find_dates(const text::Units& units, std::vector<Fact>& facts) {
    DateScanner(units, facts).run();
}

}  // namespace hayate::gate
